import { useSpeech } from '../words/words.tsx';

type Props = {
  now: number | null | undefined;
  before: number | null | undefined;
  /** The number before, written out, for the title. */
  said: string;
  /** Fewer is better: a bounce rate. */
  isBetterLower?: boolean;
};

/** How a number has moved, as a percentage with an arrow; colour alone never says it. Nothing without a base. */
export function Change({ now, before, said, isBetterLower = false }: Props) {
  const { words, format } = useSpeech();
  const change = toChange(now, before);
  if (change === undefined) return null;
  const rounded = Math.round(change * 1_000);
  const tone = rounded === 0 ? '' : rounded > 0 !== isBetterLower ? 'good' : 'bad';
  return (
    <span className={`change ${tone}`} title={words.change.from(said)}>
      {rounded > 0 ? '↑' : rounded < 0 ? '↓' : '→'} {format.change(Math.abs(change)).replace('+', '')}
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
