import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useSpeech } from '../words/words.tsx';
import { MAP, type Shape, worldShapes } from './world-shapes.ts';

export type Country = {
  /** ISO 3166-1 alpha-2. */
  code: string;
  name: string;
  value: number;
  /** The number written out, with what belongs to it. */
  said: string;
};

type Props = {
  title: string;
  /** The most visitors first: the order in which the arrow keys walk. */
  countries: Country[];
  picked: readonly string[];
  onPick: (code: string) => void;
};

type View = { zoom: number; x: number; y: number };
const WHOLE: View = { zoom: 1, x: 0, y: 0 };
const CLOSEST = 8;
const STEP = 1.6;
/** Four shades above nothing: more the eye does not tell apart. */
const SHADES = 4;

/**
 * The world, darker where more come from. One stop for the tab key: arrows walk over the countries that have visitors,
 * Enter picks one, plus and minus zoom. What is too small to be drawn stands in the table beneath.
 */
export function WorldMap({ title, countries, picked, onPick }: Props) {
  const shapes = useMemo(worldShapes, []);
  const [view, setView] = useState(WHOLE);
  const [at, setAt] = useState<string>();
  const drawn = useMemo(() => {
    const codes = new Set(shapes.map((shape) => shape.code));
    return countries.filter(({ code }) => codes.has(code));
  }, [shapes, countries]);
  const current = drawn.find(({ code }) => code === at) ?? drawn[0];
  const frame = useRef<SVGSVGElement>(null);
  const drag = useDrag(view, setView);

  function walkTo(index: number) {
    const next = drawn[index];
    if (!next) return;
    setAt(next.code);
    setView((before) => bringIntoView(before, shapes, next.code));
    frame.current?.querySelector<SVGElement>(`[data-code="${CSS.escape(next.code)}"]`)?.focus();
  }
  function onKeyDown(event: KeyboardEvent) {
    const next = walk(event.key, current ? drawn.indexOf(current) : 0, drawn.length - 1);
    if (next !== undefined) walkTo(next);
    else if (event.key === 'Enter' || event.key === ' ') current && onPick(current.code);
    else if (event.key === '+') setView((before) => zoomed(before, STEP, shapes, current?.code));
    else if (event.key === '-') setView((before) => zoomed(before, 1 / STEP, shapes, current?.code));
    else return;
    event.preventDefault();
  }

  return (
    <div className="map">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing. */}
      <svg
        ref={frame}
        className="chart"
        viewBox={`0 0 ${MAP.width} ${MAP.height}`}
        role="group"
        aria-label={title}
        onKeyDown={onKeyDown}
        data-zoomed={view.zoom > 1 ? '' : undefined}
        {...drag}
      >
        <g transform={`translate(${view.x} ${view.y}) scale(${view.zoom})`}>
          <Shapes
            shapes={shapes}
            drawn={drawn}
            picked={picked}
            stop={current?.code}
            onLook={setAt}
            onPick={onPick}
          />
        </g>
      </svg>
      <Foot view={view} onView={setView} current={at === undefined ? undefined : current} />
    </div>
  );
}

