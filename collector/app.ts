/** The doors: which path leads where. All are plain Node handlers; everything else is another listener's. */
import type { RequestListener } from 'node:http';
import { answerError } from './answer.ts';
import type { Door } from './door.ts';
import { createEventsDoor, createWholeEventsDoor, EVENTS_PATH } from './events-door.ts';
import type { WholeDoor } from './fast-lane.ts';
import { createImportDoor } from './import-door.ts';
import { createPixelDoor } from './pixel-door.ts';
import { refuseLargeBody } from './refuse-large-body.ts';
import type { MessageType } from './segment/message.ts';
import { createSegmentDoor } from './segment/segment-door.ts';
import { answerProjectSettings, readProjectKey } from './segment/settings-door.ts';
import type { World } from './world.ts';

/** Segment's libraries for servers spell the path out, the one for browsers takes the first letter. */
const SEGMENT_PATHS: readonly [string, MessageType | undefined][] = [
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
  ['/v1/batch', undefined],
  ['/v1/b', undefined],
  ['/v1/import', undefined],
];

/** `listener` answers every request, `whole` the snippet's that come in one piece. */
export type Doors = { listener: RequestListener; whole: WholeDoor };

/** `rest` answers every other path. */
export function createDoors(world: World, rest: RequestListener): Doors {
  const doors = new Map<string, Door>([
    [EVENTS_PATH, createEventsDoor(world)],
    ['/pixel.gif', createPixelDoor(world)],
    ['/v1/events', createImportDoor(world)],
    ...SEGMENT_PATHS.map(([path, type]) => [path, createSegmentDoor(world, type)] as const),
  ]);
  const listener: RequestListener = (incoming, response) => {
    const path = pathOf(incoming.url ?? '');
    const door = doors.get(path);
    if (door !== undefined) {
      door(incoming, response);
      return;
    }
    const tooLarge = refuseLargeBody(incoming);
    const writeKey = readProjectKey(path);
    if (tooLarge !== undefined) answerError(incoming, response, tooLarge, world.log);
    else if (writeKey === undefined) rest(incoming, response);
    else answerProjectSettings(incoming, response, writeKey, world);
  };
  return { listener, whole: createWholeEventsDoor(world) };
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
