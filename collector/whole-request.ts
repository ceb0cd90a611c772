/**
 * Recognises a request that arrived whole and is as plain as nearly all are, without Node's parser, its request and its
 * response, which cost more than all that happens to the event (test/bench/ingest).
 *
 * It only says yes where there is nothing to interpret. Whatever is odd, in pieces, or could be read in two ways is left
 * to Node's parser: so nothing is taken for a request that Node would refuse, and none is read in another way.
 */
import { toOwnText } from './enrich/own-text.ts';

/** The headers that the doors behind it read, in lower case. */
export type WholeHeaders = Partial<Record<(typeof READ)[number], string>>;
export type WholeRequest = { headers: WholeHeaders; body: Buffer };

const READ = [
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'dnt',
  'host',
  'origin',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-ch-ua-platform-version',
  'sec-gpc',
  'user-agent',
  'x-forwarded-for',
] as const;
/** They change how the body or the connection is to be read. */
const ODD = [
  'content-encoding',
  'expect',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const MAX_HEAD_BYTES = 8 * 1024;
const KEEP_ALIVE = 'keep-alive';
const LENGTH = /^[1-9]\d{0,5}$/;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const COLON = 58;
// https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2, and of a value's characters those that are ASCII.
const NAME_CHARACTERS = toTable(/[!#$%&'*+.^_`|~\dA-Za-z-]/);
const VALUE_CHARACTERS = toTable(/[\t -~]/);

/** `requestLine` as it must stand there, like `POST /events HTTP/1.1`. Undefined: let Node's parser read it. */
export function readWholeRequest(bytes: Buffer, requestLine: string): WholeRequest | undefined {
  const start = bytes.toString('latin1', 0, MAX_HEAD_BYTES);
  if (!start.startsWith(requestLine)) return undefined;
  const head = readHead(start, requestLine.length);
  if (head === undefined || !isPlain(head.headers)) return undefined;
  const body = bytes.subarray(head.bytes);
  return body.length === Number(head.headers['content-length']) ? { headers: head.headers, body } : undefined;
}

/** Undefined where it has no end, or a line is none, is odd, or says again what another has said. */
function readHead(text: string, from: number): { headers: WholeHeaders; bytes: number } | undefined {
  const headers: WholeHeaders = {};
  let at = from;
  while (isLineEnd(text, at)) {
    const nameAt = at + 2;
    if (isLineEnd(text, nameAt)) return { headers, bytes: nameAt + 2 };
    const colon = skip(text, nameAt, NAME_CHARACTERS);
    if (colon === nameAt || text.charCodeAt(colon) !== COLON) return undefined;
    at = skip(text, colon + 1, VALUE_CHARACTERS);
    const name = toName(text.slice(nameAt, colon));
    if (name === 'unread') continue;
    if (name === 'odd' || headers[name] !== undefined) return undefined;
    headers[name] = text.slice(colon + 1, at).trim();
  }
  return undefined;
}

function isLineEnd(text: string, at: number): boolean {
  return text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED;
}

function skip(text: string, from: number, characters: Uint8Array): number {
  let at = from;
  while (at < text.length && characters[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

function toTable(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => Number(characters.test(String.fromCharCode(code))));
}

type Name = (typeof READ)[number] | 'odd' | 'unread';

const NAMES = new Map<string, Name>([
  ...READ.map((name) => [name, name] as const),
  ...ODD.map((name) => [name, 'odd'] as const),
]);
/** Senders spell a header in one of few ways: looked up, it is not turned to lower case each time. */
const spellings = new Map<string, Name>();
const MOST_SPELLINGS = 200;

function toName(spelling: string): Name {
  const known = spellings.get(spelling);
  if (known !== undefined) return known;
  const name = NAMES.get(spelling.toLowerCase()) ?? 'unread';
  if (spellings.size < MOST_SPELLINGS) spellings.set(toOwnText(spelling), name);
  return name;
}

function isPlain(headers: WholeHeaders): boolean {
  if (headers.host === undefined || !LENGTH.test(headers['content-length'] ?? '')) return false;
  return (headers.connection ?? KEEP_ALIVE).toLowerCase() === KEEP_ALIVE;
}
