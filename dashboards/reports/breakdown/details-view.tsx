import type { ReactNode } from 'react';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { SortHeading } from '../../charts/sort-heading.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import type { Format } from '../../words/format.ts';
import type { Words } from '../../words/pattern.ts';
import { useSpeech } from '../../words/words.tsx';
import type { BreakdownRow } from './report.ts';

/** Which columns the table can have, and be sorted by. */
export const COLUMNS = [
  'visitors',
  'sessions',
  'page_views',
  'entries',
  'exits',
  'exit_rate',
  'bounce_rate',
  'session_duration_ms',
  'engaged_ms',
  'engaged_per_view_ms',
  'scroll_percent',
  'conversions',
  'conversion_rate',
] as const;
export type Column = (typeof COLUMNS)[number];

const OF_PAGES: readonly Column[] = [
  'engaged_per_view_ms',
  'entries',
  'exits',
  'exit_rate',
  'scroll_percent',
];

export type Order = { by: Column; isUpwards: boolean };

type Props = {
  dimension: string;
  rows: BreakdownRow[];
  hasGoal: boolean;
  order: Order;
  onSort: (column: Column) => void;
  onPick: (value: string) => void;
};

/** Every value of a dimension with all its numbers. */
export function DetailsTable({ dimension, rows, hasGoal, order, onSort, onPick }: Props) {
  const { words, format } = useSpeech();
  const columns = COLUMNS.filter((column) => isShown(column, dimension, hasGoal));
  const note = noteOn(dimension, words);
  return (
    <ScrollBox label={nameOfField(dimension, words)}>
      {note && (
        <p className="hint" id="details-note">
          {note}
        </p>
      )}
      <table className="table" aria-describedby={note && 'details-note'}>
        <thead>
          <tr>
            <th scope="col">{nameOfField(dimension, words)}</th>
            {columns.map((column) => (
              <SortHeading
                key={column}
                column={column}
                name={nameOfColumn(column, words)}
                title={words.columns[column]}
                order={order}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.value}>
              <th scope="row">
                <button type="button" className="more" onClick={() => onPick(row.value)}>
                  {nameOfValue(dimension, row.value, words, format)}
                </button>
              </th>
              {columns.map((column) => (
                <td key={column} className="number" title={titleOf(row, column, format, words)}>
                  {cell(row, column, format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Rows of the first or last page hold whole sessions: their page views are not those of the page. */
function noteOn(dimension: string, words: Words): string | undefined {
  if (dimension === 'exit_page') return words.overview.ofExitPage;
  return dimension === 'entry_page' ? words.overview.ofEntryPage : undefined;
}

function isShown(column: Column, dimension: string, hasGoal: boolean): boolean {
  if (column.startsWith('conversion')) return hasGoal;
  return dimension === 'page' || !OF_PAGES.includes(column);
}

function nameOfColumn(column: Column, words: Words): string {
  return words.metrics[column];
}

function cell(row: BreakdownRow, column: Column, format: Format): ReactNode {
  const value = row[column];
  switch (column) {
    case 'bounce_rate':
    case 'exit_rate':
    case 'conversion_rate':
      return format.percent(value);
    case 'session_duration_ms':
    case 'engaged_ms':
    case 'engaged_per_view_ms':
      return format.duration(value);
    case 'scroll_percent':
      return format.percent(typeof value === 'number' ? value / 100 : null);
    default:
      return format.number(value);
  }
}

function titleOf(row: BreakdownRow, column: Column, format: Format, words: Words): string | undefined {
  if (column !== 'conversion_rate') return undefined;
  return `${words.app.of(format.number(row.conversions), format.number(row.visitors))}, 95%: ${format.percent(row.rate_low)} – ${format.percent(row.rate_high)}`;
}
