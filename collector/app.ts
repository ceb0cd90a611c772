/** The doors: which path leads where. All are plain Node handlers; everything else is another listener's. */
import type { RequestListener } from 'node:http';
import type { Door } from './door.ts';
import { createEventsDoor } from './events-door.ts';
import { createImportDoor } from './import-door.ts';
import type { World } from './world.ts';

/** `rest` answers every other path. */
export function createDoors(world: World, rest: RequestListener): RequestListener {
  const doors = new Map<string, Door>([
    ['/events', createEventsDoor(world)],
    ['/v1/events', createImportDoor(world)],
  ]);
  return (incoming, response) => {
    const door = doors.get(pathOf(incoming.url ?? ''));
    if (door === undefined) rest(incoming, response);
    else door(incoming, response);
  };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
