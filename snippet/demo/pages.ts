/** The demo shop's pages as HTML. Plain documents, so that each click is a real page load but for the checkout. */
import { CATEGORIES, PRODUCTS, type Product } from './catalogue.ts';

export type ShopFrame = { tag: string; dashboardUrl: string };

export function homePage(frame: ShopFrame): string {
  const categories = CATEGORIES.map(
    ({ id, name }) => `<li><a class="tile" href="/demo/category/${id}">${name}</a></li>`,
  ).join('');
  return page(
    frame,
    'Gangway, a demo shop',
    `<section class="hero"><h1>Goods for going places</h1>
      <p>This shop sells nothing. Walk through it: every page, click and order shows up in your dashboard.</p>
      <a class="button" href="/demo/category/shoes">Look at shoes</a></section>
    <h2>Departments</h2><ul class="tiles">${categories}</ul>
    <h2>Liked this week</h2>${productList(PRODUCTS.slice(0, 4))}`,
  );
}

export function categoryPage(frame: ShopFrame, category: { id: string; name: string }): string {
  const products = PRODUCTS.filter((product) => product.category === category.id);
  return page(frame, category.name, `<h1>${category.name}</h1>${productList(products)}`);
}

export function productPage(frame: ShopFrame, product: Product): string {
  return page(
    frame,
    product.name,
    `<article class="product">
      <svg viewBox="0 0 200 150" role="img" aria-label="${product.name}">${picture(product)}</svg>
      <div><h1>${product.name}</h1><p>${product.blurb}</p><p class="price">${euros(product.price)}</p>
      <button class="button" id="add" data-id="${product.id}">Add to cart</button>
      <p id="added" role="status"></p></div></article>
    <h2>Goes well with</h2>${productList(PRODUCTS.filter(({ id }) => id !== product.id).slice(0, 3))}`,
  );
}

export function cartPage(frame: ShopFrame): string {
  return page(
    frame,
    'Your cart',
    `<h1>Your cart</h1><div id="cart"></div>
    <p><a class="button" id="to-checkout" href="/demo/checkout" hidden>Check out</a></p>`,
  );
}

/** One document for /demo/checkout and the steps below it: shop.js swaps them with pushState. */
export function checkoutPage(frame: ShopFrame): string {
  return page(
    frame,
    'Checkout',
    `<ol class="steps" id="steps"><li>Address</li><li>Delivery</li><li>Payment</li></ol>
    <form id="checkout" novalidate><h1 id="step-title" tabindex="-1"></h1><div id="step-fields"></div>
    <button class="button" id="next">Next</button></form>`,
  );
}

export function thankYouPage(frame: ShopFrame): string {
  return page(
    frame,
    'Thank you',
    `<h1>Thank you!</h1><p id="receipt">Your order is on its way, in spirit.</p>
    <p>Reload this page if you like: an order counts once.</p>
    <p><a class="button" href="${frame.dashboardUrl}">See it in the dashboard</a></p>`,
  );
}

export function notFoundPage(frame: ShopFrame): string {
  return page(
    frame,
    'Not found',
    '<h1>There is no such page</h1><p><a href="/demo/">Back to the shop</a></p>',
  );
}

function page(frame: ShopFrame, title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo/shop.css">
${frame.tag}
<script defer src="/demo/shop.js"></script>
</head>
<body>
<header><a class="brand" href="/demo/">Gangway</a>
<nav>${CATEGORIES.map(({ id, name }) => `<a href="/demo/category/${id}">${name}</a>`).join('')}
<a href="/demo/cart">Cart <span id="cart-count"></span></a></nav></header>
<main>${main}</main>
<footer>A demo shop, part of Footfall. <a href="${frame.dashboardUrl}">Dashboard</a></footer>
</body>
</html>
`;
}

function productList(products: readonly Product[]): string {
  const items = products.map(
    (product) => `<li><a class="card" href="/demo/product/${product.id}">
      <svg viewBox="0 0 200 150" aria-hidden="true">${picture(product)}</svg>
      <span>${product.name}</span><span class="price">${euros(product.price)}</span></a></li>`,
  );
  return `<ul class="cards">${items.join('')}</ul>`;
}

/** A drawing instead of a photograph: no request, no licence. */
function picture({ tint, category }: Product): string {
  const shape =
    category === 'shoes'
      ? '<path d="M40 95c20-4 30-18 38-34l30 6c8 16 24 24 48 28 6 1 8 10 4 16H40z"/>'
      : category === 'bags'
        ? '<path d="M60 60h80l8 56H52z"/><path d="M78 60c0-26 44-26 44 0" fill="none" stroke="#fff" stroke-width="6"/>'
        : '<path d="M100 34l52 82H48z"/><path d="M100 34v82" stroke="#0002" stroke-width="4"/>';
  return `<rect width="200" height="150" fill="${tint}" opacity=".18"/><g fill="${tint}">${shape}</g>`;
}

function euros(amount: number): string {
  return `€ ${amount.toFixed(2)}`;
}
