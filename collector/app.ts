/** The doors: which path leads where. `/events` is answered straight from the socket, the rest through Hono. */
import type { RequestListener } from 'node:http';
import { createEventsDoor } from './events-door.ts';
import type { World } from './world.ts';

/** `rest` answers every other path. */
export function createDoors(world: World, rest: RequestListener): RequestListener {
  const events = createEventsDoor(world);
  return (incoming, response) => {
    const url = incoming.url ?? '';
    if (url === '/events' || url.startsWith('/events?')) events(incoming, response);
    else rest(incoming, response);
  };
}
