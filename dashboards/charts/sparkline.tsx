import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

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
  const y = scaleLinear()
    .domain([0, Math.max(1, ...values.map((value) => value ?? 0))])
    .range([height - 2, 2]);
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
