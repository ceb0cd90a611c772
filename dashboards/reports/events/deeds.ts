/** What a visitor does, beside what only goes with it: engagement, vitals, errors, identify, … */
import { sql } from '../../sql.ts';

/** DESIGN §4, `strict`: engagement, vitals, errors and identify do not count. */
export const IS_DEED = sql`kind IN ('page_view', 'screen', 'custom', 'form_submit', 'click', 'rage_click', 'dead_click', 'outbound_link', 'file_download')`;

/** All other kinds; their events bear them as names. */
export const NO_DEEDS: readonly string[] = [
  'engagement',
  'web_vitals',
  'error',
  'identify',
  'group',
  'reset',
  'alias',
];
