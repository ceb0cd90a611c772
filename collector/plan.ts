/** Whether a custom event is what the site's tracking plan says that it sends. */
import type { Properties } from './protocol.ts';
import type { TrackingPlan } from './site-settings.ts';

export const PLAN_FAULTS = ['unknown_event', 'missing_property', 'wrong_type'] as const;
export type PlanFault = (typeof PLAN_FAULTS)[number];

export type PlanFaultOf = (
  name: string,
  properties: Properties | undefined,
) => { kind: PlanFault; message: string } | undefined;

const TYPE_NAMES = { text: 'string', number: 'number', boolean: 'boolean' } as const;

/** The first fault, or undefined. With the plan switched off nothing is one. */
export function createPlan({ mode, events }: TrackingPlan): PlanFaultOf {
  if (mode === 'off') return () => undefined;
  const planned = new Map(events.map(({ name, properties }) => [name, properties]));
  return (name, sent) => {
    const properties = planned.get(name);
    if (properties === undefined) {
      return { kind: 'unknown_event', message: `The tracking plan does not know the event "${name}"` };
    }
    for (const property of properties) {
      const value =
        sent !== undefined && Object.hasOwn(sent, property.name) ? sent[property.name] : undefined;
      const where = `the property "${property.name}" of "${name}"`;
      if (value === undefined) {
        if (!property.required) continue;
        return { kind: 'missing_property', message: `The tracking plan asks for ${where}` };
      }
      if (typeof value === TYPE_NAMES[property.type]) continue;
      const message = `The tracking plan expects ${where} to be a ${property.type}, got ${JSON.stringify(value)}`;
      return { kind: 'wrong_type', message };
    }
    return undefined;
  };
}
