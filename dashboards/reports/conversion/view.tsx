import { useState } from 'react';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { SortHeading } from '../../charts/sort-heading.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import {
  bestAndNext,
  compareWithTotal,
  FEWEST_VISITORS,
  type Rate,
  type RateColumn,
  type RateOrder,
  scaleEnd,
  sortRates,
} from './rates.ts';
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

/** The rate of each value with its interval, all on one scale; and whether the best is better than the next for real. */
export function RatesByDimension({ dimension, rows, total }: ByDimensionProps) {
  const { words, format } = useSpeech();
  const [order, setOrder] = useState<RateOrder>({ by: 'visitors', isUpwards: false });
  const end = scaleEnd(rows);
  const currencies = new Set(rows.flatMap((row) => row.revenue.map(({ currency }) => currency)));
  const nameOf = (value: string) => nameOfValue(dimension, value, words, format);
  const heading = (column: RateColumn, name: string) => (
    <SortHeading
      column={column}
      name={name}
      className={column === 'value' ? '' : 'number'}
      order={order}
      onSort={(by) => setOrder((before) => nextOrder(before, by))}
    />
  );
  return (
    <>
      <BestRate rows={rows} nameOf={nameOf} />
      <ScrollBox label={words.conversions.by(nameOfField(dimension, words))}>
        <table className="table rates-table">
          <thead>
            <tr>
              {heading('value', nameOfField(dimension, words))}
              {heading('visitors', words.metrics.visitors)}
              {heading('conversions', words.metrics.conversions)}
              {heading('conversion_rate', words.metrics.conversion_rate)}
              <th scope="col">{words.conversions.interval}</th>
              <th scope="col">{words.conversions.difference}</th>
              {currencies.size === 1 && heading('revenue', words.metrics.revenue)}
              {currencies.size > 1 && (
                <th scope="col" className="number">
                  {words.metrics.revenue}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {sortRates(rows, order, nameOf).map((row) => (
              <tr key={row.value}>
                <th scope="row">{nameOf(row.value)}</th>
                <td className="number">{format.number(row.visitors)}</td>
                <td className="number">{format.number(row.conversions)}</td>
                <td className="number">
                  <strong>{format.percent(row.conversion_rate)}</strong>
                </td>
                <td className="band-cell">
                  <span className="band-numbers">{format.percents(row.rate_low, row.rate_high)}</span>
                  <Band row={row} end={end} total={total?.conversion_rate ?? null} />
                </td>
                <td>
                  <Difference row={row} total={total} />
                </td>
                {currencies.size > 0 && (
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
    </>
  );
}

/** A column is first ordered by its largest number, names from A on; a second click turns it round. */
function nextOrder(before: RateOrder, by: RateColumn): RateOrder {
  return { by, isUpwards: before.by === by ? !before.isUpwards : by === 'value' };
}

/** Which value has the highest rate, and whether it lies above the next one for real. */
function BestRate({ rows, nameOf }: { rows: ConversionRow[]; nameOf: (value: string) => string }) {
  const { words, format } = useSpeech();
  const found = bestAndNext(rows);
  if (!found) return null;
  const points = (share: number) => format.oneDecimal(share * 100);
  const rateOf = (row: ConversionRow) => `${nameOf(row.value)}, ${format.percent(row.conversion_rate)}`;
  const ends = [points(found.low), points(found.high)] as const;
  return (
    <p className="small quiet">
      {words.conversions.best(rateOf(found.best), rateOf(found.next), points(found.difference))}{' '}
      <strong>
        {found.isReal ? words.conversions.isReal(...ends) : words.conversions.mayBeChance(...ends)}
      </strong>{' '}
      {rows.some(({ visitors }) => visitors < FEWEST_VISITORS) &&
        words.conversions.onlyFrom(format.number(FEWEST_VISITORS))}
    </p>
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
