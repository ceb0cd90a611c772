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
  totals: BreakdownRow | undefined;
  hasGoal: boolean;
  picked: readonly string[];
  onPick: ((value: string) => void) | undefined;
};

/** The most frequent values of a dimension: bar, number, change and share. With a goal conversions are counted, beside their rate. */
export function Ranking({ dimension, rows, compared, totals, hasGoal, picked, onPick }: Props) {
  const { words, format } = useSpeech();
  const counted = hasGoal ? 'conversions' : 'visitors';
  const most = Math.max(1, ...rows.map((row) => row[counted] ?? 0));
  const name = nameOfField(dimension, words);
  const before = new Map(compared?.map((row) => [row.value, row[counted] ?? 0]));
  return (
    <BarList
      caption={name}
      head={[
        name,
        words.metrics[counted],
        ...(compared ? [words.metrics.change] : []),
        words.metrics.share,
        ...(hasGoal ? [words.metrics.conversion_rate] : []),
      ]}
      onPick={onPick}
      rows={rows.map((row) => ({
        key: row.value,
        name: nameOfValue(dimension, row.value, words, format),
        title: nameOfValue(dimension, row.value, words, format),
        share: (row[counted] ?? 0) / most,
        isPicked: picked.includes(row.value),
        cells: [
          { text: format.compact(row[counted]), title: format.number(row[counted]) },
          ...(compared ? [changeCell(row)] : []),
          shareCell(row),
          ...(hasGoal ? [rateCell(row)] : []),
        ],
      }))}
    />
  );

  function changeCell(row: BreakdownRow) {
    const now = row[counted] ?? 0;
    const old = before.get(row.value);
    const change = toChange(now, old);
    // What was not there before has no percentage: it is new.
    if (change === undefined) return { text: now > 0 ? words.change.isNew : '–', className: 'quiet' };
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
    const all = totals?.[counted];
    return {
      text: all ? format.percent((row[counted] ?? 0) / all) : '–',
      title: hasGoal ? words.panels.ofConversions : words.panels.ofVisitors,
      className: hasGoal ? 'quiet second' : 'quiet',
    };
  }
}
