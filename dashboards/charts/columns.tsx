import { useState } from 'react';
import { linearScale } from './linear-scale.ts';
import { useWidth } from './use-width.ts';

export type Column = { label: string; tick: string; value: number; isUnfinished?: boolean };

type Chart = {
  title: string;
  columns: Column[];
  format: (value: number) => string;
  height?: number;
  atLeast?: number;
};

/** Counts side by side: a histogram, or a short course of time such as the last thirty minutes. */
export function Columns({ title, columns, format, height = 160, atLeast = 4 }: Chart) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const bottom = height - 22;
  const y = linearScale(Math.max(atLeast, ...columns.map((one) => one.value)), [bottom, 8], 3);
  const ticks = y.ticks(3);
  const left = Math.max(...ticks.map((tick) => format(tick).length)) * 6.6 + 12;
  const step = (width - left) / Math.max(1, columns.length);
  const ticked = columns.flatMap((one, index) => (one.tick === '' ? [] : [index]));
  const room = Math.max(1, Math.ceil((64 * ticked.length) / Math.max(1, width - left)));
  const shown = new Set(ticked.filter((_, place) => place % room === 0));
  const picked = at === undefined ? undefined : columns[at];
  return (
    <div ref={frame} className="chart-frame" style={{ height }} onPointerLeave={() => setAt(undefined)}>
      {width > 0 && (
        <svg className="chart" width={width} height={height} role="img" aria-label={title}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="grid" x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={left - 8} y={y(tick)} dy="0.35em" textAnchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
          {columns.map((column, index) => (
            <g key={column.label} className="columns" onPointerEnter={() => setAt(index)}>
              <rect x={left + step * index} y={0} width={step} height={bottom} fill="transparent" />
              <rect
                className={column.isUnfinished ? 'column unfinished' : 'column'}
                x={left + step * index + Math.min(2, step * 0.12)}
                width={Math.max(1, step - Math.min(4, step * 0.24))}
                y={y(column.value)}
                height={Math.max(column.value > 0 ? 1.5 : 0, bottom - y(column.value))}
                rx={Math.min(2, step / 6)}
              />
              {shown.has(index) && (
                <text x={left + step * (index + 0.5)} y={height - 6} textAnchor="middle">
                  {column.tick}
                </text>
              )}
            </g>
          ))}
        </svg>
      )}
      {picked && at !== undefined && (
        <div
          className="chart-tip"
          style={{
            transform: `translateX(${left + step * (at + 0.5)}px) translateX(${at > columns.length / 2 ? '-100%' : '0'})`,
          }}
        >
          <dl>
            <dt>{picked.label}</dt>
            <dd className="number">{format(picked.value)}</dd>
          </dl>
        </div>
      )}
    </div>
  );
}
