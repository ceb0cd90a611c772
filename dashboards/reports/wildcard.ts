/** RE2 over the whole text, line breaks included. */
export function wildcardToRegex(pattern: string): string {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return `(?s)^${pattern.split('*').map(literal).join('.*')}$`;
}

/** The same for JavaScript, which takes the flag behind. */
export function wildcardToRegExp(pattern: string): RegExp {
  return new RegExp(wildcardToRegex(pattern).replace('(?s)', ''), 's');
}
