/** The sample as the requests that carry it, in the order in which they are sent. */
import type { ImportBatch, ImportedEvent } from '../../collector/import-batch.ts';
import { type Act, actsOf, ORIGIN } from './acts.ts';
import type { Person, PersonDevice, Plan, Visit } from './plan.ts';

/** Most visits as they happen; then, as life has it, those that arrive late, and those that arrive again. */
export function* requestsOf(plan: Plan, site: string, sentAt: number): Generator<ImportBatch> {
  const all = plan.people.flatMap((person) => person.visits.map((visit) => ({ person, visit })));
  const inTime = all.sort((a, b) => a.visit.startsAt - b.visit.startsAt);
  const arriving = [
    ...inTime.filter(({ visit }) => !visit.isLate),
    ...inTime.filter(({ visit }) => visit.isLate),
    ...inTime.filter(({ visit }) => visit.isRepeated),
  ];
  let events: ImportedEvent[] = [];
  for (const { person, visit } of arriving) {
    events.push(...eventsOf(person, visit));
    if (events.length < EVENTS_PER_REQUEST) continue;
    yield { version: 1, site, sentAt, sentBy: 'import', events };
    events = [];
  }
  if (events.length > 0) yield { version: 1, site, sentAt, sentBy: 'import', events };
}

/** Half a mebibyte holds about 900 of them. */
const EVENTS_PER_REQUEST = 600;

function eventsOf(person: Person, visit: Visit): ImportedEvent[] {
  const device = person.devices[visit.device];
  if (device === undefined) throw new Error(`Expected ${person.id} to have the device of its visit`);
  const whom = whomOf(person, visit, device);
  let page: { url: string; id: string } | undefined;
  let seq = 0;
  return actsOf(person, visit).map((act, index) => {
    const id = eventId(person, visit, index, act.at);
    if (act.kind === 'page_view') {
      const previousUrl = act.isSinglePage ? page?.url : undefined;
      page = { id, url: urlOf(act.path, visit, index) };
      seq = 0;
      const referrer = index === 0 ? visit.source.referrer : undefined;
      return {
        ...whom,
        ...{ kind: 'page_view', id, at: act.at, url: page.url, title: act.title },
        ...(referrer && { referrer }),
        ...(previousUrl && { previousUrl }),
      };
    }
    seq += 1;
    return { ...whom, id, at: act.at, url: page?.url ?? ORIGIN, pageView: page?.id ?? '', seq, ...deed(act) };
  });
}

function deed(act: Exclude<Act, { kind: 'page_view' }>) {
  if (act.kind === 'engagement') {
    return { kind: act.kind, engagedMs: act.engagedMs, scrollPercent: act.scrollPercent };
  }
  if (act.kind === 'web_vitals') return { kind: act.kind, ...act.vitals };
  const { name, properties, order } = act;
  const money = order && { orderId: order.id, revenue: { amount: order.amount, currency: 'EUR' } };
  return { kind: act.kind, name, properties, ...money };
}

function whomOf({ userId }: Person, { isSignedIn }: Visit, device: PersonDevice) {
  return {
    ip: device.address,
    userAgent: device.userAgent,
    language: device.language,
    screenWidth: device.screenWidth,
    ...(device.anonymousId !== undefined && { anonymousId: device.anonymousId, consent: 'granted' as const }),
    ...(isSignedIn && userId !== undefined && { userId }),
  };
}

function urlOf(path: string, { source }: Visit, index: number): string {
  return `${ORIGIN}${path}${index === 0 && source.utm ? `?${source.utm}` : ''}`;
}

/** As the snippet makes them: the time in base 36, then what tells it from all others. The same act, the same id. */
function eventId(person: Person, visit: Visit, index: number, at: number): string {
  const number = Number(person.id.replace('person-', ''));
  return `${at.toString(36)}${(number * 100 + index).toString(36).padStart(6, '0')}${(visit.startsAt % 36 ** 5).toString(36).padStart(5, '0')}`;
}
