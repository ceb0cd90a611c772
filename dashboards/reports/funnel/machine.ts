/**
 * The funnel's state machine (machine/, compiled by build.mjs) with Node as its host: decides one person after the other.
 * The same module decides inside the engine (engine-host.ts), so both come to the same numbers.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, toWords } from './definition.ts';
import { at, type Events } from './events.ts';

/** Valid until the next person is decided. */
export type Verdict = {
  /** The furthest step, from 0; -1 for who never entered. In `any` order the number of filled steps less one. */
  furthest: number;
  /** The furthest step was reached only by attempts that an exclusion tainted: the person leaves the funnel. */
  isExcluded: boolean;
  /** The event that filled each step in the chosen attempt; -1 where none did. */
  filled: Int32Array;
};

/** Decides a person; what it is handed stays as it is. */
export type Machine = (events: Events) => Verdict;

/** What the module exports for Node; the engine's doors are left out. Places and lengths are in its own memory. */
type Exports = {
  memory: WebAssembly.Memory;
  roomFor(words: number): number;
  define(place: number, words: number): void;
  decideEvents(place: number, count: number): number;
  filledAt(): number;
};

/** The module as it was built. Throws if it was not. */
export function readMachine(): Buffer<ArrayBuffer> {
  return readFileSync(join(import.meta.dirname, '../../../.build/funnel/machine.wasm'));
}

let compiled: WebAssembly.Module | undefined;

/** Throws if the module was not built. */
export function createMachine(definition: Definition): Machine {
  compiled ??= new WebAssembly.Module(readMachine());
  // What main.ts of the module exports, which no compiler sees from here.
  const exports = new WebAssembly.Instance(compiled).exports as Exports;
  const words = toWords(definition);
  const place = exports.roomFor(words.length);
  new BigInt64Array(exports.memory.buffer, place, words.length).set(words.map(BigInt));
  exports.define(place, words.length);
  const verdict: Verdict = {
    furthest: -1,
    isExcluded: false,
    filled: new Int32Array(definition.steps.length),
  };

  return (events) => {
    const at64 = exports.roomFor(events.count);
    write(events, new Uint32Array(exports.memory.buffer, at64, events.count * 2));
    const answer = exports.decideEvents(at64, events.count);
    verdict.furthest = answer < 0 ? -1 : answer & 31;
    verdict.isExcluded = answer >= 0 && (answer & 32) !== 0;
    verdict.filled.set(new Int32Array(exports.memory.buffer, exports.filledAt(), verdict.filled.length));
    return verdict;
  };
}

/** Each event as 64 bits: the time above 24 bits. */
function write({ count, times, bits }: Events, words: Uint32Array): void {
  for (let event = 0; event < count; event++) {
    const time = at(times, event);
    words[event * 2] = at(bits, event) + (time % 256) * 0x1000000;
    words[event * 2 + 1] = Math.floor(time / 256);
  }
}
