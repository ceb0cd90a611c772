/** From numbers to pixels and back to round ticks, for axes that begin at zero. */
export type LinearScale = {
  (value: number): number;
  /** About so many round numbers, from zero to the top. */
  ticks: (count: number) => number[];
};

/**
 * `top` is rounded up to a whole tick. Our own: d3-scale brings colours, dates and number formats along, 7 kB of the
 * first page's script for the twenty lines that these charts use.
 */
export function linearScale(
  top: number,
  [bottomPx, topPx]: readonly [number, number],
  ticks?: number,
): LinearScale {
  const end = ticks === undefined ? top : roundUp(top, ticks);
  const scale = (value: number) => bottomPx + ((topPx - bottomPx) * value) / end;
  return Object.assign(scale, { ticks: (count: number) => ticksTo(end, count) });
}

/** A rounded top may ask for larger steps, which round it again: so until it stands. */
function roundUp(top: number, count: number): number {
  const step = tickStep(top, count);
  const end = exact(Math.ceil(exact(top / step)) * step);
  return end === top ? end : roundUp(end, count);
}

function ticksTo(end: number, count: number): number[] {
  const step = tickStep(end, count);
  return Array.from({ length: Math.floor(exact(end / step)) + 1 }, (_, index) => exact(index * step));
}

/** 1, 2 or 5 times a power of ten: the nearest, by ratio, to what `count` ticks would need. */
function tickStep(end: number, count: number): number {
  const raw = end / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const over = raw / power;
  return power * (over >= Math.sqrt(50) ? 10 : over >= Math.sqrt(10) ? 5 : over >= Math.SQRT2 ? 2 : 1);
}

/** Without the tail that binary fractions leave: 0.30000000000000004 is 0.3. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
