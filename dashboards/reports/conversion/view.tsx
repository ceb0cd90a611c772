import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import { compareWithTotal, type Rate, scaleEnd } from './rates.ts';
import type { ConversionRow } from './report.ts';

/** The rate in large, and how sure it is: the 95 % interval as a band on a line that ends at a round number. */
export function RateWithInterval({ name, row }: { name: string; row: Rate }) {
  const { words, format } = useSpeech();
  const { conversion_rate: rate, rate_low: low, rate_high: high } = row;
  const said = words.definitions.interval(
    format.percent(low),
    format.percent(high),
    format.number(row.visitors),
  );
  return (
    <div className="rate">
      <p className="rate-name">{name}</p>
      <p className="rate-line">
        <span className="stat-number">{format.percent(rate)}</span>
        <span className="stat-note" title={said}>
          {low !== null && high !== null && `${format.percent(low)} – ${format.percent(high)}`}
        </span>
        <span className="stat-note rate-count">
          {words.app.of(format.number(row.conversions), format.number(row.visitors))}
        </span>
      </p>
      <Band row={row} end={scaleEnd([row])} />
    </div>
  );
}

/** A rate as a mark, its interval as a band. Nothing where nobody came. */
export function Band({ row, end, total }: { row: Rate; end: number; total?: number | null }) {
  const { words, format } = useSpeech();
  const { conversion_rate: rate, rate_low: low, rate_high: high } = row;
  if (rate === null || low === null || high === null) return null;
  const percent = (value: number) => `${Math.min(100, (value / end) * 100)}%`;
  return (
    <span
      className="band"
      role="img"
      aria-label={words.definitions.interval(
        format.percent(low),
        format.percent(high),
        format.number(row.visitors),
      )}
    >
      <span className="band-range" style={{ left: percent(low), width: percent(high - low) }} />
      {typeof total === 'number' && <span className="band-total" style={{ left: percent(total) }} />}
      <span className="band-rate" style={{ left: percent(rate) }} />
    </span>
  );
}

type ByDimensionProps = { dimension: string; rows: ConversionRow[]; total: ConversionRow | undefined };

/** The rate of each value with its interval, all on one scale: bands that do not overlap differ for real. */
export function RatesByDimension({ dimension, rows, total }: ByDimensionProps) {
  const { words, format } = useSpeech();
  const end = scaleEnd(rows);
  const hasRevenue = rows.some((row) => row.revenue.length > 0);
  return (
    <ScrollBox label={words.conversions.by(nameOfField(dimension, words))}>
      <table className="table rates-table">
        <thead>
          <tr>
            <th scope="col">{nameOfField(dimension, words)}</th>
            <th scope="col" className="number">
              {words.metrics.visitors}
            </th>
            <th scope="col" className="number">
              {words.metrics.conversions}
            </th>
            <th scope="col" className="number">
              {words.metrics.conversion_rate}
            </th>
            <th scope="col">{words.conversions.interval}</th>
            <th scope="col">{words.conversions.difference}</th>
            {hasRevenue && (
              <th scope="col" className="number">
                {words.metrics.revenue}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.value}>
              <th scope="row">{nameOfValue(dimension, row.value, words, format)}</th>
              <td className="number">{format.number(row.visitors)}</td>
              <td className="number">{format.number(row.conversions)}</td>
              <td className="number">
                <strong>{format.percent(row.conversion_rate)}</strong>
              </td>
              <td className="band-cell">
                <Band row={row} end={end} total={total?.conversion_rate ?? null} />
              </td>
              <td>
                <Difference row={row} total={total} />
              </td>
              {hasRevenue && (
                <td className="number">
                  {row.revenue.map(({ amount, currency }) => format.money(amount, currency)).join(', ') ||
                    '–'}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Whether the row's interval lies wholly on one side of the rate of all. */
function Difference({ row, total }: { row: ConversionRow; total: ConversionRow | undefined }) {
  const { words } = useSpeech();
  const verdict = compareWithTotal(row, total?.conversion_rate ?? null);
  if (verdict === 'above') return <span className="tag good">{words.conversions.above}</span>;
  if (verdict === 'below') return <span className="tag bad">{words.conversions.below}</span>;
  return <span className="tag">{words.conversions.unclear}</span>;
}
