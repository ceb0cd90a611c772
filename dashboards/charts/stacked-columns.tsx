import { scaleLinear } from 'd3-scale';
import { useWidth } from './use-width.ts';

export type Stack = {
  key: string;
  label: string;
  tick: string;
  above: { series: number; size: number }[];
  below: number;
};

type Props = { title: string; columns: Stack[]; format: (value: number) => string; height?: number };

/** Parts of a whole per interval, and beneath the line what went away. Grey (series 5) is beneath. */
export function StackedColumns({ title, columns, format, height = 240 }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const sum = (parts: { size: number }[]) => parts.reduce((total, part) => total + part.size, 0);
  const y = scaleLinear()
    .domain([
      -Math.max(0, ...columns.map((one) => one.below)),
      Math.max(4, ...columns.map((one) => sum(one.above))),
    ])
    .nice(5)
    .range([height - 24, 8]);
  const ticks = y.ticks(5);
  const left = Math.max(...ticks.map((tick) => format(Math.abs(tick)).length)) * 6.6 + 14;
  const step = (width - left) / Math.max(1, columns.length);
  const room = Math.max(1, Math.ceil(64 / Math.max(1, step)));
  return (
    <div ref={frame} className="chart-frame" style={{ height }}>
      {width > 0 && (
        <svg className="chart" width={width} height={height} role="img" aria-label={title}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="grid" x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={left - 8} y={y(tick)} dy="0.35em" textAnchor="end">
                {format(Math.abs(tick))}
              </text>
            </g>
          ))}
          {columns.map((column, index) => (
            <g key={column.key}>
              <title>{column.label}</title>
              {column.above.map((part, place) => {
                const base = sum(column.above.slice(0, place));
                return (
                  <rect
                    key={part.series}
                    className={`part series-${part.series}`}
                    x={left + step * index + step * 0.1}
                    width={Math.max(1, step * 0.8)}
                    y={y(base + part.size)}
                    height={Math.max(0, y(base) - y(base + part.size))}
                  />
                );
              })}
              <rect
                className="part series-5"
                x={left + step * index + step * 0.1}
                width={Math.max(1, step * 0.8)}
                y={y(0)}
                height={Math.max(0, y(-column.below) - y(0))}
              />
              {index % room === 0 && (
                <text x={left + step * (index + 0.5)} y={height - 6} textAnchor="middle">
                  {column.tick}
                </text>
              )}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}
