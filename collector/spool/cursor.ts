import { crc32 } from 'node:zlib';
import type { Disk, DiskFile } from './disk.ts';
import { writeFully } from './write-fully.ts';

/**
 * The batch that is on its way into ClickHouse: which bytes of which segment, under which id. Whatever lies before it
 * is stored; whether the batch itself is, only ClickHouse knows.
 */
export type CursorRecord = {
  /** Grows by one with each batch. */
  sequence: number;
  segment: number;
  from: number;
  to: number;
  /** Decimal text of a UInt64. */
  batchId: string;
  /** Rows up to the end of this segment may be stored although no record says so: the cursor was damaged. 0: none. */
  doubtfulUpTo: number;
};

export interface Cursor {
  /** What an earlier process wrote last; undefined on a fresh directory. */
  readonly last: CursorRecord | undefined;
  /**
   * A slot holds other bytes than were written, perhaps the newest one: which rows are stored must be found out row by
   * row.
   */
  readonly isDamaged: boolean;
  /** Resolves once the record survives a crash. */
  write(record: CursorRecord): Promise<void>;
  close(): Promise<void>;
}

const NAME = 'cursor';
const SLOT_BYTES = 256;
// Two slots, written in turn, a page apart: a torn write spoils one, and the other still tells the batch before.
const SLOT_DISTANCE = 4096;

export async function openCursor(disk: Disk): Promise<Cursor> {
  const file = await openOrCreate(disk);
  const { slots, last } = await readSlots(file);

  return {
    last,
    isDamaged: slots.some((slot) => slot.some((byte) => byte !== 0) && parseSlot(slot) === undefined),
    async write(record) {
      await writeFully(file, toSlot(record), (record.sequence % 2) * SLOT_DISTANCE);
      await file.sync();
    },
    close: () => file.close(),
  };
}

/** The record written last, by a server that may be running; undefined where there is none. */
export async function readCursor(disk: Disk): Promise<CursorRecord | undefined> {
  if (!(await disk.list()).includes(NAME)) return undefined;
  const file = await disk.open(NAME);
  return readSlots(file)
    .then(({ last }) => last)
    .finally(() => file.close());
}

async function readSlots(file: DiskFile) {
  const bytes = await file.read(SLOT_DISTANCE + SLOT_BYTES, 0);
  const slots = [0, SLOT_DISTANCE].map((position) => bytes.subarray(position, position + SLOT_BYTES));
  const records = slots.map(parseSlot).filter((record) => record !== undefined);
  return { slots, last: records.sort((a, b) => a.sequence - b.sequence).at(-1) };
}

async function openOrCreate(disk: Disk): Promise<DiskFile> {
  if ((await disk.list()).includes(NAME)) return disk.open(NAME);
  const file = await disk.create(NAME);
  await disk.syncDirectory();
  // Takes its room now, so that a full disk does not keep the database from emptying the spool. If it is full already,
  // the first batch will say so.
  await file.write(Buffer.alloc(SLOT_DISTANCE + SLOT_BYTES), 0).catch(() => 0);
  return file;
}

function toSlot(record: CursorRecord): Buffer {
  const text = JSON.stringify(record);
  return Buffer.from(
    `${crc32(text).toString(16).padStart(8, '0')} ${text}`.padEnd(SLOT_BYTES - 1).concat('\n'),
  );
}

function parseSlot(bytes: Buffer): CursorRecord | undefined {
  const text = bytes.toString('latin1');
  const record = text.slice(9).trimEnd();
  if (record === '' || Number.parseInt(text.slice(0, 8), 16) !== crc32(record)) return undefined;
  // The checksum says that these are the bytes `toSlot` made.
  return JSON.parse(record) as CursorRecord;
}
