import { ChartTable } from '../../charts/chart-table.tsx';
import { groupBy } from '../../charts/group-by.ts';
import { HeatMap } from '../../charts/heat-map.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import { useIntervalNames } from '../overview/view.tsx';
import type { RetentionRow } from './report.ts';

type Interval = 'hour' | 'day' | 'week' | 'month';
type Props = { rows: RetentionRow[]; interval: Interval };

/** What begins after `asOf` cannot have brought anybody back yet: those cells stay empty. */
type TriangleProps = Props & { asOf: string };

/** A little less than an interval can last (23-hour days, short months), so that a begun one is never hidden. */
const SHORTEST_MS: Record<Interval, number> = {
  hour: 3_600_000,
  day: 23 * 3_600_000,
  week: 167 * 3_600_000,
  month: 28 * 86_400_000 - 3_600_000,
};

/** The triangle: a row per cohort, a column per interval after it. */
export function RetentionTriangle({ rows, interval, asOf }: TriangleProps) {
  const { words, format } = useSpeech();
  const name = useIntervalNames(interval);
  const cohorts = [...groupBy(rows, (row) => row.cohort_start)];
  const columns = cohorts[0]?.[1].map((row) => row.from) ?? [];
  return (
    <ScrollBox label={words.retention.triangle}>
      <HeatMap
        caption={words.retention.triangle}
        head={[
          words.retention.cohort,
          words.metrics.visitors,
          ...columns.map((from) => words.retention.after[interval](String(from))),
        ]}
        rows={cohorts.map(([start, cells]) => ({
          key: start,
          label: start === '' ? words.retention.all : name.full(start),
          size: format.number(cells[0]?.people),
          cells: cells.map((cell) => ({
            key: String(cell.from),
            value: hasBegun(cell) ? cell.retention_rate : null,
            text: hasBegun(cell) && cell.retention_rate !== null ? format.percent(cell.retention_rate) : '',
            title: `${words.app.of(format.number(cell.returned), format.number(cell.people))}${cell.is_complete ? '' : ` · ${words.overview.unfinished}`}`,
            isUnfinished: !cell.is_complete,
          })),
        }))}
      />
    </ScrollBox>
  );

  function hasBegun(cell: RetentionRow): boolean {
    if (cell.cohort_start === '' || cell.is_complete || cell.returned > 0) return true;
    return cell.cohort_start_ms + cell.from * SHORTEST_MS[interval] <= Date.parse(asOf);
  }
}

/** All cohorts together as a curve. */
export function RetentionCurve({ rows, interval }: Props) {
  const { words, format } = useSpeech();
  const all = rows.filter((row) => row.cohort_start === '');
  const after = (row: RetentionRow) => words.retention.after[interval](String(row.from));
  return (
    <>
      <LineChart
        title={words.retention.curve}
        height={200}
        atLeast={0.05}
        format={format.percent}
        points={all.map((row) => ({
          label: `${after(row)} · ${words.app.of(format.number(row.returned), format.number(row.people))}`,
          tick: after(row),
          value: row.retention_rate,
        }))}
      />
      <ChartTable
        caption={words.retention.curve}
        head={[words.overview.date, words.metrics.visitors, words.retention.returned, words.retention.rate]}
        rows={all.map((row) => [
          after(row),
          format.number(row.people),
          format.number(row.returned),
          format.percent(row.retention_rate),
        ])}
      />
    </>
  );
}
