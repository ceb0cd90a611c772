export type Placed<Item> = { item: Item; place: number; key: string };

/**
 * Items of a list that is edited, each with its place as its key: an item's text changes while one types, and a key
 * made of it would take the field, and the focus, away.
 */
export function placed<Item>(items: readonly Item[]): Placed<Item>[] {
  return items.map((item, place) => ({ item, place, key: `place ${place}` }));
}
