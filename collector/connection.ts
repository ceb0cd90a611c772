import type { IncomingHttpHeaders } from 'node:http';
import { toClientAddress } from './enrich/address.ts';
import type { Connection } from './enrich/sender.ts';
import type { WholeHeaders } from './whole-request.ts';

/** What a request says besides its body. An `IncomingMessage` is one. */
export type RequestHead = {
  headers: { [Name in keyof WholeHeaders]?: IncomingHttpHeaders[Name] };
  socket: { remoteAddress?: string | undefined };
};

/** Who sent it, as far as the head tells. Never throws, whatever the headers hold. */
export function toConnection(
  { headers, socket }: RequestHead,
  isTrustedProxy: (address: string) => boolean,
): Connection {
  return {
    address: toClientAddress(socket.remoteAddress, one(headers['x-forwarded-for']), isTrustedProxy),
    userAgent: headers['user-agent'] ?? '',
    brands: one(headers['sec-ch-ua']),
    mobile: one(headers['sec-ch-ua-mobile']),
    platform: one(headers['sec-ch-ua-platform']),
    platformVersion: one(headers['sec-ch-ua-platform-version']),
    acceptLanguage: headers['accept-language'],
    hasPrivacySignal: headers['sec-gpc'] === '1' || headers.dnt === '1',
    originHostname: toHostname(headers.origin),
  };
}

/** Node joins repeated headers of these names by commas; its type does not know. */
function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

/** `https://shop.example.com:8443` → `shop.example.com`; '' for none and for the opaque origin `null`. */
function toHostname(origin: string | undefined): string {
  const match = origin === undefined ? null : /^https?:\/\/(\[[^\]]+\]|[^/:]+)/i.exec(origin);
  return match?.[1]?.toLowerCase() ?? '';
}
