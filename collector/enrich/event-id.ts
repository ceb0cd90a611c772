/**
 * The table's event id, made from the sender's id alone, so that a retry gets the same one whatever else has changed:
 * 48 bits of time if the id begins with one, then 80 bits of SHA-256. Ids near in time then lie near each other in the
 * table that knows them, which is why a lookup of recent ids stays cheap.
 */
import { hash } from 'node:crypto';
import { toOwnText } from './own-text.ts';

// Eight digits of base 36 reach from 1972 to 2059. A random hexadecimal id never decodes to later than 2008.
const EARLIEST = Date.UTC(2020, 0);
const SNIPPET_TIME_DIGITS = 8;
const SNIPPET_ID = /^[0-9a-z]{19,}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ULID_LENGTH = 26;
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

export const NO_EVENT_ID = '00000000-0000-0000-0000-000000000000';

/** A UUID in text. Its last 80 bits tell ids apart; the first 48 only say where to look. */
export function toEventId(id: string): string {
  const time = timePrefix(id);
  const digest = hash('sha256', id, 'hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-${digest.slice(0, 4)}-${digest.slice(4, 8)}-${digest.slice(8, 20)}`;
}

/** What the snippet's ids of one millisecond begin with, and its prefix: many ids come from the same one. */
const latest = { digits: '', prefix: '' };

function timePrefix(id: string): string {
  if (id.length === ULID_LENGTH || !SNIPPET_ID.test(id)) return toPrefix(decodeTime(id));
  const digits = id.slice(0, SNIPPET_TIME_DIGITS);
  if (digits !== latest.digits) {
    latest.digits = toOwnText(digits);
    latest.prefix = toPrefix(Number.parseInt(digits, 36));
  }
  return latest.prefix;
}

function toPrefix(time: number): string {
  if (time < EARLIEST) return '000000000000';
  // From 2004 on such a time has eleven hexadecimal digits, until the year 2527.
  return time < 2 ** 44 ? `0${time.toString(16)}` : time.toString(16);
}

function decodeTime(id: string): number {
  if (id.length === ULID_LENGTH && ULID.test(id)) return decodeCrockford(id.slice(0, 10).toLowerCase());
  if (id.length === 36 && UUID_V7.test(id)) return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return SNIPPET_ID.test(id) ? Number.parseInt(id.slice(0, SNIPPET_TIME_DIGITS), 36) : 0;
}

function decodeCrockford(digits: string): number {
  let value = 0;
  for (const digit of digits) value = value * 32 + CROCKFORD.indexOf(digit);
  return value;
}
