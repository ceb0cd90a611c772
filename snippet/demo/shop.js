// The demo shop's own script: a cart in sessionStorage, a checkout that navigates with pushState, and the three calls
// to Footfall that a shop owner would write. The shop works without the tracker: `?.` everywhere.
const CART = 'gangway-cart';
const ORDER = 'gangway-order';
const byId = (id) => document.getElementById(id);
const readCart = () => JSON.parse(sessionStorage.getItem(CART) ?? '[]');
const total = (cart) => Math.round(cart.reduce((sum, item) => sum + item.price, 0) * 100) / 100;

async function findProduct(id) {
  const answer = await fetch('/demo/catalogue.json');
  return (await answer.json()).find((product) => product.id === id);
}

function showCount() {
  const count = readCart().length;
  byId('cart-count').textContent = count ? `(${count})` : '';
}

async function addToCart(id) {
  const product = await findProduct(id);
  sessionStorage.setItem(CART, JSON.stringify([...readCart(), product]));
  window.footfall?.track('Add to cart', {
    product: product.name,
    category: product.category,
    price: product.price,
  });
  byId('added').textContent = `${product.name} is in your cart.`;
  showCount();
}

function showCart() {
  const cart = readCart();
  const list = document.createElement('ul');
  for (const item of cart) {
    const line = list.appendChild(document.createElement('li'));
    line.textContent = `${item.name}, € ${item.price.toFixed(2)}`;
  }
  const sum = document.createElement('p');
  sum.textContent = cart.length ? `Together € ${total(cart).toFixed(2)}` : 'Nothing in it yet.';
  byId('cart').replaceChildren(list, sum);
  byId('to-checkout').hidden = cart.length === 0;
}

const STEPS = [
  { path: '/demo/checkout', title: 'Where to?', fields: ['Name', 'Street', 'Town'], next: 'To delivery' },
  { path: '/demo/checkout/delivery', title: 'How?', fields: ['Parcel or bicycle'], next: 'To payment' },
  { path: '/demo/checkout/payment', title: 'Pay with good will', fields: [], next: 'Place order' },
];

function currentStep() {
  return Math.max(
    0,
    STEPS.findIndex(({ path }) => path === location.pathname),
  );
}

function showStep(focus) {
  const number = currentStep();
  const step = STEPS[number];
  byId('step-title').textContent = step.title;
  byId('next').textContent = step.next;
  const fields = step.fields.map((label) => {
    const field = document.createElement('label');
    field.textContent = label;
    field.append(document.createElement('input'));
    return field;
  });
  byId('step-fields').replaceChildren(...fields);
  [...byId('steps').children].forEach((item, index) => {
    item.toggleAttribute('aria-current', index === number);
  });
  document.title = `Checkout: ${step.title}`;
  if (focus) byId('step-title').focus();
}

function goOn(event) {
  event.preventDefault();
  const next = STEPS[currentStep() + 1];
  if (next) {
    history.pushState(null, '', next.path);
    showStep(true);
    return;
  }
  const cart = readCart();
  sessionStorage.setItem(
    ORDER,
    JSON.stringify({ id: `order-${Date.now()}`, amount: total(cart), items: cart.length }),
  );
  sessionStorage.removeItem(CART);
  location.assign('/demo/thank-you');
}

function thank() {
  const order = JSON.parse(sessionStorage.getItem(ORDER) ?? 'null');
  if (!order) return;
  byId('receipt').textContent =
    `Order ${order.id} over € ${order.amount.toFixed(2)} is on its way, in spirit.`;
  window.footfall?.track(
    'Purchase',
    { items: order.items },
    { revenue: { amount: order.amount, currency: 'EUR' }, orderId: order.id },
  );
}

showCount();
byId('add')?.addEventListener('click', ({ currentTarget }) => addToCart(currentTarget.dataset.id));
if (byId('cart')) showCart();
if (byId('checkout')) {
  showStep(false);
  byId('checkout').addEventListener('submit', goOn);
  addEventListener('popstate', () => showStep(true));
}
if (byId('receipt')) thank();
