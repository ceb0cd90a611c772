/** The places that a search has been to: a set of pairs of numbers, emptied in no time. */

let slots: usize = 0;
let room: i32 = 0;
let size: i32 = 0;
/** Which search a slot was filled in. */
let search: u64 = 0;

const SLOT: usize = 24;

export function forgetVisits(): void {
  search += 1;
  size = 0;
}

/** Whether the place is new; from then on it is not. */
export function visit(one: u64, other: u64): bool {
  if (size * 2 >= room) grow();
  const slot = find(one, other);
  if (load<u64>(slot, 16) === search) return false;
  write(slot, one, other);
  return true;
}

function write(slot: usize, one: u64, other: u64): void {
  store<u64>(slot, one);
  store<u64>(slot, other, 8);
  store<u64>(slot, search, 16);
  size += 1;
}

/** Where the pair is, or where it would go. */
function find(one: u64, other: u64): usize {
  const mixed = (one * 0x9e3779b97f4b) ^ (other * 0xc2b2ae3d27d3);
  let index = ((mixed ^ (mixed >> 29)) & ((room - 1) as u64)) as usize;
  let slot = slots + index * SLOT;
  while (load<u64>(slot, 16) === search && (load<u64>(slot) !== one || load<u64>(slot, 8) !== other)) {
    index = (index + 1) & ((room - 1) as usize);
    slot = slots + index * SLOT;
  }
  return slot;
}

function grow(): void {
  const before = slots;
  const roomBefore = room;
  room = max(256, room << 1);
  slots = heap.alloc((room as usize) * SLOT);
  memory.fill(slots, 0, (room as usize) * SLOT);
  size = 0;
  for (let index: usize = 0; index < (roomBefore as usize); index++) {
    const slot = before + index * SLOT;
    if (load<u64>(slot, 16) !== search) continue;
    const one = load<u64>(slot);
    const other = load<u64>(slot, 8);
    write(find(one, other), one, other);
  }
}
