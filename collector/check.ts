/**
 * The checks a field can be put to. Each answers undefined if the value passes, else what was expected; nothing is
 * allocated for a good value, for this runs for every field of every event.
 */
import { LIMITS } from './protocol.ts';
import { describe } from './refusal.ts';

/** What is wrong with a value. `within` names the part of it that is (`properties.color`), if not the whole. */
export type Wrong = { expected: string; found: string; within?: string };
export type Check = (value: unknown) => Wrong | undefined;

export function wrong(expected: string, value: unknown, within?: string): Wrong {
  const found = describe(value);
  return within === undefined ? { expected, found } : { expected, found, within };
}

function tooLong({ length }: string, most: number): Wrong {
  return { expected: `at most ${most} characters`, found: `${length} characters` };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

/** A text of at most `maxLength` UTF-16 units, empty or not. */
export function text(maxLength: number): Check {
  return (value) => {
    if (typeof value !== 'string') return wrong('a text', value);
    return value.length <= maxLength ? undefined : tooLong(value, maxLength);
  };
}

/** A text that says something: not empty. */
export function name(maxLength: number): Check {
  return (value) => {
    if (typeof value !== 'string' || value === '') return wrong('a text that is not empty', value);
    return value.length <= maxLength ? undefined : tooLong(value, maxLength);
  };
}

export function numberBetween(least: number, most: number): Check {
  return (value) => {
    const fits = typeof value === 'number' && value >= least && value <= most;
    return fits ? undefined : wrong(`a number from ${least} to ${most}`, value);
  };
}

export function oneOf(words: readonly string[]): Check {
  return (value) => {
    const fits = typeof value === 'string' && words.includes(value);
    return fits ? undefined : wrong(`one of ${words.join(', ')}`, value);
  };
}

export const flag: Check = (value) =>
  typeof value === 'boolean' ? undefined : wrong('true or false', value);

/** Up to the year 2100: later, or negative, is no time at which a page was seen. */
export const time: Check = (value) => {
  const fits = typeof value === 'number' && value >= 0 && value < 4_102_444_800_000;
  return fits ? undefined : wrong('milliseconds since the epoch', value);
};

export const pageUrl: Check = (value) => {
  if (typeof value !== 'string') return wrong('an absolute http or https URL', value);
  if (value.length > LIMITS.urlLength) return tooLong(value, LIMITS.urlLength);
  return /^https?:\/\/[^/?#]/i.test(value) ? undefined : wrong('an absolute http or https URL', value);
};

/** A flat bag: texts, finite numbers, booleans. */
export const properties: Check = (value) => {
  if (!isRecord(value)) return wrong('an object of texts, numbers and booleans', value);
  let count = 0;
  for (const key in value) {
    count += 1;
    if (key === '' || key.length > LIMITS.propertyNameLength) {
      return wrong(`names of 1 to ${LIMITS.propertyNameLength} characters`, key);
    }
    const fault = propertyValue(value[key]);
    if (fault !== undefined) return { ...fault, within: key };
  }
  if (count <= LIMITS.properties) return undefined;
  return { expected: `at most ${LIMITS.properties} properties`, found: `${count} properties` };
};

const propertyText = text(LIMITS.propertyTextLength);

const propertyValue: Check = (value) => {
  if (typeof value === 'string') return propertyText(value);
  if (typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  return wrong('a text, a finite number or a boolean', value);
};

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
// Decimal(18, 4) in the table: 14 digits before the point.
const amount = numberBetween(-1e13, 1e13);

export const revenue: Check = (value) => {
  if (!isRecord(value)) return wrong('an object with amount and currency', value);
  const fault = amount(value.amount);
  if (fault !== undefined) return { ...fault, within: 'amount' };
  const { currency } = value;
  if (typeof currency === 'string' && CURRENCIES.has(currency)) return undefined;
  return wrong('an ISO 4217 currency in capital letters, like EUR', currency, 'currency');
};

/** Length of a value written as JSON; Infinity for what is nested too deeply to be written. */
export function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    // JSON.stringify recurses; JSON.parse does not.
    return Number.POSITIVE_INFINITY;
  }
}
