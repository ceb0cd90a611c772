import type { FunnelAnswer } from '../../../reports/funnel/answer.ts';
import type { FunnelSeries } from '../../../reports/funnel/view.tsx';
import { nameOfValue } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';

/** So many stand side by side; the table beneath has them all, up to what is asked for. */
export const SHOWN_BREAKDOWN = 5;
export const ASKED_BREAKDOWN = 100;

/** What stands side by side: the values of the breakdown, else the whole with the compared period. */
export function useFunnelSeries(
  answer: FunnelAnswer | undefined,
  property: string | undefined,
): FunnelSeries[] {
  const { words, format } = useSpeech();
  if (!answer) return [];
  if (answer.breakdown && property) {
    return answer.breakdown
      .filter((one) => !one.is_rest)
      .slice(0, SHOWN_BREAKDOWN)
      .map(({ value, rows }) => ({
        key: `value ${value}`,
        value,
        name: nameOfValue(property, value, words, format),
        rows,
      }));
  }
  const all = { key: 'all', name: '', rows: answer.rows };
  if (!answer.comparison) return [all];
  return [
    all,
    {
      key: 'compared',
      name: words.overview.comparedPeriod,
      rows: answer.comparison.rows,
      isCompared: true,
    },
  ];
}
