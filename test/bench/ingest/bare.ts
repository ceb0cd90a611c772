/** The measure of all: Node's own server, which parses the JSON and answers 202. It stores nothing. */
import { createServer } from 'node:http';
import { serve } from './served.ts';

serve(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(202, { 'content-length': '0' });
      response.end();
    });
  }),
);
