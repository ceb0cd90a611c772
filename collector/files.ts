/** Built files (the snippet, the web app) kept in memory as they go over the wire. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

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
 * Every file under `directory` by its path from there, with a leading slash; empty if there is no such directory.
 * All of it in memory: about a megabyte, and a rebuild under a running server does no harm.
 */
export function loadFiles(directory: string): Map<string, LoadedFile> {
  if (!existsSync(directory)) return new Map();
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [`/${relative(directory, file).split(sep).join('/')}`, loadFile(file)]),
  );
}

function loadFile(file: string): LoadedFile {
  const plain = readFileSync(file);
  const contentType = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
  const isText = /^(text|application\/json|image\/svg)/.test(contentType);
  // Small files, which every visitor downloads, get all the effort; for the rest quality 5 does most of it at once.
  const quality = plain.length < 50_000 ? 11 : 5;
  const parameters = { params: { [constants.BROTLI_PARAM_QUALITY]: quality } };
  return { plain, contentType, brotli: isText ? brotliCompressSync(plain, parameters) : undefined };
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
