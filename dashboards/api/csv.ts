/** Rows as CSV (RFC 4180), safe to open in a spreadsheet. */

/**
 * One line per row under a line of names, as the rows come. The columns are those of `order` that the first row has;
 * without an order all that it has. (Rows of one list have the same.)
 */
export async function* writeCsv(
  rows: AsyncIterable<object> | Iterable<object>,
  order: readonly string[],
): AsyncGenerator<string> {
  let columns: readonly string[] | undefined;
  for await (const row of rows) {
    const values: Record<string, unknown> = { ...row };
    if (!columns) {
      columns = order.length === 0 ? Object.keys(values) : order.filter((name) => name in values);
      yield writeLine(columns);
    }
    yield writeLine(columns.map((name) => values[name]));
  }
  if (!columns) yield writeLine(order);
}

function writeLine(cells: readonly unknown[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`;
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
