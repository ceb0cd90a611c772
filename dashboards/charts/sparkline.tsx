import { line } from 'd3-shape';
import { linearScale } from './linear-scale.ts';

/** A number's course in a few pixels, without axes. Decoration: the numbers stand elsewhere. */
export function Sparkline({
  values,
  width = 72,
  height = 22,
}: {
  values: (number | null)[];
  width?: number;
  height?: number;
}) {
  if (values.length < 2) return null;
  // A rate's peak is below one, and is the top of its own course.
  const peak = Math.max(0, ...values.map((value) => value ?? 0)) || 1;
  const y = linearScale(peak, [height - 2, 2]);
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => (index / (values.length - 1)) * (width - 2) + 1)
    .y((value) => y(value ?? 0));
  return (
    <svg
      className="chart sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="line" vectorEffect="non-scaling-stroke" d={draw(values) ?? ''} />
    </svg>
  );
}
