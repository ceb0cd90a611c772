/** What a board holds: tiles, each with the questions it asks. Checked when it is saved, so that a link can show no more. */
import { z } from 'zod';
import { findReport } from '../../reports/registry.ts';

/** What a tile may ask: numbers of many, never people one by one, never single events. */
export const TILE_REPORTS = [
  'overview',
  'breakdown',
  'conversion',
  'attribution',
  'retention',
  'stickiness',
  'lifecycle',
  'paths',
  'engagement',
  'web-vitals',
  'explore',
  'funnel',
] as const;
export type TileReport = (typeof TILE_REPORTS)[number];

/** How a tile draws its answers: dashboards/app/tiles has a view for each. */
export const TILE_VIEWS = [
  'overview',
  'breakdown',
  'conversion',
  'conversion_by',
  'conversion_course',
  'attribution',
  'retention',
  'retention_curve',
  'stickiness',
  'lifecycle',
  'paths',
  'engagement',
  'vitals',
  'vitals_by',
  'explore',
  'funnel',
  'funnel_times',
  'funnel_trend',
  'funnel_next',
  'funnel_separators',
] as const;
export type TileView = (typeof TILE_VIEWS)[number];

const MOST_TILES = 40;
/** Attribution asks once per model. */
const MOST_QUERIES = 6;
const MOST_OPTION_CHARACTERS = 20_000;

const queryShape = z
  .strictObject({ report: z.enum(TILE_REPORTS), parameters: z.record(z.string(), z.json()) })
  .superRefine(({ report, parameters }, context) => {
    // People have no place on a board: a funnel's numbers have.
    if ('people' in parameters) {
      context.addIssue({ code: 'custom', path: ['parameters', 'people'], message: 'Expected no people' });
    }
    const parsed = findReport(report)?.parameters.safeParse(parameters);
    for (const issue of parsed?.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: ['parameters', ...issue.path], message: issue.message });
    }
  });

export const tileShape = z.strictObject({
  id: z.uuid(),
  title: z.string().trim().min(1).max(200),
  view: z.enum(TILE_VIEWS),
  options: z
    .record(z.string(), z.json())
    .refine(
      (options) => JSON.stringify(options).length <= MOST_OPTION_CHARACTERS,
      `Expected at most ${MOST_OPTION_CHARACTERS} characters`,
    )
    .describe(
      'How the view draws: names of steps and series, the interval. Shown to whoever may see the tile.',
    ),
  queries: z.array(queryShape).min(1).max(MOST_QUERIES),
  width: z.number().int().min(1).max(3).describe('In columns of three'),
  height: z.number().int().min(1).max(3),
});

export const boardBody = z.strictObject({ tiles: z.array(tileShape).max(MOST_TILES) });

export type Tile = z.output<typeof tileShape>;
export type BoardBody = z.output<typeof boardBody>;
