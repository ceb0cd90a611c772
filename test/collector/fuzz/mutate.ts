/** Valid bodies with one thing wrong, as JSON text: places to go wrong, and what to write there. */
import type { Json } from './doors.ts';

export type Place = readonly (string | number)[];

/** What is written at a place instead of its value; `again` writes both, the key twice. */
export type Fault = { place: Place; token: string; how: 'replace' | 'again' | 'add' | 'leave out' };

/** Every place of a value, its own first. */
export function placesOf(value: Json, from: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [from];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [from, ...inner.flatMap(([key, each]) => placesOf(each, [...from, key]))];
}

export function writeWith(value: Json, fault: Fault, at: Place = []): string {
  const isHere = at.length === fault.place.length && at.every((key, depth) => key === fault.place[depth]);
  if (isHere && fault.how === 'replace') return fault.token;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const entries: [string | number, Json][] = isList ? [...value.entries()] : Object.entries(value);
  const parts = entries.flatMap(([key, inner]) => {
    const place = [...at, key];
    const name = isList ? '' : `${JSON.stringify(key)}:`;
    const whole = `${name}${writeWith(inner, fault, place)}`;
    const isFaulty =
      place.length === fault.place.length && place.every((step, depth) => step === fault.place[depth]);
    if (isFaulty && fault.how === 'leave out') return [];
    return isFaulty && fault.how === 'again' ? [whole, `${name}${fault.token}`] : [whole];
  });
  if (isHere && fault.how === 'add') parts.push(isList ? fault.token : `"__proto__":${fault.token}`);
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}
