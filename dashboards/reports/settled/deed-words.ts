/**
 * A deed as one number: when, and which name, as the funnel's machine takes it (funnel/machine/words.ts). Of a settled day
 * 32 bits are enough, if its name is one of the day's most frequent. Else 64 bits, of the name 22 of its CRC-32: whoever
 * asks for names must know that no other name of the days bears the same.
 */
import { crc32 } from 'node:zlib';
import { bind, type Sql, sql } from '../../sql.ts';

const NAME_BITS = 22;
const NAME_MASK = 2 ** NAME_BITS - 1;
const PLACE_BITS = 5;
/** 0 is no name's place. */
export const PLACES = 2 ** PLACE_BITS;

export function codeOfName(name: string): number {
  return crc32(name) & NAME_MASK;
}

export function codeOfNameSql(name: Sql): Sql {
  return sql`bitAnd(CRC32(${name}), ${bind('name_mask', 'UInt32', NAME_MASK)})`;
}

/** The long word. `at`: ms since 1970; `code`: of the name. */
export function longWord(at: Sql, code: Sql): Sql {
  return sql`bitOr(bitShiftLeft(toUInt64(${at}), ${bind('name_bits', 'UInt8', NAME_BITS)}), ${code})`;
}

/** Ms since 1970, Int64. */
export function timeOfLongWord(word: Sql): Sql {
  return sql`toInt64(bitShiftRight(${word}, ${bind('name_bits', 'UInt8', NAME_BITS)}))`;
}

/** `after`: ms since the day began, which lasts 25 hours at most; `place`: of the name, from 1. */
export function dayWord(after: Sql, place: Sql): Sql {
  return sql`toUInt32(${after} * ${bind('places', 'UInt32', PLACES)} + ${place})`;
}

/** Ms since the day began, UInt32. */
export function timeOfDayWord(word: Sql): Sql {
  return sql`bitShiftRight(${word}, ${bind('place_bits', 'UInt8', PLACE_BITS)})`;
}

/** Of a list of (long word, currency, ten-thousandths of it): three words a sale, as machine/tally.ts adds them up. */
export function saleWords(list: Sql): Sql {
  return sql`arrayFlatten(arrayMap(sale -> [sale.1, reinterpretAsUInt64(sale.2), reinterpretAsUInt64(sale.3)], ${list}))`;
}
