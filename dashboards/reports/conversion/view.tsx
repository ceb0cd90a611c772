import { useSpeech } from '../../words/words.tsx';

/** A goal's conversion rate with its 95 % Wilson interval. Fractions; null without visitors. */
export type ConversionRow = {
  visitors: number;
  conversions: number;
  conversion_rate: number | null;
  rate_low: number | null;
  rate_high: number | null;
};

/** The rate in large, and how sure it is: the interval drawn as a band on a line that ends at a round number. */
export function RateWithInterval({ name, row }: { name: string; row: ConversionRow }) {
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
      {rate !== null && low !== null && high !== null && (
        <Band rate={rate} low={low} high={high} said={said} />
      )}
    </div>
  );
}

function Band({ rate, low, high, said }: { rate: number; low: number; high: number; said: string }) {
  const end = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((edge) => high <= edge * 0.95) ?? 1;
  const percent = (value: number) => `${Math.min(100, (value / end) * 100)}%`;
  return (
    <span className="band" role="img" aria-label={said}>
      <span className="band-range" style={{ left: percent(low), width: percent(high - low) }} />
      <span className="band-rate" style={{ left: percent(rate) }} />
    </span>
  );
}
