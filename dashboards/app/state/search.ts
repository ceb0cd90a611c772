/** The query string as flat text: `?period=7d&f=source:is:google`. A key that stands twice is a list. */
export type RawSearch = Record<string, string | string[]>;

export function parseSearch(query: string): RawSearch {
  const search: RawSearch = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const before = search[key];
    search[key] = before === undefined ? value : [...toList(before), value];
  }
  return search;
}

/** The inverse of parseSearch. What is undefined or empty leaves no trace; colons, commas and slashes stay readable. */
export function writeSearch(search: Record<string, unknown>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    for (const one of toList(value)) {
      if (one !== undefined && one !== '') parts.push(`${encodeURIComponent(key)}=${readable(String(one))}`);
    }
  }
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

function toList<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

/** RFC 3986 allows these signs in a query as they are. */
function readable(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|2C|2F|40)/g, decodeURIComponent);
}
