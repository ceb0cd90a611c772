import { BarList } from '../../charts/bar-list.tsx';
import { toChange } from '../../charts/change.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { BreakdownRow } from './report.ts';

type Props = {
  dimension: string;
  rows: BreakdownRow[];
  /** The same values in the compared period, in any order. */
  compared: BreakdownRow[] | undefined;
  /** What a share is a share of. */
  totalVisitors: number | undefined;
  hasGoal: boolean;
  picked: readonly string[];
  onPick: ((value: string) => void) | undefined;
};

/** The most frequent values of a dimension: bar, visitors, change, and share or, with a goal, conversion rate. */
export function Ranking({ dimension, rows, compared, totalVisitors, hasGoal, picked, onPick }: Props) {
  const { words, format } = useSpeech();
  const most = Math.max(1, ...rows.map((row) => row.visitors));
  const name = nameOfField(dimension, words);
  const before = new Map(compared?.map((row) => [row.value, row.visitors]));
  return (
    <BarList
      caption={name}
      head={[
        name,
        words.metrics.visitors,
        ...(compared ? [words.metrics.change] : []),
        hasGoal ? words.metrics.conversion_rate : words.metrics.share,
      ]}
      onPick={onPick}
      rows={rows.map((row) => ({
        key: row.value,
        name: nameOfValue(dimension, row.value, words, format),
        title: nameOfValue(dimension, row.value, words, format),
        share: row.visitors / most,
        isPicked: picked.includes(row.value),
        cells: [
          { text: format.compact(row.visitors), title: format.number(row.visitors) },
          ...(compared ? [changeCell(row)] : []),
          hasGoal ? rateCell(row) : shareCell(row),
        ],
      }))}
    />
  );

  function changeCell(row: BreakdownRow) {
    const old = before.get(row.value);
    const change = toChange(row.visitors, old);
    // What was not there before has no percentage: it is new.
    if (change === undefined)
      return { text: row.visitors > 0 ? words.change.isNew : '–', className: 'quiet' };
    const tone = Math.abs(change) < 0.005 ? 'quiet' : change > 0 ? 'change good' : 'change bad';
    return { text: format.change(change), title: words.change.from(format.number(old)), className: tone };
  }

  function rateCell(row: BreakdownRow) {
    const range = `${format.percent(row.rate_low)} – ${format.percent(row.rate_high)}`;
    return {
      text: format.percent(row.conversion_rate),
      title: `${words.app.of(format.number(row.conversions), format.number(row.visitors))}, 95%: ${range}`,
    };
  }

  function shareCell(row: BreakdownRow) {
    return { text: totalVisitors ? format.percent(row.visitors / totalVisitors) : '–', className: 'quiet' };
  }
}
