import { ChartTable } from '../../charts/chart-table.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { useSpeech } from '../../words/words.tsx';
import { useIntervalNames } from '../overview/view.tsx';
import type { ReportAnswer } from '../run.ts';
import { fewestOf } from './rates.ts';
import type { ConversionRow } from './report.ts';

type Props = { answer: ReportAnswer<ConversionRow>; interval: 'hour' | 'day' | 'week' | 'month' };

/** A goal's rate over time, the compared period behind it. */
export function RateCourse({ answer, interval }: Props) {
  const { words, format } = useSpeech();
  const name = useIntervalNames(interval);
  const shown = [...answer.rows, ...(answer.compared_rows ?? [])];
  const fewest = fewestOf(shown.map((row) => row.visitors));
  const isFew = ({ visitors }: ConversionRow) => visitors < fewest;
  return (
    <>
      <LineChart
        title={words.conversions.overTime}
        height={180}
        atLeast={0.01}
        format={format.percent}
        points={answer.rows.map((row, index) => {
          const other = answer.compared_rows?.[index];
          return {
            label: `${name.full(row.value)} · ${words.app.of(format.number(row.conversions), format.number(row.visitors))}`,
            tick: name.short(row.value),
            value: row.conversion_rate,
            isOfFew: isFew(row),
            ...(other
              ? {
                  compared: other.conversion_rate,
                  comparedLabel: name.full(other.value),
                  isComparedOfFew: isFew(other),
                }
              : {}),
          };
        })}
      />
      {shown.some((row) => row.visitors > 0 && isFew(row)) && (
        <p className="hint">{words.conversions.hollow(format.number(fewest))}</p>
      )}
      <ChartTable
        caption={words.conversions.overTime}
        head={[
          words.overview.date,
          words.metrics.visitors,
          words.metrics.conversions,
          words.metrics.conversion_rate,
        ]}
        rows={answer.rows.map((row) => [
          name.full(row.value),
          format.number(row.visitors),
          format.number(row.conversions),
          format.percent(row.conversion_rate),
        ])}
      />
    </>
  );
}
