import { BarList } from '../../charts/bar-list.tsx';
import { toChange } from '../../charts/change.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';

/** One value of a dimension. `compared_visitors` and the conversion columns are there when they were asked for. */
export type RankingRow = {
  value: string;
  visitors: number;
  compared_visitors?: number | null;
  conversions?: number | null;
  conversion_rate?: number | null;
};

type Props = {
  dimension: string;
  rows: RankingRow[];
  /** What a share is a share of. */
  totalVisitors: number | null;
  hasGoal: boolean;
  picked: readonly string[];
  onPick: ((value: string) => void) | undefined;
};

/** The most frequent values of a dimension: bar, visitors, and share or, with a goal chosen, conversion rate. */
export function Ranking({ dimension, rows, totalVisitors, hasGoal, picked, onPick }: Props) {
  const { words, format } = useSpeech();
  const most = Math.max(1, ...rows.map((row) => row.visitors));
  const name = nameOfField(dimension, words);
  return (
    <BarList
      caption={name}
      head={[name, words.metrics.visitors, hasGoal ? words.metrics.conversion_rate : words.metrics.share]}
      onPick={onPick}
      rows={rows.map((row) => ({
        key: row.value,
        name: nameOfValue(dimension, row.value, words, format),
        title: nameOfValue(dimension, row.value, words, format),
        share: row.visitors / most,
        isPicked: picked.includes(row.value),
        cells: [
          { text: format.compact(row.visitors), title: titleOf(row) },
          hasGoal
            ? {
                text: format.percent(row.conversion_rate),
                title: words.app.of(format.number(row.conversions), format.number(row.visitors)),
              }
            : {
                text: totalVisitors ? format.percent(row.visitors / totalVisitors) : '–',
                className: 'quiet',
              },
        ],
      }))}
    />
  );

  function titleOf(row: RankingRow): string {
    const change = toChange(row.visitors, row.compared_visitors);
    const exact = format.number(row.visitors);
    return change === undefined ? exact : `${exact} (${format.change(change)})`;
  }
}
