/** A page group's patterns as texts in fields, and whether a path fits them: a look ahead at what the report will do. */
import type { PathTest } from '../../../reports/conditions.ts';
import { wildcardToRegExp } from '../../../reports/wildcard.ts';

/** "/blog/*" is a wildcard, "~^/p/\d+" a regular expression, anything else the path itself. */
export function toPathTest(text: string): PathTest {
  if (text.startsWith('~')) return { match: 'regex', path: text.slice(1) };
  return { match: text.includes('*') ? 'wildcard' : 'exact', path: text };
}

/** The inverse; a prefix becomes the wildcard that means the same. */
export function toPatternText({ match, path }: PathTest): string {
  if (match === 'regex') return `~${path}`;
  return match === 'prefix' ? `${path}*` : path;
}

/** Undefined for what is no regular expression. */
export function testOf(text: string): ((path: string) => boolean) | undefined {
  const { match, path: pattern } = toPathTest(text);
  if (match === 'exact') return (path) => path === pattern;
  try {
    // RE2's flag for line breaks is JavaScript's too, elsewhere.
    const expression = match === 'regex' ? new RegExp(pattern) : wildcardToRegExp(pattern);
    return (path) => expression.test(path);
  } catch {
    return undefined;
  }
}
