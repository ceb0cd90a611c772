import type { Field } from '../../reports/dimensions.ts';

/** What a filter can be about, as the editor groups it. The report API's own list brings its validator along. */
export const FIELD_GROUPS = {
  visit: [
    'source',
    'channel',
    'medium',
    'campaign',
    'content',
    'term',
    'referrer',
    'click_id_kind',
    'entry_page',
    'exit_page',
  ],
  visitor: [
    'country',
    'region',
    'city',
    'language',
    'device',
    'screen',
    'browser',
    'browser_version',
    'os',
    'os_version',
  ],
  event: [
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
  ],
} as const satisfies Record<string, readonly Field[]>;

export type FieldGroup = keyof typeof FIELD_GROUPS;

const KNOWN: readonly string[] = Object.values(FIELD_GROUPS).flat();

export function isField(text: unknown): text is Field {
  return typeof text === 'string' && (KNOWN.includes(text) || /^(property|trait):./.test(text));
}

/** What a filter on the field selects. */
export function scopeOf(field: Field): 'session' | 'event' | 'person' {
  if (field.startsWith('trait:')) return 'person';
  const isEvent = field.startsWith('property:') || FIELD_GROUPS.event.some((one) => one === field);
  return isEvent ? 'event' : 'session';
}
