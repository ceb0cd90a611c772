/** Makes the flat bag of our wire out of the nested ones of the Segment spec: `address.city`, lists as JSON. */
import { isRecord } from '../check.ts';
import { cutText } from '../enrich/cut-text.ts';
import type { Properties } from '../protocol.ts';
import { LIMITS } from '../protocol.ts';

const MAX_DEPTH = 4;

/** At most as many properties, and as long ones, as the wire allows; what is beyond is cut. Never throws. */
export function flatten(nested: Record<string, unknown>): Properties {
  // Without a prototype, so that a property named __proto__ is a property.
  const flat: Properties = Object.create(null);
  let count = 0;
  const add = (prefix: string, value: unknown, depth: number) => {
    if (count >= LIMITS.properties || prefix === '' || prefix.length > LIMITS.propertyNameLength) return;
    if (isRecord(value) && depth < MAX_DEPTH) {
      for (const name of Object.keys(value)) add(`${prefix}.${name}`, value[name], depth + 1);
      return;
    }
    const leaf = toLeaf(value);
    if (leaf === undefined) return;
    flat[prefix] = leaf;
    count += 1;
  };
  for (const name of Object.keys(nested)) add(name, nested[name], 0);
  return flat;
}

function toLeaf(value: unknown): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string') return cutText(value, LIMITS.propertyTextLength);
  try {
    return cutText(JSON.stringify(value), LIMITS.propertyTextLength);
  } catch {
    // Nested so deeply that it cannot be written: no report could read it either.
    return undefined;
  }
}
