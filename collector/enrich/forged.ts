/**
 * Signs in the headers that a program wears a browser's name: what it sends is stored and marked as a bot's. Only signs
 * that no browser gives whose user has disguised it.
 */
import type { AgentHeaders } from './agent.ts';

type Headers = AgentHeaders & { acceptLanguage: string | undefined };

const MAX_USER_AGENT = 512;
const CLAIMS_BROWSER = /^Mozilla\/5\.0 \(.*(?:Chrome|Firefox|Safari)\//;
/** What drives a browser may change its user agent and forget the hint beside it. */
const TELLTALE_BRAND = /"(?:HeadlessChrome|PhantomJS)"/;

export function isForged({ userAgent, brands, acceptLanguage }: Headers): boolean {
  // Every browser says which languages its user reads, in an app's window too; bare HTTP clients do not.
  if (acceptLanguage === undefined) return CLAIMS_BROWSER.test(userAgent.slice(0, MAX_USER_AGENT));
  return brands !== undefined && TELLTALE_BRAND.test(brands);
}
