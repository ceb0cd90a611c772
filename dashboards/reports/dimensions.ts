/** What one can filter and group by: the closed list, each with the column it is read from and the scope it has. */
import { z } from 'zod';
import { bind, identifiers, type Sql, sql } from '../sql.ts';
import { SESSION_COLUMNS } from './events/columns.ts';

/** Facts of the session: those of its first page view, or of its first event where it has none. */
export const SESSION_DIMENSIONS = [...SESSION_COLUMNS, 'entry_page', 'exit_page'] as const;
export type SessionDimension = (typeof SESSION_DIMENSIONS)[number];

/** Facts of single events: a filter on one selects the sessions that contain such an event. */
export const EVENT_DIMENSIONS = [
  'page',
  'page_group',
  'title',
  'hostname',
  'query',
  'status',
  'not_found',
  'event',
  'outbound_link',
  'file_download',
  'form_submit',
  'click',
  'error',
  'account',
  'identity',
  'consent',
  'sent_by',
] as const;
export type EventDimension = (typeof EVENT_DIMENSIONS)[number];

export type PropertyDimension = `property:${string}`;
export type TraitDimension = `trait:${string}`;
export type Dimension = SessionDimension | EventDimension | PropertyDimension;
/** What a filter may name: traits besides, which select persons. */
export type Field = Dimension | TraitDimension;

export type Scope = 'session' | 'event' | 'person';

const propertyField = z.templateLiteral(['property:', z.string().min(1).max(100)]);
const traitField = z.templateLiteral(['trait:', z.string().min(1).max(100)]);

export const dimensionShape = z
  .union([z.enum(SESSION_DIMENSIONS), z.enum(EVENT_DIMENSIONS), propertyField], {
    error: ({ input }) =>
      `Expected a dimension like "source", "page" or "property:plan", found ${JSON.stringify(input)}`,
  })
  .describe(
    'What to group by: a fact of the session, of its events, or `property:` and a property’s name. `identity` is `lasting` (an id kept on the device, or a user) or `daily`: visitors who are followed for one day only.',
  );

export const fieldShape = z
  .union([z.enum(SESSION_DIMENSIONS), z.enum(EVENT_DIMENSIONS), propertyField, traitField], {
    error: ({ input }) =>
      `Expected a field like "source", "page", "property:plan" or "trait:plan", found ${JSON.stringify(input)}`,
  })
  .describe('A dimension, or `trait:` and the name of a person’s trait.');

export function isSessionDimension(field: string): field is SessionDimension {
  return SESSION_DIMENSIONS.some((one) => one === field);
}

export function scopeOf(field: Field): Scope {
  if (field.startsWith('trait:')) return 'person';
  return isSessionDimension(field) ? 'session' : 'event';
}

/** The columns that session facts are read from, besides entry and exit page. */
const factColumn = identifiers(SESSION_COLUMNS);

/** The fact as one event bears it. Of a session that of its first page view counts, for the exit page its last. */
export function sessionFactOfEvent(dimension: SessionDimension): Sql {
  return dimension === 'entry_page' || dimension === 'exit_page'
    ? sql`path`
    : sql`toString(${factColumn(dimension)})`;
}

/** A text for the events that bear the dimension, as `value` and the test for those that do. */
export type EventFact = { value: Sql; isBorne: Sql };

export function eventFact(dimension: EventDimension | PropertyDimension): EventFact {
  switch (dimension) {
    case 'page':
      return { value: sql`path`, isBorne: sql`kind = 'page_view'` };
    case 'page_group':
      return { value: sql`page_group`, isBorne: sql`kind = 'page_view'` };
    case 'title':
      return { value: sql`title`, isBorne: sql`kind = 'page_view'` };
    case 'hostname':
      return { value: sql`toString(hostname)`, isBorne: sql`kind = 'page_view'` };
    case 'query':
      return { value: sql`query`, isBorne: sql`kind = 'page_view'` };
    case 'status':
      return { value: sql`if(status = 0, '200', toString(status))`, isBorne: sql`kind = 'page_view'` };
    case 'not_found':
      return { value: sql`path`, isBorne: sql`(kind = 'page_view' AND status = 404)` };
    case 'event':
      return { value: sql`toString(name)`, isBorne: sql`kind = 'custom'` };
    case 'outbound_link':
      return { value: sql`target`, isBorne: sql`kind = 'outbound_link'` };
    case 'file_download':
      return { value: sql`target`, isBorne: sql`kind = 'file_download'` };
    case 'form_submit':
      return { value: sql`target`, isBorne: sql`kind = 'form_submit'` };
    case 'click':
      return { value: sql`target`, isBorne: sql`kind = 'click'` };
    case 'error':
      return { value: sql`target`, isBorne: sql`kind = 'error'` };
    case 'account':
      return { value: sql`toString(account_id)`, isBorne: sql`account_id != ''` };
    case 'identity':
      return { value: sql`if(anonymous_id != '' OR user_id != '', 'lasting', 'daily')`, isBorne: sql`true` };
    case 'consent':
      return { value: sql`toString(consent)`, isBorne: sql`true` };
    case 'sent_by':
      return { value: sql`toString(sent_by)`, isBorne: sql`true` };
    default:
      return propertyFact(dimension.slice('property:'.length));
  }
}

/** The fact as lists show it: what the site's catalogue hides is left out, though it counts wherever it is named. */
export function listedFact(dimension: EventDimension | PropertyDimension): EventFact {
  const { value, isBorne } = eventFact(dimension);
  return { value, isBorne: dimension === 'event' ? sql`(${isBorne} AND is_listed)` : isBorne };
}

/** A property is a text or a number; as a value to group by, either is written out. */
function propertyFact(name: string): EventFact {
  const key = bind('property', 'String', name);
  return {
    value: sql`if(mapContains(properties, ${key}), properties[${key}], toString(numeric_properties[${key}]))`,
    isBorne: sql`(mapContains(properties, ${key}) OR mapContains(numeric_properties, ${key}))`,
  };
}
