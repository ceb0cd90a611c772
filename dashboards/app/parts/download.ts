import { requestText } from '../api/request.ts';

/** Fetches a report as CSV and hands it to the browser as a file. */
export async function downloadCsv(path: string, body: unknown, name: string): Promise<void> {
  const text = await requestText(path, 'text/csv', body);
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
