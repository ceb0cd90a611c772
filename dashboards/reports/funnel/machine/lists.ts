/** Lists of numbers in the module's own memory, and how they grow. Nothing is given back: an instance lives for one query. */

export const MOST_STEPS: i32 = 20;
export const MOST_EXCLUSIONS: i32 = 20;

export function i32At(list: usize, index: i32): i32 {
  return load<i32>(list + ((index as usize) << 2));
}

export function setI32(list: usize, index: i32, value: i32): void {
  store<i32>(list + ((index as usize) << 2), value);
}

export function i64At(list: usize, index: i32): i64 {
  return load<i64>(list + ((index as usize) << 3));
}

export function setI64(list: usize, index: i32, value: i64): void {
  store<i64>(list + ((index as usize) << 3), value);
}

export function fillI32(list: usize, count: i32, value: i32): void {
  for (let index = 0; index < count; index++) setI32(list, index, value);
}

export function fillI64(list: usize, count: i32, value: i64): void {
  for (let index = 0; index < count; index++) setI64(list, index, value);
}

/** The engine's own way of copying costs as much as some dozens of these. */
export function copyWords(to: usize, from: usize, count: i32): void {
  const end = from + ((count as usize) << 3);
  if (count > 100) memory.copy(to, from, end - from);
  else
    for (let at = from; at < end; at += 8) {
      store<u64>(to, load<u64>(at));
      to += 8;
    }
}

/** A list whose room doubles, so that few bytes are left behind. What was in it is lost. */
export class Room {
  at: usize = 0;
  bytes: usize = 0;

  reserve(bytes: usize): usize {
    if (bytes <= this.bytes) return this.at;
    this.bytes = max(bytes, this.bytes << 1);
    this.at = heap.alloc(this.bytes);
    return this.at;
  }
}

/** Numbers one after the other; `push` keeps what was there. */
export class Stack {
  at: usize = 0;
  room: i32 = 0;
  count: i32 = 0;

  push(value: i64): void {
    if (this.count === this.room) this.grow();
    setI64(this.at, this.count, value);
    this.count += 1;
  }

  private grow(): void {
    const before = this.at;
    this.room = max(64, this.room << 1);
    this.at = heap.alloc((this.room as usize) << 3);
    memory.copy(this.at, before, (this.count as usize) << 3);
  }
}
