/** RE2 over the whole text, line breaks included. */
export function wildcardToRegex(pattern: string): string {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return `(?s)^${pattern.split('*').map(literal).join('.*')}$`;
}
