/** One person's relevant events, sorted by time; those of one millisecond form a set, called a moment. */

export type Events = {
  /** How many entries of the arrays are this person's: the arrays are reused and may be longer. */
  count: number;
  /** Milliseconds from any fixed point, ascending; never negative. */
  times: Float64Array;
  /** Which steps and exclusions the event fits, and the two flags of definition.ts. */
  bits: Int32Array;
};

export type Moments = {
  count: number;
  times: Float64Array;
  /** Index of the moment's first event; entry `count` is the end of the last moment. */
  firstEvents: Int32Array;
  /** All bits that any of the moment's events bears. */
  bits: Int32Array;
};

export function toMoments(events: Events): Moments {
  const moments: Moments = {
    count: 0,
    times: new Float64Array(events.count),
    firstEvents: new Int32Array(events.count + 1),
    bits: new Int32Array(events.count),
  };
  let last = -1;
  for (let event = 0; event < events.count; event++) {
    const time = at(events.times, event);
    if (event === 0 || time !== at(events.times, event - 1)) {
      last += 1;
      moments.times[last] = time;
      moments.firstEvents[last] = event;
    }
    moments.bits[last] = at(moments.bits, last) | at(events.bits, event);
  }
  moments.count = last + 1;
  moments.firstEvents[moments.count] = events.count;
  return moments;
}

/** An entry that the caller knows to be there. */
export function at(list: Float64Array | Int32Array, index: number): number {
  return list[index] ?? 0;
}
