/** Which event stands at which place of an attempt that was just decided: by step, in any order by time. */
import { filled } from './decide';
import { ANY, order, stepCount } from './definition';
import { i32At, setI32 } from './lists';

const placed: usize = memory.data(80);

export function beginPlaces(): void {
  if (order === ANY) placeByTime();
}

/** Events by place, -1 for none. */
export function placesNow(): usize {
  return order === ANY ? placed : filled;
}

/** Events are sorted, so their numbers tell which came first. */
function placeByTime(): void {
  let count = 0;
  for (let step = 0; step < stepCount; step++) {
    const event = i32At(filled, step);
    if (event < 0) continue;
    let place = count;
    for (; place > 0 && i32At(placed, place - 1) > event; place--)
      setI32(placed, place, i32At(placed, place - 1));
    setI32(placed, place, event);
    count += 1;
  }
  for (; count < stepCount; count++) setI32(placed, count, -1);
}
