import type { EventRow } from '../row.ts';
import type { Disk } from './disk.ts';
import { writeWhole } from './write-whole.ts';

/** A row that ClickHouse refused, and what it said. `at`: milliseconds since the epoch. */
export type DeadLetter = { at: number; error: string; row: EventRow };

/** Rows that ClickHouse refused: one file per batch, one JSON object a line. They count towards the spool's bound. */
export interface DeadLetters {
  /** Resolves once they survive a crash. Writing a batch again replaces what it wrote before. */
  write(batchId: string, letters: readonly DeadLetter[]): Promise<void>;
  /** Files that an operator asked to replay; each is removed with `forget` once its rows are appended. */
  toReplay(): Promise<string[]>;
  read(name: string): Promise<DeadLetter[]>;
  forget(name: string): Promise<void>;
  /** Files that wait for the operator, as counted when last looked. */
  files(): number;
  bytes(): number;
}

export const DEAD_SUFFIX = '.dead.ndjson';
export const REPLAY_SUFFIX = '.replay.ndjson';

export async function createDeadLetters(disk: Disk): Promise<DeadLetters> {
  let files = 0;
  let bytes = 0;

  const isLetterFile = (name: string) => name.endsWith(DEAD_SUFFIX) || name.endsWith(REPLAY_SUFFIX);
  const count = async () => {
    const names = await disk.list();
    const sizes = names.filter(isLetterFile).map((name) => disk.sizeOf(name).catch(() => 0));
    files = names.filter((name) => name.endsWith(DEAD_SUFFIX)).length;
    bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    return names;
  };
  await count();

  return {
    async write(batchId, letters) {
      const text = letters.map((letter) => `${JSON.stringify(letter)}\n`).join('');
      await writeWhole(disk, `${batchId}${DEAD_SUFFIX}`, Buffer.from(text));
      await count();
    },
    toReplay: async () => (await count()).filter((name) => name.endsWith(REPLAY_SUFFIX)).sort(),
    read: (name) => readDeadLetters(disk, name),
    async forget(name) {
      await disk.remove(name);
      await count();
    },
    files: () => files,
    bytes: () => bytes,
  };
}

export async function readDeadLetters(disk: Disk, name: string): Promise<DeadLetter[]> {
  const file = await disk.open(name);
  try {
    const text = (await file.read(await disk.sizeOf(name), 0)).toString();
    // Written by `write` above, whole or not at all.
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DeadLetter);
  } finally {
    await file.close();
  }
}
