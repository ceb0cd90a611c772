/** The numbers that overview and every breakdown share: their SQL, their types, their definitions in one sentence each. */
import { z } from 'zod';

const count = z.number().int();
const share = z.number().nullable();

export const metricsShape = {
  visitors: count,
  sessions: count,
  page_views: count,
  bounce_rate: share,
  session_duration_ms: share,
  engaged_ms: share,
  views_per_session: share,
} as const;

export type Metrics = z.infer<z.ZodObject<typeof metricsShape>>;

export const METRIC_DEFINITIONS = {
  visitors:
    'Different persons (the identified user, else the visitor) with a session that has an event in the period. Without a lasting id a visitor is one for a UTC day, so over several days this is counted per day.',
  sessions:
    'A visitor’s events with no gap over 30 minutes; counted wherever it has an event. Server events make none.',
  page_views: 'Page views in the period, single-page navigations included.',
  bounce_rate: 'Sessions with one page view and no other interaction ÷ sessions.',
  session_duration_ms: 'Last minus first event of the session, mean over the sessions.',
  engaged_ms:
    'Milliseconds for which a page was visible and focused, as measured in it, mean over the sessions.',
  views_per_session: 'Page views ÷ sessions.',
} as const satisfies Record<keyof typeof metricsShape, string>;
