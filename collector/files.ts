/** Built files (the snippet, the web app) kept in memory as they go over the wire. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

export type LoadedFile = { plain: Buffer; brotli: Buffer | undefined; contentType: string };

/**
 * Every file under `directory` by its path from there, with a leading slash; empty if there is no such directory. A
 * `.br` beside a file is its compressed form (scripts/build.mjs). All of it in memory: about a megabyte, and a rebuild
 * under a running server does no harm.
 */
export function loadFiles(directory: string): Map<string, LoadedFile> {
  if (!existsSync(directory)) return new Map();
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`/${relative(directory, file).split(sep).join('/')}`, loadFile(file)]),
  );
}

function loadFile(file: string): LoadedFile {
  const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
  const compressed = `${file}.br`;
  const brotli = existsSync(compressed) ? readFileSync(compressed) : undefined;
  return { plain: readFileSync(file), contentType, brotli };
}

/** `accepted` is the request's Accept-Encoding. */
export function sendFile(
  file: LoadedFile,
  accepted: string | undefined,
  headers: Record<string, string>,
): Response {
  const isBrotli = file.brotli !== undefined && /\bbr\b/.test(accepted ?? '');
  return new Response(new Uint8Array(isBrotli && file.brotli ? file.brotli : file.plain), {
    headers: {
      'content-type': file.contentType,
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...headers,
      ...(isBrotli && { 'content-encoding': 'br' }),
    },
  });
}
