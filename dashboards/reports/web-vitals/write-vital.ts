import type { Format } from '../../words/format.ts';
import { VITALS } from './bounds.ts';
import type { WebVitalsRow } from './report.ts';

/**
 * A metric as its reader writes it: CLS and seconds to the hundredth. Where that would lie on the other side of a
 * bound than the number itself, it gets the digits that it takes: 2,503 ms are "2.503s", for "2.50s" would be good.
 */
export function writeVital({ metric, p75 }: Pick<WebVitalsRow, 'metric' | 'p75'>, format: Format): string {
  if (metric === 'cls') return format.toDigits(p75, 2 + digitsToTell(p75, 2, VITALS.cls));
  const isShort = Math.round(p75) < 1_000;
  const [unit, unitMs, fewest] = isShort ? (['ms', 1, 0] as const) : (['s', 1_000, 2] as const);
  const bounds = VITALS[metric].map((bound) => bound / unitMs);
  return format.toDigits(p75 / unitMs, fewest + digitsToTell(p75 / unitMs, fewest, bounds), unit);
}

const MOST_MORE = 3;

/** How many digits more than `fewest` show on which side of each bound the number lies. */
function digitsToTell(value: number, fewest: number, bounds: readonly number[]): number {
  const isTold = (more: number) => {
    const shown = Number(value.toFixed(fewest + more));
    return bounds.every((bound) => shown > bound === value > bound);
  };
  let more = 0;
  while (more < MOST_MORE && !isTold(more)) more += 1;
  return more;
}