/** Where a key leads among the countries; undefined for keys that lead nowhere. */
function walk(key: string, index: number, last: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

type ShapesProps = {
  shapes: Shape[];
  drawn: Country[];
  picked: readonly string[];
  stop: string | undefined;
  onLook: (code: string) => void;
  onPick: (code: string) => void;
};

function Shapes({ shapes, drawn, picked, stop, onLook, onPick }: ShapesProps) {
  const known = new Map(drawn.map((country) => [country.code, country]));
  const most = Math.max(1, ...drawn.map(({ value }) => value));
  return shapes.map(({ code, path }) => {
    const country = known.get(code);
    if (!country || country.value === 0) return <path key={code} className="land" d={path} />;
    return (
      // biome-ignore lint/a11y/useSemanticElements: HTML's button cannot be the outline of a country.
      <path
        key={code}
        className={`land shade-${shadeOf(country.value / most)}`}
        d={path}
        role="button"
        tabIndex={code === stop ? 0 : -1}
        data-code={code}
        aria-label={`${country.name}: ${country.said}`}
        aria-pressed={picked.includes(code)}
        onPointerEnter={() => onLook(code)}
        onFocus={() => onLook(code)}
        onClick={() => onPick(code)}
      />
    );
  });
}

function Foot({
  view,
  onView,
  current,
}: {
  view: View;
  onView: (view: View) => void;
  current: Country | undefined;
}) {
  const { words } = useSpeech();
  return (
    <div className="map-foot">
      <span className="small">
        {current ? (
          <>
            <strong>{current.name}</strong> <span className="quiet number">{current.said}</span>
          </>
        ) : (
          <span className="quiet">{words.map.hint}</span>
        )}
      </span>
      <span className="map-zoom">
        <button
          type="button"
          className="button small"
          aria-label={words.map.closer}
          disabled={view.zoom >= CLOSEST}
          onClick={() => onView(zoomed(view, STEP))}
        >
          +
        </button>
        <button
          type="button"
          className="button small"
          aria-label={words.map.farther}
          disabled={view.zoom === 1}
          onClick={() => onView(zoomed(view, 1 / STEP))}
        >
          −
        </button>
      </span>
    </div>
  );
}

/** The root brings the many countries with few visitors apart; the last shade is the country with the most. */
function shadeOf(share: number): number {
  return Math.min(SHADES, 1 + Math.floor(Math.sqrt(share) * SHADES));
}

/** Around a country, or around the middle of what is seen. The map never leaves its frame. */
function zoomed(view: View, by: number, shapes?: Shape[], code?: string): View {
  const zoom = Math.max(1, Math.min(CLOSEST, view.zoom * by));
  const centre = shapes?.find((shape) => shape.code === code)?.centre ?? [
    (MAP.width / 2 - view.x) / view.zoom,
    (MAP.height / 2 - view.y) / view.zoom,
  ];
  return centredOn(zoom, centre);
}

function centredOn(zoom: number, [x, y]: readonly [number, number]): View {
  return inFrame({ zoom, x: MAP.width / 2 - x * zoom, y: MAP.height / 2 - y * zoom });
}

function bringIntoView(view: View, shapes: Shape[], code: string): View {
  const centre = shapes.find((shape) => shape.code === code)?.centre;
  return centre && view.zoom > 1 ? centredOn(view.zoom, centre) : view;
}

function inFrame({ zoom, x, y }: View): View {
  return {
    zoom,
    x: Math.min(0, Math.max(MAP.width * (1 - zoom), x)),
    y: Math.min(0, Math.max(MAP.height * (1 - zoom), y)),
  };
}

/** A few pixels of a trembling hand are a click, not a drag. */
const DRAG_FROM_PX = 4;

/** Once zoomed the map follows the pointer; before, the page scrolls as everywhere. */
function useDrag(view: View, setView: (view: View) => void) {
  const start = useRef<{ x: number; y: number; view: View; isDrag: boolean }>(undefined);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (view.zoom > 1) start.current = { x: event.clientX, y: event.clientY, view, isDrag: false };
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
      const from = start.current;
      if (!from) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.isDrag && Math.hypot(dx, dy) < DRAG_FROM_PX) return;
      from.isDrag = true;
      const scale = MAP.width / Math.max(1, event.currentTarget.clientWidth);
      setView(inFrame({ ...from.view, x: from.view.x + dx * scale, y: from.view.y + dy * scale }));
    },
    onClickCapture: (event: { stopPropagation: () => void }) => {
      if (start.current?.isDrag) event.stopPropagation();
      start.current = undefined;
    },
    onPointerLeave: () => {
      start.current = undefined;
    },
  };
}
