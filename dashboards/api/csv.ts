/** Rows as CSV (RFC 4180), safe to open in a spreadsheet. */

/** One line per row under a line of names, in pieces, so that a long list need not lie in memory as one text. */
export function* writeCsv(rows: readonly object[], columns: readonly string[]): Generator<string> {
  yield `${columns.map(writeCell).join(',')}\r\n`;
  for (const row of rows) {
    const values: Record<string, unknown> = { ...row };
    yield `${columns.map((name) => writeCell(values[name])).join(',')}\r\n`;
  }
}

/** The columns of rows that no schema describes: all that any row has, in order of appearance. */
export function columnsOf(rows: readonly object[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function writeCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = disarm(typeof value === 'string' ? value : writeNested(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A spreadsheet runs a cell that begins with one of these as a formula (OWASP, "CSV Injection"); a quote stops it. */
function disarm(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

/** Money reads "19.99 EUR; 5 USD"; anything else is written as JSON. */
function writeNested(value: unknown): string {
  if (Array.isArray(value) && value.every(isMoney)) {
    return value.map(({ amount, currency }) => `${amount} ${currency}`).join('; ');
  }
  return JSON.stringify(value);
}

function isMoney(value: unknown): value is { amount: number; currency: string } {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}
