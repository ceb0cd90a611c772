/** Whose request it is: the rightmost address of the way here that is not a trusted proxy. */
import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];
/** An IPv4 range as numbers: a request's address is compared in nanoseconds. */
type Range4 = { network: number; mask: number };

/** Throws a sentence if one of `ranges` is neither an address nor a CIDR range. */
export function createAddressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map(parseRange);
  const plain = parsed.flatMap(toRange4);
  if (parsed.length === 0) return () => false;
  return (address) => {
    const number = toNumber(address);
    if (number !== undefined) return plain.some(({ network, mask }) => (number & mask) >>> 0 === network);
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    return parsed.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits));
  };
}

function toRange4([network, bits]: Range): Range4[] {
  if (network.kind() !== 'ipv4') return [];
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  const number = toNumber(network.toString()) ?? 0;
  return [{ network: (number & mask) >>> 0, mask }];
}

const DOT = 46;
const ZERO = 48;

/** A dotted IPv4 address, without leading zeros, as its 32 bits; undefined for anything else. */
export function toNumber(address: string): number | undefined {
  if (address.length < 7 || address.length > 15) return undefined;
  let number = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === DOT) {
      if (digits === 0 || dots === 3) return undefined;
      number = number * 256 + part;
      part = 0;
      digits = 0;
      dots += 1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined;
    part = part * 10 + digit;
    digits += 1;
    if (part > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? number * 256 + part : undefined;
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
    const text = hops[index]?.trim() ?? '';
    const hop = toCanonicalAddress(text) || toCanonicalAddress(withoutPort(text));
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

/** One spelling per address: IPv4-mapped IPv6 as IPv4, IPv6 shortened. '' if it is none. */
export function toCanonicalAddress(address: string): string {
  if (toNumber(address) !== undefined) return address;
  if (address.length > 45 || !ipaddr.isValid(address)) return '';
  return ipaddr.process(address).toString();
}
