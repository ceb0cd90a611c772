import type { TrackingPlan } from '../../../../collector/site-settings.ts';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';

type Planned = TrackingPlan['events'][number];

/** A plan that foresees the custom events which arrived, with the properties they bore; none of them is required yet. */
export function planFrom(rows: readonly CatalogueRow[]): Planned[] {
  const events = new Map<string, Planned>();
  for (const { kind, name, property, type } of rows) {
    if (kind !== 'custom') continue;
    const event = events.get(name) ?? { name, properties: [] };
    events.set(name, event);
    const isKnown = event.properties.some((one) => one.name === property);
    if (property !== '' && type !== '' && !isKnown)
      event.properties.push({ name: property, type, required: false });
  }
  return [...events.values()];
}
