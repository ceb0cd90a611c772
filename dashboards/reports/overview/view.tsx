import { Change } from '../../charts/change.tsx';
import { ChartTable } from '../../charts/chart-table.tsx';
import { LineChart, type Mark, type Point } from '../../charts/line-chart.tsx';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useSpeech } from '../../words/words.tsx';
import { IS_BETTER_LOWER, IS_RATE, METRICS, type Metric, writeMetric } from './metrics.ts';
import type { OverviewRow } from './report.ts';

type StatsProps = {
  totals: OverviewRow | undefined;
  compared: OverviewRow | undefined;
  /** For the course beneath each number. */
  rows: OverviewRow[];
  asOf: string;
  picked: Metric;
  onPick: (metric: Metric) => void;
};

/** The numbers of the whole period; each one switches the graph. */
export function StatRow({ totals, compared, rows, asOf, picked, onPick }: StatsProps) {
  const { words, format } = useSpeech();
  const begun = rows.filter((row) => row.interval_start_ms <= Date.parse(asOf));
  return (
    <div className="stats">
      {METRICS.map((metric) => (
        <button
          key={metric}
          type="button"
          className="stat"
          aria-pressed={metric === picked}
          title={words.definitions[metric]}
          onClick={() => onPick(metric)}
        >
          <span className="stat-label">{words.metrics[metric]}</span>
          <span className="stat-line">
            <span className="stat-number" title={writeMetric(metric, totals?.[metric], format, true)}>
              {writeMetric(metric, totals?.[metric], format)}
            </span>
            {compared && (
              <Change
                now={totals?.[metric]}
                before={compared[metric]}
                said={writeMetric(metric, compared[metric], format, true)}
                isRate={IS_RATE[metric] ?? false}
                isBetterLower={IS_BETTER_LOWER[metric] ?? false}
              />
            )}
          </span>
          <Sparkline values={begun.map((row) => row[metric])} />
        </button>
      ))}
    </div>
  );
}

type GraphProps = {
  rows: OverviewRow[];
  /** Row by row the same interval of the compared period. */
  compared: OverviewRow[] | undefined;
  metric: Metric;
  /** Up to when events are counted: what begins later has no numbers yet. */
  asOf: string;
  interval: 'hour' | 'day' | 'week' | 'month';
  /** What the owner noted, on the interval in which it happened. */
  marks: Mark[];
};

/** One metric over time, the compared period behind it. */
export function MetricGraph({ rows, compared, metric, asOf, interval, marks }: GraphProps) {
  const { words, format } = useSpeech();
  const name = useIntervalNames(interval);
  const write = (value: number | null, isExact = false) => writeMetric(metric, value, format, isExact);
  const points = rows.map((row, index): Point => {
    const other = compared?.[index];
    return {
      label: row.is_unfinished
        ? `${name.full(row.interval_start)} · ${words.overview.unfinished}`
        : name.full(row.interval_start),
      tick: name.short(row.interval_start),
      value: row.interval_start_ms > Date.parse(asOf) ? null : row[metric],
      isUnfinished: row.is_unfinished,
      ...noteOf(index),
      ...(other ? { compared: other[metric], comparedLabel: name.full(other.interval_start) } : {}),
    };
  });
  return (
    <>
      <LineChart
        title={words.overview.graph(words.metrics[metric])}
        points={points}
        marks={marks}
        format={write}
        atLeast={metric === 'bounce_rate' ? 1 : 4}
      />
      {compared && (
        <p className="key">
          <span>
            <span className="swatch series-0" />
            {words.funnel.thisPeriod}
          </span>
          <span>
            <span className="swatch series-5" />
            {words.overview.comparedPeriod}
          </span>
        </p>
      )}
      <ChartTable
        caption={words.overview.graph(words.metrics[metric])}
        head={[
          words.overview.date,
          words.metrics[metric],
          ...(compared ? [words.overview.comparedPeriod] : []),
          ...(marks.length > 0 ? [words.notes.one] : []),
        ]}
        rows={points.map((point) => [
          point.label,
          write(point.value, true),
          ...(compared ? [write(point.compared ?? null, true)] : []),
          ...(marks.length > 0 ? [point.note ?? ''] : []),
        ])}
      />
    </>
  );

  function noteOf(index: number): Pick<Point, 'note'> {
    const mark = marks.find((one) => one.index === index);
    return mark ? { note: mark.text } : {};
  }
}

/** How an interval is called, in full and on an axis. */
export function useIntervalNames(interval: GraphProps['interval']) {
  const { format } = useSpeech();
  switch (interval) {
    case 'hour':
      return {
        full: (start: string) => `${format.weekday(start)}, ${format.hour(start)}`,
        short: format.hour,
      };
    case 'day':
      return { full: format.weekday, short: format.day };
    case 'week':
      return { full: (start: string) => format.range(start, weekEnd(start)), short: format.day };
    case 'month':
      return { full: format.month, short: format.monthShort };
  }
}

function weekEnd(start: string): string {
  return new Date(Date.parse(`${start.slice(0, 10)}T00:00:00Z`) + 6 * 86_400_000).toISOString().slice(0, 10);
}
