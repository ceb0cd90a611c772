import fc from 'fast-check';
import type { FunnelRequest } from './oracle/funnel-report.ts';
import { arbitraryRequest } from './oracle/random-funnels.ts';
import { arbitraryPlace, arbitraryWorld, type WorldOptions } from './oracle/random-worlds.ts';
import type { World, WorldEvent } from './oracle/world.ts';

/** One question to many small worlds, which lie beside each other in one: a query costs more than a world. */
export type Batch = { request: FunnelRequest; world: World };

const WORLDS = 8;

/** Every third batch knows no users and no consent, so that persons are visitors and the short way is taken. */
export function arbitraryBatch(options: Partial<WorldOptions> = {}, count = WORLDS): fc.Arbitrary<Batch> {
  return arbitraryPlace().chain((place) =>
    fc
      .record({
        request: arbitraryRequest(place),
        worlds: fc.array(arbitraryWorld(place, options), { minLength: count, maxLength: count }),
        isAnonymous: fc.constantFrom(true, false, false),
      })
      .map(({ request, worlds, isAnonymous }) => ({
        request,
        world: merge(isAnonymous ? worlds.map(withoutIdentity) : worlds),
      })),
  );
}

function merge(worlds: readonly World[]): World {
  const nowMs = worlds[0]?.nowMs ?? 0;
  const events = worlds.flatMap((world, index) => world.events.map((event) => rename(event, `${index} `)));
  return {
    events: events
      .filter((event) => event.timeMs <= nowMs)
      .map((event, index) => ({ ...event, number: index + 1 })),
    nowMs,
    timeZone: worlds[0]?.timeZone ?? 'UTC',
  };
}

function rename(event: WorldEvent, prefix: string): WorldEvent {
  const own = (text: string) => (text === '' ? '' : prefix + text);
  return {
    ...event,
    visitor: own(event.visitor),
    cookielessVisitor: own(event.cookielessVisitor),
    userId: own(event.userId),
    previousUserId: own(event.previousUserId),
    accountId: own(event.accountId),
    orderId: own(event.orderId),
  };
}

function withoutIdentity(world: World): World {
  const events = world.events
    .filter(({ kind }) => kind !== 'identify' && kind !== 'alias' && kind !== 'reset')
    .map((event) => ({ ...event, userId: '', cookielessVisitor: '' }));
  return { ...world, events };
}
