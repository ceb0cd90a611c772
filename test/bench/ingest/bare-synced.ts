/** What the disk alone costs: the bare server, which also writes and syncs each body before its 202, as many at once as wait. */
import { fdatasync, fdatasyncSync, mkdtempSync, openSync, rmSync, write } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { serve } from './served.ts';

const directory = mkdtempSync(join(process.cwd(), '.build', 'bench-synced-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const file = openSync(join(directory, 'bodies'), 'a');
fdatasyncSync(file);

let waiting: { body: Buffer; answer: () => void }[] = [];
let isWriting = false;

function commit(): void {
  const group = waiting;
  waiting = [];
  isWriting = group.length > 0;
  if (!isWriting) return;
  write(file, Buffer.concat(group.map(({ body }) => body)), (failed) => {
    if (failed) throw failed;
    fdatasync(file, (unsynced) => {
      if (unsynced) throw unsynced;
      for (const { answer } of group) answer();
      commit();
    });
  });
}

serve(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      JSON.parse(body.toString());
      const answer = () => {
        response.writeHead(202, { 'content-length': '0' });
        response.end();
      };
      waiting.push({ body, answer });
      if (!isWriting) commit();
    });
  }),
);
