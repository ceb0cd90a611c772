import { area, curveMonotoneX, line } from 'd3-shape';
import { type PointerEvent, type ReactNode, useState } from 'react';
import { linearScale } from './linear-scale.ts';
import { useWidth } from './use-width.ts';

/** One place on the x axis. `value` null: no data, the line has a gap. */
export type Point = {
  /** In full, for the tip: "Tue, 3 Nov". */
  label: string;
  /** Short, for the axis. */
  tick: string;
  value: number | null;
  /** The same place in the compared period. */
  compared?: number | null;
  comparedLabel?: string;
  /** The interval is not over: drawn dashed. */
  isUnfinished?: boolean;
  /** Out of too few to say much: a hollow dot beside the line, that the scale does not heed. */
  isOfFew?: boolean;
  isComparedOfFew?: boolean;
  /** Something the owner noted for this interval. */
  note?: string;
};

/** A button of the page's own that stands above one of the points. */
export type Mark = { index: number; text: string; button: ReactNode };

type Chart = {
  /** What the chart shows, said to a screen reader; the numbers stand in the table beneath. */
  title: string;
  points: Point[];
  marks?: Mark[];
  format: (value: number | null) => string;
  height?: number;
  /** The top of the axis at least, so that a flat line of zeros lies at the bottom. */
  atLeast?: number;
};

const MARGIN = { top: 10, right: 10, bottom: 24, left: 8 };

/** A number over time: area and line, the unfinished interval dashed, the compared period in grey behind. */
export function LineChart({ title, points, marks = [], format, height = 240, atLeast = 4 }: Chart) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const plot = layOut(points, width, height, format, atLeast);
  const pick = (event: PointerEvent<HTMLDivElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - plot.left;
    const index = Math.round((left / Math.max(1, plot.right - plot.left)) * (points.length - 1));
    setAt(Math.max(0, Math.min(points.length - 1, index)));
  };
  const picked = at === undefined ? undefined : points[at];
  return (
    <div
      ref={frame}
      className="chart-frame"
      style={{ height }}
      onPointerMove={pick}
      onPointerDown={pick}
      onPointerLeave={() => setAt(undefined)}
    >
      {width > 0 && (
        <svg className="chart" width={width} height={height} role="img" aria-label={title}>
          <Axes plot={plot} points={points} format={format} />
          <Lines plot={plot} points={points} />
          {picked && at !== undefined && <Cursor plot={plot} point={picked} x={plot.x(at)} />}
        </svg>
      )}
      {width > 0 &&
        marks.map(({ index, button }) => (
          <span key={index} className="chart-mark" style={{ left: plot.x(index) }}>
            {button}
          </span>
        ))}
      {picked && at !== undefined && <Tip point={picked} x={plot.x(at)} width={width} format={format} />}
    </div>
  );
}

type Plot = ReturnType<typeof layOut>;

function layOut(points: Point[], width: number, height: number, format: Chart['format'], atLeast: number) {
  const top = Math.max(atLeast, ...points.flatMap((one) => [lineValue(one) ?? 0, lineCompared(one) ?? 0]));
  const y = linearScale(top, [height - MARGIN.bottom, MARGIN.top], 4);
  const ticks = y.ticks(4);
  const widest = Math.max(...ticks.map((tick) => format(tick).length));
  const left = MARGIN.left + widest * 6.6 + 6;
  const right = Math.max(left + 1, width - MARGIN.right);
  const last = Math.max(1, points.length - 1);
  return {
    y,
    ticks,
    left,
    right,
    bottom: height - MARGIN.bottom,
    x: (index: number) => left + ((right - left) * index) / last,
  };
}

function lineValue({ value, isOfFew }: Point): number | null {
  return isOfFew ? null : value;
}

function lineCompared({ compared, isComparedOfFew }: Point): number | null {
  return isComparedOfFew ? null : (compared ?? null);
}

