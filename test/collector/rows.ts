import { randomUUID } from 'node:crypto';
import type { EventRow } from '../../collector/row.ts';

/** A row as the doors make it; a page view with an id of its own unless told otherwise. */
export function eventRow(facts: Partial<EventRow> = {}): EventRow {
  const time = Date.UTC(2026, 10, 22, 3);
  return {
    site_id: 'shop',
    time,
    visitor_id: '17446744073709551615',
    event_id: randomUUID(),
    kind: 'page_view',
    name: 'page_view',
    sent_by: 'browser',
    client_time: time,
    sent_time: time,
    received_time: time,
    hostname: 'shop.example',
    path: '/products/größe-42',
    ...facts,
  };
}
