/**
 * A deed as one word of 64 bits: when, and which name, as the funnel's machine takes it (funnel/machine/words.ts). Of the
 * name 22 bits of its CRC-32: whoever asks for names must know that no other name of the days bears the same.
 */
import { crc32 } from 'node:zlib';
import { bind, type Sql, sql } from '../../sql.ts';

const NAME_BITS = 22;
const NAME_MASK = 2 ** NAME_BITS - 1;

export function codeOfName(name: string): number {
  return crc32(name) & NAME_MASK;
}

export function codeOfNameSql(name: Sql): Sql {
  return sql`bitAnd(CRC32(${name}), ${bind('name_mask', 'UInt32', NAME_MASK)})`;
}

/** `at`: ms since 1970; `code`: of the name. */
export function deedWord(at: Sql, code: Sql): Sql {
  return sql`bitOr(bitShiftLeft(toUInt64(${at}), ${bind('name_bits', 'UInt8', NAME_BITS)}), ${code})`;
}

/** Ms since 1970, Int64. */
export function timeOfWord(word: Sql): Sql {
  return sql`toInt64(bitShiftRight(${word}, ${bind('name_bits', 'UInt8', NAME_BITS)}))`;
}

/** Of a list of (word, currency, ten-thousandths of it): three words a sale, as machine/tally.ts adds them up. */
export function saleWords(list: Sql): Sql {
  return sql`arrayFlatten(arrayMap(sale -> [sale.1, reinterpretAsUInt64(sale.2), reinterpretAsUInt64(sale.3)], ${list}))`;
}
