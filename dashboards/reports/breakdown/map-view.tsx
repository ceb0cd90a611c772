import { ChartTable } from '../../charts/chart-table.tsx';
import { WorldMap } from '../../charts/world-map.tsx';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { BreakdownRow } from './report.ts';

type Props = {
  /** By country, the largest first. */
  rows: BreakdownRow[];
  totals: BreakdownRow | undefined;
  hasGoal: boolean;
  picked: readonly string[];
  onPick: (code: string) => void;
};

/** Visitors, or with a goal conversions, on the map of the world; the same numbers as a table beneath. */
export function CountryMap({ rows, totals, hasGoal, picked, onPick }: Props) {
  const { words, format } = useSpeech();
  const counted = hasGoal ? 'conversions' : 'visitors';
  const all = totals?.[counted] ?? 0;
  const share = (row: BreakdownRow) => (all > 0 ? format.percent((row[counted] ?? 0) / all) : '–');
  return (
    <>
      <WorldMap
        title={words.map.title}
        countries={rows.map((row) => ({
          code: row.value,
          name: nameOfValue('country', row.value, words, format),
          value: row[counted] ?? 0,
          said: [
            `${format.number(row[counted])} ${words.metrics[counted]}`,
            share(row),
            ...(hasGoal ? [`${words.metrics.conversion_rate} ${format.percent(row.conversion_rate)}`] : []),
          ].join(', '),
        }))}
        picked={picked}
        onPick={onPick}
      />
      <ChartTable
        caption={words.map.table}
        head={[
          words.dimensions.country,
          words.metrics[counted],
          words.metrics.share,
          ...(hasGoal ? [words.metrics.conversion_rate] : []),
        ]}
        rows={rows.map((row) => [
          nameOfValue('country', row.value, words, format),
          format.number(row[counted]),
          share(row),
          ...(hasGoal ? [format.percent(row.conversion_rate)] : []),
        ])}
      />
    </>
  );
}
