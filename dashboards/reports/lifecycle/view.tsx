import { ChartTable } from '../../charts/chart-table.tsx';
import { StackedColumns } from '../../charts/stacked-columns.tsx';
import { useSpeech } from '../../words/words.tsx';
import { useIntervalNames } from '../overview/view.tsx';
import type { LifecycleRow } from './report.ts';

const KINDS = ['new', 'returning', 'resurrecting', 'dormant'] as const;

/** New, returning and resurrecting visitors above the line, those who stayed away beneath it. */
export function Lifecycle({ rows, interval }: { rows: LifecycleRow[]; interval: 'day' | 'week' | 'month' }) {
  const { words, format } = useSpeech();
  const name = useIntervalNames(interval);
  return (
    <>
      <p className="key">
        {KINDS.map((kind, place) => (
          <span key={kind}>
            <span className={`swatch series-${kind === 'dormant' ? 5 : place}`} />
            {words.lifecycle[kind]}
          </span>
        ))}
      </p>
      <StackedColumns
        title={words.lifecycle.title}
        format={format.number}
        columns={rows.map((row) => ({
          key: row.interval_start,
          label: name.full(row.interval_start),
          tick: name.short(row.interval_start),
          above: [row.new, row.returning, row.resurrecting].map((size, series) => ({ series, size })),
          below: row.dormant,
        }))}
      />
      <ChartTable
        caption={words.lifecycle.title}
        head={[words.overview.date, ...KINDS.map((kind) => words.lifecycle[kind])]}
        rows={rows.map((row) => [
          name.full(row.interval_start),
          ...KINDS.map((kind) => format.number(row[kind])),
        ])}
      />
    </>
  );
}
