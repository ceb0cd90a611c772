/** Whose request it is: the rightmost address of the way here that is not a trusted proxy. */
import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Throws a sentence if one of `ranges` is neither an address nor a CIDR range. */
export function createAddressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map(parseRange);
  if (parsed.length === 0) return () => false;
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    return parsed.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits));
  };
}

function parseRange(text: string): Range {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const ip = ipaddr.process(text);
    return [ip, ip.kind() === 'ipv4' ? 32 : 128];
  } catch {
    // ipaddr's own message names neither the text nor what would be right.
    throw new Error(`Expected an address or a CIDR range like 10.0.0.0/8, got "${text}"`);
  }
}

/**
 * The sender's address in canonical text; '' if it cannot be told. `socketAddress` is the peer; only if it is trusted is
 * X-Forwarded-For believed, from its right end leftwards until an address that is not.
 */
export function toClientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: (address: string) => boolean,
): string {
  const peer = toCanonicalAddress(socketAddress ?? '');
  if (forwardedFor === undefined || peer === '' || !isTrusted(peer)) return peer;
  const hops = forwardedFor.split(',');
  let nearest = peer;
  for (let index = hops.length - 1; index >= 0; index -= 1) {
    const hop = toCanonicalAddress(withoutPort(hops[index]?.trim() ?? ''));
    // What stands left of something unreadable may have been written by anybody.
    if (hop === '') return nearest;
    nearest = hop;
    if (!isTrusted(hop)) return hop;
  }
  return nearest;
}

/** Some proxies (Azure's) add the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[(.+)\](?::\d+)?$/.exec(hop);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(hop) ? hop.slice(0, hop.indexOf(':')) : hop;
}

const PLAIN_IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;

/** One spelling per address: IPv4-mapped IPv6 as IPv4, IPv6 shortened. '' if it is none. */
export function toCanonicalAddress(address: string): string {
  if (PLAIN_IPV4.test(address) && !address.endsWith('.')) return address;
  if (address.length > 45 || !ipaddr.isValid(address)) return '';
  return ipaddr.process(address).toString();
}
