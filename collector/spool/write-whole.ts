import type { Disk } from './disk.ts';
import { writeFully } from './write-fully.ts';

/** Writes a file that after a crash is there whole or not at all, in place of any of that name. */
export async function writeWhole(disk: Disk, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${name}.tmp`;
  await disk.remove(unfinished);
  const file = await disk.create(unfinished);
  try {
    await writeFully(file, bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(unfinished, name);
  await disk.syncDirectory();
}
