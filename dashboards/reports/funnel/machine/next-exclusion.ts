/** Where the next exclusion of a kind lies: looked up, for a search asks it of every place. */
import { exclusionBit, exclusionCount } from './definition';
import { i32At, Room, setI32 } from './lists';
import { bitsOfMoment, momentCount } from './moments';

const room = new Room();
let nexts: usize = 0;

/** To be called once per person, after the moments are known. */
export function beginExclusions(): void {
  const width = momentCount + 1;
  nexts = room.reserve(((width * exclusionCount) as usize) << 2);
  for (let index = 0; index < exclusionCount; index++) {
    const bit = exclusionBit(index);
    const list = nexts + (((width * index) as usize) << 2);
    setI32(list, momentCount, momentCount);
    for (let moment = momentCount - 1; moment >= 0; moment--)
      setI32(list, moment, (bitsOfMoment(moment) & bit) !== 0 ? moment : i32At(list, moment + 1));
  }
}

/** The first moment, from this one on, that holds an exclusion of the kind; `momentCount` if none does. */
export function nextExclusion(index: i32, moment: i32): i32 {
  return i32At(nexts + ((((momentCount + 1) * index) as usize) << 2), moment);
}
