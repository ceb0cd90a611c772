/**
 * At most `length` UTF-16 units of a text, never half a surrogate pair: neither UTF-8 nor ClickHouse can hold that, and
 * the row would become a dead letter.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const isSplit = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isSplit ? length - 1 : length);
}
