/**
 * ClickHouse's `Buffers` format, all of it in words of 64 bits: the number of columns, that of rows, then each column's
 * bytes and the column as it lies in the engine's memory. That of an array: where each row ends, then the values.
 */

/** A column of arrays. */
export class Arrays {
  constructor(
    /** Where its rows end. */
    public ends: usize,
    public values: usize,
  ) {}

  /** The first value of a row. */
  start(row: i32): i32 {
    return row === 0 ? 0 : this.end(row - 1);
  }

  end(row: i32): i32 {
    return load<u64>(this.ends + ((row as usize) << 3)) as i32;
  }

  at(value: i32): usize {
    return this.values + ((value as usize) << 3);
  }
}

/** The column of a block that comes after `before` others. */
export function readArrays(block: usize, before: i32, arrays: Arrays): void {
  const rows = load<u64>(block, 8) as usize;
  let column = block + 16;
  for (let index = 0; index < before; index++) column += 8 + (load<u64>(column) as usize);
  arrays.ends = column + 8;
  arrays.values = arrays.ends + (rows << 3);
}

/** What stands before the ends of the rows, where a block is one column. */
export const HEADING: usize = 24;

/** Writes it; the values begin after the ends and end before `end`. */
export function writeHeading(block: usize, rows: u32, end: usize): void {
  store<u64>(block, 1);
  store<u64>(block, rows as u64, 8);
  store<u64>(block, (end - block - HEADING) as u64, 16);
}
