/** One subject's relevant events, sorted by time; those of one millisecond form a set. */

export type Events = {
  /** How many entries of the arrays are this subject's: the arrays are reused and may be longer. */
  count: number;
  /** Milliseconds from any fixed point, ascending; never negative. */
  times: Float64Array;
  /** Which steps and exclusions the event fits, and the two flags of definition.ts. */
  bits: Int32Array;
};

/** An entry that the caller knows to be there. */
export function at(list: Float64Array | Int32Array, index: number): number {
  return list[index] ?? 0;
}
