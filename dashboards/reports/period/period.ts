/** Which days a report is about: whole local days of the site's time zone, so that a day of a clock change has 23 or 25 hours. */
import { z } from 'zod';
import { addDays, addMonths, countDays, isDay, startOfDay, toLocalDay } from './calendar.ts';

export const PRESETS = [
  'today',
  'yesterday',
  '7d',
  '28d',
  '30d',
  '90d',
  '12m',
  'month',
  'last_month',
  'year',
  'all',
] as const;
export type Preset = (typeof PRESETS)[number];

export const day = z
  .string()
  .refine(isDay, 'Expected a day that exists, like "2026-11-22"')
  .describe('A local day of the site, like "2026-11-22"');

const days = z.strictObject({ from: day, to: day }).refine(({ from, to }) => from <= to, {
  message: 'Expected the first day not to lie after the last',
  path: ['from'],
});

export const periodShape = z
  .union([days, z.strictObject({ preset: z.enum(PRESETS) })])
  .describe(
    'Whole local days in the time zone of the site, both ends included; or a named range that ends today.',
  );

export const comparisonShape = z
  .discriminatedUnion('mode', [
    z.strictObject({
      mode: z.enum(['previous_period', 'year_before']),
      alignWeekdays: z
        .boolean()
        .optional()
        .describe('Move the compared days so that they begin on the same weekday.'),
    }),
    z.strictObject({ mode: z.literal('custom'), from: day, to: day }),
  ])
  .describe('Which days to compare with. Of an unfinished period the same elapsed part is compared.');

export type PeriodParameter = z.infer<typeof periodShape>;
export type ComparisonParameter = z.infer<typeof comparisonShape>;

/** Half-open in time; `from` and `to` are the local days at both ends, both included. */
export type Period = { from: string; to: string; fromMs: number; toMs: number };

/** What "today" and "all" mean depends on the site and on the moment. `firstDay` is '' before the first event. */
export type PeriodContext = { timeZone: string; nowMs: number; firstDay: string };

export function resolvePeriod(asked: PeriodParameter, context: PeriodContext): Period {
  if ('from' in asked) return toPeriod(asked.from, asked.to, context.timeZone);
  const today = toLocalDay(context.nowMs, context.timeZone);
  const [from, to] = daysOf(asked.preset, today, context.firstDay);
  return toPeriod(from, to, context.timeZone);
}

function daysOf(preset: Preset, today: string, firstDay: string): [string, string] {
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  switch (preset) {
    case 'today':
      return [today, today];
    case 'yesterday':
      return [addDays(today, -1), addDays(today, -1)];
    case '7d':
    case '28d':
    case '30d':
    case '90d':
      return [addDays(today, 1 - Number.parseInt(preset, 10)), today];
    case '12m':
      return [addMonths(firstOfMonth, -11), today];
    case 'month':
      return [firstOfMonth, today];
    case 'last_month':
      return [addMonths(firstOfMonth, -1), addDays(firstOfMonth, -1)];
    case 'year':
      return [`${today.slice(0, 4)}-01-01`, today];
    case 'all':
      return [firstDay !== '' && firstDay < today ? firstDay : today, today];
  }
}

/** The days to compare with; of a period that is not over, as much of them as has passed of it. */
export function resolveComparison(
  asked: ComparisonParameter,
  period: Period,
  context: PeriodContext,
): Period {
  const compared = comparedDays(asked, period, context.timeZone);
  const elapsedMs = context.nowMs - period.fromMs;
  if (context.nowMs >= period.toMs || elapsedMs <= 0) return compared;
  // By the clock on the wall, not by hours passed: a day of a clock change would shift all that follows.
  const today = toLocalDay(context.nowMs, context.timeZone);
  const todayMs = startOfDay(today, context.timeZone);
  const sameDay = addDays(compared.from, countDays(period.from, today) - 1);
  const cutMs = startOfDay(sameDay, context.timeZone) + (context.nowMs - todayMs);
  return { ...compared, toMs: Math.min(compared.toMs, cutMs) };
}

function comparedDays(asked: ComparisonParameter, period: Period, timeZone: string): Period {
  if (asked.mode === 'custom') return toPeriod(asked.from, asked.to, timeZone);
  const [from, to] = asked.mode === 'year_before' ? yearBefore(period) : previous(period);
  const shift = asked.alignWeekdays ? weekdayShift(from, period.from) : 0;
  return toPeriod(addDays(from, shift), addDays(to, shift), timeZone);
}

function yearBefore({ from, to }: Period): [string, string] {
  return [addMonths(from, -12), addMonths(to, -12)];
}

/** As many days right before; of whole months, the whole months before. */
function previous({ from, to }: Period): [string, string] {
  if (from.endsWith('-01') && addDays(to, 1).endsWith('-01')) {
    const months = monthsBetween(from, addDays(to, 1));
    return [addMonths(from, -months), addDays(from, -1)];
  }
  return [addDays(from, -countDays(from, to)), addDays(from, -1)];
}

function monthsBetween(from: string, to: string): number {
  return (
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7))
  );
}

/** The fewest days, forward or back, that bring `from` onto the weekday of `target`. */
function weekdayShift(from: string, target: string): number {
  const apart = (new Date(target).getUTCDay() - new Date(from).getUTCDay() + 7) % 7;
  return apart > 3 ? apart - 7 : apart;
}

export function toPeriod(from: string, to: string, timeZone: string): Period {
  return { from, to, fromMs: startOfDay(from, timeZone), toMs: startOfDay(addDays(to, 1), timeZone) };
}
