import { isField } from '../../state/fields.ts';

/** The dimension that the rates are shown by. */
export type ConversionsSearch = { by?: string | undefined };

export function parseConversionsSearch(search: Record<string, unknown>): ConversionsSearch {
  return isField(search.by) ? { by: search.by } : {};
}
