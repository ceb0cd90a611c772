import type { DiskFile } from './disk.ts';

/** Writes all bytes. A full disk writes less than it was given, without an error; the next write then tells why. */
export async function writeFully(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const written = await file.write(bytes.subarray(done), position + done);
    if (written === 0) throw new Error(`Wrote ${done} of ${bytes.length} bytes`);
    done += written;
  }
}
