/** Reads one page of the public web, and nothing else: whoever asks must not reach into the operator's own network. */
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type ReadPage = { url: string; html: string; policies: string[] };

/** Rejects with UnreadablePageError. Follows up to three redirects, each under the same rules. */
export type PageReader = (url: string) => Promise<ReadPage>;

export class UnreadablePageError extends Error {
  override name = 'UnreadablePageError';
}

const PATIENCE_MS = 8_000;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_REDIRECTS = 3;

/** `mayConnect` is asked about every address before a byte goes there; without it only public ones pass. */
export function createPageReader(mayConnect: (address: string) => boolean = isPublicAddress): PageReader {
  return async (start) => {
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await readOnce(new URL(url), mayConnect);
      if ('page' in answer) return answer.page;
      url = new URL(answer.movedTo, url).href;
    }
    throw new UnreadablePageError('it redirects too often');
  };
}

type Once = { page: ReadPage } | { movedTo: string };

async function readOnce(url: URL, mayConnect: (address: string) => boolean): Promise<Once> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UnreadablePageError(`expected http or https, found ${url.protocol}`);
  }
  const address = await addressOf(url.hostname, mayConnect);
  const answer = await open(url, address);
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400 && answer.headers.location) {
    answer.destroy();
    return { movedTo: answer.headers.location };
  }
  if (status !== 200) {
    answer.destroy();
    throw new UnreadablePageError(`it answered ${status}`);
  }
  const html = await readText(answer);
  return { page: { url: url.href, html, policies: policiesOf(answer) } };
}

/** The name is resolved once and the connection goes to that very address: a second answer could be another. */
async function addressOf(hostname: string, mayConnect: (address: string) => boolean): Promise<string> {
  const bare = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(bare)
    ? [bare]
    : (await lookup(bare, { all: true }).catch(() => [])).map(({ address }) => address);
  if (found.length === 0) throw new UnreadablePageError(`there is no host ${hostname}`);
  const [address] = found;
  if (address === undefined || !found.every(mayConnect)) {
    throw new UnreadablePageError('it lies in a private network, where Footfall does not read');
  }
  return address;
}

export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

function open(url: URL, address: string): Promise<IncomingMessage> {
  const family = isIP(address);
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      {
        // Node asks for one address or for all; both get the one that was checked.
        lookup: (_name, options, done) =>
          options.all ? done(null, [{ address, family }]) : done(null, address, family),
        headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (compatible; Footfall page check)' },
        signal: AbortSignal.timeout(PATIENCE_MS),
        agent: false,
      },
      resolve,
    );
    asked.on('error', (cause) =>
      reject(
        new UnreadablePageError(
          cause.name === 'AbortError' || cause.name === 'TimeoutError'
            ? 'it did not answer in time'
            : cause.message,
          { cause },
        ),
      ),
    );
    asked.end();
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      bytes += part.length;
      parts.push(part);
      // The head is at the beginning: what follows so much text is of no use here.
      if (bytes > MOST_BYTES) break;
    }
  } catch (cause) {
    throw new UnreadablePageError('it broke off', { cause });
  }
  return Buffer.concat(parts).toString('utf8');
}

function policiesOf(answer: IncomingMessage): string[] {
  const sent = answer.headers['content-security-policy'];
  return [sent ?? []].flat().flatMap((one) => one.split(','));
}
