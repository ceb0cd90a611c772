/** What the demo shop sells. Prices in euros. */
export type Product = {
  id: string;
  name: string;
  category: string;
  price: number;
  tint: string;
  blurb: string;
};

export const CATEGORIES = [
  { id: 'shoes', name: 'Shoes' },
  { id: 'bags', name: 'Bags' },
  { id: 'outdoor', name: 'Outdoor' },
] as const;

export const PRODUCTS: readonly Product[] = [
  {
    id: 'trail-runner',
    name: 'Trail runner',
    category: 'shoes',
    price: 89.9,
    tint: '#d97757',
    blurb: 'Grips wet rock, forgives tired feet.',
  },
  {
    id: 'city-sneaker',
    name: 'City sneaker',
    category: 'shoes',
    price: 64.5,
    tint: '#5b8def',
    blurb: 'From the tram to the table.',
  },
  {
    id: 'wool-slipper',
    name: 'Wool slipper',
    category: 'shoes',
    price: 39,
    tint: '#8a7a66',
    blurb: 'For floors that remember winter.',
  },
  {
    id: 'day-pack',
    name: 'Day pack 18 l',
    category: 'bags',
    price: 54.9,
    tint: '#3f9c7a',
    blurb: 'Holds a laptop, a loaf and a jumper.',
  },
  {
    id: 'messenger',
    name: 'Messenger',
    category: 'bags',
    price: 72,
    tint: '#b5577f',
    blurb: 'One strap, no fuss.',
  },
  {
    id: 'rain-shell',
    name: 'Rain shell',
    category: 'outdoor',
    price: 129,
    tint: '#4a6fa5',
    blurb: 'Stays dry at 20,000 mm.',
  },
  {
    id: 'camp-mug',
    name: 'Camp mug',
    category: 'outdoor',
    price: 14.5,
    tint: '#c2903d',
    blurb: 'Enamel, and yours for life.',
  },
];

export function findProduct(id: string): Product | undefined {
  return PRODUCTS.find((product) => product.id === id);
}
