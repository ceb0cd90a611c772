import { useSpeech } from '../words/words.tsx';

type Props = {
  now: number | null | undefined;
  before: number | null | undefined;
  /** The number before, written out, for the title. */
  said: string;
  /** A rate: it moves by points, for a percentage of a percentage is misread. */
  isRate?: boolean;
  /** Fewer is better: a bounce rate. */
  isBetterLower?: boolean;
};

/** How a number has moved, a count in percent with an arrow, a rate in points with a sign; colour alone never says it. Nothing without a base. */
export function Change({ now, before, said, isRate = false, isBetterLower = false }: Props) {
  const { words, format } = useSpeech();
  const change = isRate ? toPoints(now, before) : toChange(now, before);
  if (change === undefined) return null;
  const rounded = Math.round(change * 1_000);
  const tone = rounded === 0 ? '' : rounded > 0 !== isBetterLower ? 'good' : 'bad';
  const arrow = rounded > 0 ? '↑' : rounded < 0 ? '↓' : '→';
  return (
    <span className={`change ${tone}`} title={words.change.from(said)}>
      {isRate
        ? words.change.points(format.signedTenths(change * 100))
        : `${arrow} ${format.change(Math.abs(change)).replace('+', '')}`}
    </span>
  );
}

/** As a fraction of the number before; undefined where that is zero or unknown: nothing grows by a share of nothing. */
export function toChange(
  now: number | null | undefined,
  before: number | null | undefined,
): number | undefined {
  if (typeof now !== 'number' || typeof before !== 'number' || before === 0) return undefined;
  return (now - before) / before;
}

/** As a fraction of one, whatever it was before: also from 0 %. */
export function toPoints(
  now: number | null | undefined,
  before: number | null | undefined,
): number | undefined {
  return typeof now === 'number' && typeof before === 'number' ? now - before : undefined;
}
