/**
 * Tells each person's attempt, for whoever adds up elsewhere: one after the other, in words of 64 bits. First how far it came,
 * with 32 added while its window is open and 64 if an exclusion takes the person out (then that is all), above 8 bits how many
 * steps it names, above 16 more how many sales; per step when it was filled (-1: it was not) and the code of what its event
 * bears; per sale its step, its currency and its amount. The report's verdict-rows.ts reads them.
 */
import { stepCount } from './definition';
import { copyWords, i32At, i64At, Room, Stack, setI64 } from './lists';
import { sortEvents } from './sort';
import { isOpenAt, saleOf, timeAt } from './tally';

const told = new Stack();
const borne = new Stack();
const room = new Room();

export function beginVerdicts(): void {
  told.count = 0;
}

/** Room for a person's events, so that they can be sorted without their codes. */
export function copyEvents(events: usize, count: i32): usize {
  const copy = room.reserve((count as usize) << 3);
  copyWords(copy, events, count);
  return copy;
}

export function tellExcluded(): void {
  told.push(64);
}

/** `times` and `bearers`: events by place, whose times and whose codes are told; `asked` and `codes` as they were handed over. */
export function tellAttempt(
  events: usize,
  furthest: i32,
  times: usize,
  bearers: usize,
  asked: usize,
  codes: usize,
  count: i32,
): i32 {
  const head = told.count;
  told.push(furthest | (isOpenAt(events, times, furthest) ? 32 : 0) | (stepCount << 8));
  for (let step = 0; step < stepCount; step++) {
    told.push(i32At(times, step) < 0 ? -1 : timeAt(events, times, step));
    const event = i32At(bearers, step);
    told.push(event < 0 ? 0 : codeOf(events, event, asked, codes, count));
  }
  return head;
}

/** Of an attempt that was just told; `head` is what `tellAttempt` returned. */
export function tellSales(head: i32, events: usize, places: usize, sales: usize, count: i32): void {
  let paid: i64 = 0;
  for (let step = 0; step < stepCount; step++) {
    const sale = saleOf(step, events, places, sales, count);
    if (sale < 0) continue;
    told.push(step as i64);
    told.push(i64At(sales, sale + 1));
    told.push(i64At(sales, sale + 2));
    paid += 1;
  }
  setI64(told.at, head, i64At(told.at, head) | (paid << 24));
}

/** Events that agree in time and bits are one to the machine: the first of them bears the least of their codes, and so on. */
function codeOf(events: usize, event: i32, asked: usize, codes: usize, count: i32): i64 {
  const packed = i64At(events, event);
  let rank = 0;
  while (rank < event && i64At(events, event - rank - 1) === packed) rank += 1;
  borne.count = 0;
  for (let one = 0; one < count; one++) if (i64At(asked, one) === packed) borne.push(i64At(codes, one));
  if (borne.count > 1) sortEvents(borne.at, borne.count);
  return i64At(borne.at, rank);
}

/** How many words `writeVerdicts` writes. */
export function verdictWords(): i32 {
  return told.count;
}

export function writeVerdicts(at: usize): void {
  memory.copy(at, told.at, (told.count as usize) << 3);
}
