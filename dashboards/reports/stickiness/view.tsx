import { ChartTable } from '../../charts/chart-table.tsx';
import { Columns } from '../../charts/columns.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { StickinessRow } from './report.ts';

/** On how many days of the period the same visitors came. */
export function Stickiness({ rows }: { rows: StickinessRow[] }) {
  const { words, format } = useSpeech();
  return (
    <>
      <Columns
        title={words.stickiness.title}
        height={200}
        format={format.number}
        columns={rows.map((row) => ({
          label: `${words.stickiness.days(String(row.intervals))} · ${format.percent(row.share)}`,
          tick: String(row.intervals),
          value: row.people,
        }))}
      />
      <ChartTable
        caption={words.stickiness.title}
        head={[words.stickiness.on, words.metrics.visitors, words.metrics.share, words.stickiness.orMore]}
        rows={rows.map((row) => [
          words.stickiness.days(String(row.intervals)),
          format.number(row.people),
          format.percent(row.share),
          format.number(row.people_or_more),
        ])}
      />
    </>
  );
}