function Axes({ plot, points, format }: { plot: Plot; points: Point[]; format: Chart['format'] }) {
  // As many dates as have room, 76 px each, counted back from the newest.
  const step = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((plot.right - plot.left) / 76))));
  return (
    <g>
      {plot.ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={plot.left} x2={plot.right} y1={plot.y(tick)} y2={plot.y(tick)} />
          <text x={plot.left - 8} y={plot.y(tick)} dy="0.35em" textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {points.map((point, index) =>
        (points.length - 1 - index) % step === 0 ? (
          <text
            key={point.label}
            x={Math.min(plot.x(index), plot.right - 2)}
            y={plot.bottom + 18}
            textAnchor={index === points.length - 1 ? 'end' : index === 0 ? 'start' : 'middle'}
          >
            {point.tick}
          </text>
        ) : null,
      )}
      {points.map((point, index) =>
        point.note ? (
          <line
            key={point.label}
            className="mark"
            x1={plot.x(index)}
            x2={plot.x(index)}
            y1={MARGIN.top}
            y2={plot.bottom}
          />
        ) : null,
      )}
    </g>
  );
}

function Lines({ plot, points }: { plot: Plot; points: Point[] }) {
  type Placed = { x: number; value: number | null };
  const place = (read: (point: Point) => number | null | undefined): Placed[] =>
    points.map((point, index) => ({ x: plot.x(index), value: read(point) ?? null }));
  const draw = line<Placed>()
    .defined((one) => one.value !== null)
    .x((one) => one.x)
    .y((one) => plot.y(one.value ?? 0))
    .curve(curveMonotoneX);
  const fill = area<Placed>()
    .defined((one) => one.value !== null)
    .x((one) => one.x)
    .y0(plot.bottom)
    .y1((one) => plot.y(one.value ?? 0))
    .curve(curveMonotoneX);
  const values = place(lineValue);
  const firstOpen = points.findIndex((point) => point.isUnfinished);
  // The dashed part starts at the last finished point, so that the line is not broken.
  const closed = firstOpen === -1 ? values : values.slice(0, firstOpen);
  const open = firstOpen === -1 ? [] : values.slice(Math.max(0, firstOpen - 1));
  return (
    <g>
      <path className="line compare" d={draw(place(lineCompared)) ?? ''} />
      <path className="area" d={fill(values) ?? ''} />
      <path className="line" d={draw(closed) ?? ''} />
      <path className="line unfinished" d={draw(open) ?? ''} />
      {points.length === 1 && values[0]?.value != null && (
        <circle className="dot" cx={values[0].x} cy={plot.y(values[0].value)} r={4} />
      )}
      {points.map((point, index) =>
        point.isOfFew && point.value !== null ? (
          <circle
            key={point.label}
            className="dot few"
            cx={plot.x(index)}
            cy={within(plot, point.value)}
            r={3.5}
          />
        ) : null,
      )}
    </g>
  );
}

/** At the top at most: what the scale does not heed may lie above it. */
function within(plot: Plot, value: number): number {
  return Math.max(MARGIN.top, plot.y(value));
}

function Cursor({ plot, point, x }: { plot: Plot; point: Point; x: number }) {
  return (
    <g>
      <line className="cursor" x1={x} x2={x} y1={MARGIN.top} y2={plot.bottom} />
      {typeof point.compared === 'number' && (
        <circle className="dot compare" cx={x} cy={within(plot, point.compared)} r={4} />
      )}
      {point.value !== null && <circle className="dot" cx={x} cy={within(plot, point.value)} r={4.5} />}
    </g>
  );
}

function Tip({
  point,
  x,
  width,
  format,
}: {
  point: Point;
  x: number;
  width: number;
  format: Chart['format'];
}) {
  const isRight = x > width / 2;
  return (
    <div
      className="chart-tip"
      style={{
        transform: `translateX(${isRight ? x - 14 : x + 14}px)${isRight ? ' translateX(-100%)' : ''}`,
      }}
    >
      <dl>
        <dt>{point.label}</dt>
        <dd className="number">{format(point.value)}</dd>
        {point.comparedLabel !== undefined && (
          <>
            <dt className="quiet">{point.comparedLabel}</dt>
            <dd className="number quiet">{format(point.compared ?? null)}</dd>
          </>
        )}
      </dl>
      {point.note && <p className="small">{point.note}</p>}
    </div>
  );
}
