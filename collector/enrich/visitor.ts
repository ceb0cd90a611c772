/** Which visitor an event belongs to: 64 bits of a hash, in decimal text (JSON would round a number). */
import { hash } from 'node:crypto';
import type { Salts as AllSalts } from '../salts.ts';
import { dayOf } from '../salts.ts';
import type { Visits } from './visits.ts';

type Salts = Pick<AllSalts, 'of' | 'ofImported'>;

/** What a visitor can be told by, from the strongest to the weakest. */
export type VisitorKey =
  | { by: 'device'; site: string; anonymousId: string }
  | { by: 'user'; site: string; userId: string }
  | { by: 'address'; site: string; address: string; userAgent: string; isImported: boolean; hashed?: Hashed };

/** The last hash made with a key: all events of a batch mostly share it. */
type Hashed = { salt: string; visitorId: string };

/**
 * A lasting id makes a lasting visitor. An address and a user agent make one for the UTC day of the event; a session
 * that goes on over midnight keeps the visitor it began with.
 */
export function toVisitorId(
  key: VisitorKey,
  time: number,
  today: number,
  salts: Salts,
  visits: Visits,
): string {
  if (key.by === 'device') return shorten(`${key.site}\nanonymous\n${key.anonymousId}`);
  if (key.by === 'user') return shorten(`${key.site}\nuser\n${key.userId}`);
  const day = Math.min(dayOf(time), today);
  const visitorId = hashWith(saltOf(key.isImported, day, today, salts), key);
  if (visits.isOngoing(visitorId, time)) return visitorId;
  const earlierSalt = key.isImported ? salts.ofImported(day - 1) : salts.of(day - 1);
  if (earlierSalt === undefined) return visitorId;
  const earlierId = hashWith(earlierSalt, key);
  return visits.isOngoing(earlierId, time) ? earlierId : visitorId;
}

/** An event so late that its day's salt is gone counts for the visitor of today. */
function saltOf(isImported: boolean, day: number, today: number, salts: Salts): string {
  if (isImported) return salts.ofImported(day);
  const salt = salts.of(day) ?? salts.of(today);
  if (salt === undefined) throw new Error(`No salt for the day ${today}: the clock has jumped by days`);
  return salt;
}

function hashWith(salt: string, key: Extract<VisitorKey, { by: 'address' }>): string {
  if (key.hashed?.salt === salt) return key.hashed.visitorId;
  const visitorId = shorten(`${salt}\n${key.site}\n${key.address}\n${key.userAgent}`);
  key.hashed ??= { salt, visitorId };
  return visitorId;
}

function shorten(text: string): string {
  return BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`).toString();
}
