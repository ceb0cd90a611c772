import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type PointerEvent, useState } from 'react';
import { useWidth } from './use-width.ts';

export type Line = {
  key: string;
  name: string;
  /** One per place on the x axis; null where there is no number: the line has a gap. */
  values: (number | null)[];
  /** Drawn grey and thin: the same line of the compared period. */
  isCompared?: boolean;
};

/** A place on the x axis: in full for the tip, short for the axis. */
export type LinePlace = { label: string; tick: string; isUnfinished?: boolean };

type Props = {
  title: string;
  places: LinePlace[];
  lines: Line[];
  format: (value: number | null) => string;
  height?: number;
  /** The top of the axis at least, so that a flat line of zeros lies at the bottom. */
  atLeast?: number;
};

const MARGIN = { top: 10, right: 12, bottom: 24, left: 8 };
const COLOURS = 5;

/** Several numbers over time on one axis, told apart by colour and by the key above. */
export function Lines({ title, places, lines, format, height = 300, atLeast = 1 }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<number>();
  const all = lines.flatMap(({ values }) => values.map((value) => value ?? 0));
  const y = scaleLinear()
    .domain([Math.min(0, ...all), Math.max(atLeast, ...all)])
    .nice(4)
    .range([height - MARGIN.bottom, MARGIN.top]);
  const ticks = y.ticks(4);
  const left = MARGIN.left + Math.max(...ticks.map((tick) => format(tick).length)) * 6.6 + 6;
  const right = Math.max(left + 1, width - MARGIN.right);
  const x = (index: number) => left + ((right - left) * index) / Math.max(1, places.length - 1);
  const pick = (event: PointerEvent<HTMLDivElement>) => {
    const from = event.clientX - event.currentTarget.getBoundingClientRect().left - left;
    const index = Math.round((from / Math.max(1, right - left)) * (places.length - 1));
    setAt(Math.max(0, Math.min(places.length - 1, index)));
  };
  const step = Math.max(1, Math.ceil(places.length / Math.max(2, Math.floor((right - left) / 76))));
  const picked = at === undefined ? undefined : places[at];
  return (
    <>
      {lines.length > 1 && <LinesKey lines={lines} />}
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
            {ticks.map((tick) => (
              <g key={tick}>
                <line className="grid" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
                <text x={left - 8} y={y(tick)} dy="0.35em" textAnchor="end">
                  {format(tick)}
                </text>
              </g>
            ))}
            {places.map((place, index) =>
              (places.length - 1 - index) % step === 0 ? (
                <text
                  key={place.label}
                  x={x(index)}
                  y={height - 6}
                  textAnchor={index === places.length - 1 ? 'end' : index === 0 ? 'start' : 'middle'}
                >
                  {place.tick}
                </text>
              ) : null,
            )}
            {lines.map((one, place) => (
              <Course key={one.key} line={one} tone={toneOf(one, place)} places={places} x={x} y={y} />
            ))}
            {at !== undefined && (
              <line className="cursor" x1={x(at)} x2={x(at)} y1={MARGIN.top} y2={height - MARGIN.bottom} />
            )}
          </svg>
        )}
        {picked && at !== undefined && (
          <div
            className="chart-tip"
            style={{
              transform: `translateX(${x(at) > width / 2 ? x(at) - 14 : x(at) + 14}px)${x(at) > width / 2 ? ' translateX(-100%)' : ''}`,
            }}
          >
            <strong>{picked.label}</strong>
            <dl>
              {lines.map((one, place) => (
                <div key={one.key} className="tip-line">
                  <dt>
                    <span className={`swatch series-${toneOf(one, place)}`} />
                    {one.name}
                  </dt>
                  <dd className="number">{format(one.values[at] ?? null)}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </div>
    </>
  );
}

/** Grey is for what is compared; of the others each has its colour. */
function toneOf({ isCompared }: Line, place: number): number {
  return isCompared ? COLOURS : place % COLOURS;
}

type CourseProps = {
  line: Line;
  tone: number;
  places: LinePlace[];
  x: (index: number) => number;
  y: (value: number) => number;
};

/** One line; what is not over yet is dashed, from the last finished place on. */
function Course({ line: one, tone, places, x, y }: CourseProps) {
  type Placed = { x: number; value: number | null };
  const placed = one.values.map((value, index): Placed => ({ x: x(index), value }));
  const firstOpen = one.isCompared ? -1 : places.findIndex(({ isUnfinished }) => isUnfinished);
  const draw = line<Placed>()
    .defined(({ value }) => value !== null)
    .x((point) => point.x)
    .y(({ value }) => y(value ?? 0));
  const style = `line series-${tone}${one.isCompared ? ' compare' : ''}`;
  return (
    <g>
      <path className={style} d={draw(firstOpen === -1 ? placed : placed.slice(0, firstOpen)) ?? ''} />
      {firstOpen !== -1 && (
        <path className={`${style} unfinished`} d={draw(placed.slice(Math.max(0, firstOpen - 1))) ?? ''} />
      )}
      {placed.map((point, index) =>
        point.value !== null && isAlone(placed, index) ? (
          <circle key={point.x} className={`dot series-${tone}`} cx={point.x} cy={y(point.value)} r={3.5} />
        ) : null,
      )}
    </g>
  );
}

/** Between two gaps there is no line to see. */
function isAlone(points: { value: number | null }[], index: number): boolean {
  return (points[index - 1]?.value ?? null) === null && (points[index + 1]?.value ?? null) === null;
}

function LinesKey({ lines }: { lines: Line[] }) {
  return (
    <p className="key">
      {lines.map((one, place) => (
        <span key={one.key}>
          <span className={`swatch series-${toneOf(one, place)}`} />
          {one.name}
        </span>
      ))}
    </p>
  );
}
