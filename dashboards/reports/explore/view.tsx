import { Change } from '../../charts/change.tsx';
import { ChartTable } from '../../charts/chart-table.tsx';
import { type Line, Lines } from '../../charts/lines.tsx';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import { useIntervalNames } from '../overview/view.tsx';
import { type ExploreLine, ranked, toLines, toTable } from './lines.ts';
import type { ExploreRow } from './report.ts';

/** How a series is called and how its numbers are written. */
export type SeriesLook = { name: string; write: (value: number | null, isExact?: boolean) => string };

/** What the views need to know of the question besides the rows. */
export type ExploreLook = {
  title: string;
  /** By the number of the series; 0 is the ratio. */
  series: ReadonlyMap<number, SeriesLook>;
  dimensions: readonly string[];
};

const MOST_LINES = 5;

type CourseProps = {
  look: ExploreLook;
  rows: ExploreRow[];
  compared: ExploreRow[] | undefined;
  /** One number per line for the whole period, which ranks them. */
  totals: ExploreRow[];
  interval: 'hour' | 'day' | 'week' | 'month';
  asOf: string;
  height?: number;
  /** "5 of 12 lines are drawn". */
  saidLeftOut: (drawn: string, all: string) => string;
};

/** The question over time: the largest lines drawn, all of them in the table beneath. Where there is a ratio, it is drawn. */
export function ExploreCourse({ look, rows, compared, totals, interval, asOf, ...rest }: CourseProps) {
  const { words, format } = useSpeech();
  const intervals = useIntervalNames(interval);
  const nameOf = useNameOfLine(look);
  const lines = ranked(toLines(rows), toLines(totals));
  const hasRatio = lines.some(({ series }) => series === 0);
  const drawable = hasRatio ? lines.filter(({ series }) => series === 0) : lines;
  const drawn = drawable.slice(0, MOST_LINES);
  const starts = toStarts(rows);
  const asOfMs = Date.parse(asOf);
  const only = drawn.length === 1 ? drawn[0] : undefined;
  const other = only && compared && toLines(compared).find(({ key }) => key === only.key);
  const hasBegun = (index: number) => (starts[index]?.ms ?? 0) <= asOfMs;
  const isOpen = (index: number) =>
    hasBegun(index) && (starts[index + 1]?.ms ?? Number.POSITIVE_INFINITY) > asOfMs && isRunning(asOf);
  const write = look.series.get(drawn[0]?.series ?? 1)?.write ?? format.decimal;
  const toChart = (line: ExploreLine): Line => ({
    key: line.key,
    name: nameOf(
      line,
      drawn.every(({ series }) => series === line.series),
    ),
    values: line.results.map((result, index) => (hasBegun(index) ? result : null)),
  });
  return (
    <>
      <Lines
        title={look.title}
        height={rest.height ?? 300}
        format={(value) => write(value)}
        atLeast={hasRatio ? 0.01 : 1}
        places={starts.map(({ name }, index) => ({
          label: isOpen(index)
            ? `${intervals.full(name)} · ${words.overview.unfinished}`
            : intervals.full(name),
          tick: intervals.short(name),
          isUnfinished: isOpen(index),
        }))}
        lines={[
          ...drawn.map(toChart),
          ...(other
            ? [{ ...toChart(other), key: 'compared', name: words.overview.comparedPeriod, isCompared: true }]
            : []),
        ]}
      />
      {drawable.length > drawn.length && (
        <p className="hint">
          {rest.saidLeftOut(format.number(drawn.length), format.number(drawable.length))}
        </p>
      )}
      <ChartTable
        caption={look.title}
        head={[words.overview.date, ...lines.map((line) => nameOf(line, look.series.size === 1))]}
        rows={starts.map(({ name }, index) => [
          intervals.full(name),
          ...lines.map((line) =>
            hasBegun(index)
              ? (look.series.get(line.series)?.write(line.results[index] ?? null, true) ?? '–')
              : '–',
          ),
        ])}
      />
    </>
  );
}

/** Whether the period reaches up to now: only then is its last interval open. */
function isRunning(asOf: string): boolean {
  return Date.now() - Date.parse(asOf) < 3_600_000;
}

type TotalsProps = {
  look: ExploreLook;
  rows: ExploreRow[];
  compared: ExploreRow[] | undefined;
  head: { name: string; total: string };
};

/** One number per series for the whole period, with what it was before; broken down: a row per value, a column per series. */
export function ExploreTotals({ look, rows, compared, head }: TotalsProps) {
  const { words, format } = useSpeech();
  const series = [...look.series];
  const before = new Map(
    toTable(toLines(compared ?? [])).map(({ values, results }) => [JSON.stringify(values), results]),
  );
  const number = (values: string[], results: Map<number, number | null>, place: number) => {
    const write = look.series.get(place)?.write ?? format.decimal;
    const now = results.get(place) ?? null;
    const then = before.get(JSON.stringify(values))?.get(place);
    return (
      <td key={place} className="number" title={write(now, true)}>
        {write(now)} {compared && <Change now={now} before={then} said={write(then ?? null, true)} />}
      </td>
    );
  };
  const table = toTable(toLines(rows));
  const isParted = look.dimensions.length > 0;
  return (
    <ScrollBox label={look.title}>
      <table className="table">
        <caption className="unseen">{look.title}</caption>
        <thead>
          <tr>
            {isParted ? (
              look.dimensions.map((dimension) => (
                <th key={dimension} scope="col">
                  {nameOfField(dimension, words)}
                </th>
              ))
            ) : (
              <th scope="col">{head.name}</th>
            )}
            {(isParted ? series.map(([, { name }]) => name) : [head.total]).map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {isParted
            ? table.map(({ values, results }) => (
                <tr key={JSON.stringify(values)}>
                  {values.map((value, place) => (
                    <th key={look.dimensions[place]} scope="row">
                      {nameOfValue(look.dimensions[place] ?? '', value, words, format)}
                    </th>
                  ))}
                  {series.map(([place]) => number(values, results, place))}
                </tr>
              ))
            : series.map(([place, { name }]) => (
                <tr key={place}>
                  <th scope="row">{name}</th>
                  {number([], table[0]?.results ?? new Map(), place)}
                </tr>
              ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** "Purchase · google, Phone": the series, and the values it is parted by. */
function useNameOfLine({ series, dimensions }: ExploreLook) {
  const { words, format } = useSpeech();
  /** Where all that is shown are lines of one series, the values are enough. */
  return (line: ExploreLine, isOneSeries: boolean): string => {
    const values = line.values.map((value, place) =>
      nameOfValue(dimensions[place] ?? '', value, words, format),
    );
    const name = series.get(line.series)?.name ?? '';
    if (values.length === 0) return name;
    return isOneSeries ? values.join(', ') : `${name} · ${values.join(', ')}`;
  };
}

function toStarts(rows: readonly ExploreRow[]): { name: string; ms: number }[] {
  const starts = new Map(rows.map((row) => [row.interval_start_ms, row.interval_start]));
  return [...starts].sort(([a], [b]) => a - b).map(([ms, name]) => ({ ms, name }));
}
