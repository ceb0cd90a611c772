import { expect, test } from 'vitest';
import {
  comparedRange,
  intervalsFor,
  neighbour,
  resolve,
  todayIn,
} from '../../../dashboards/app/state/period.ts';
import { resolveComparison, resolvePeriod } from '../../../dashboards/reports/period/period.ts';

const TODAY = '2026-11-22';

test('a preset ends today, or with the month or day it names', () => {
  expect(resolve('7d', TODAY, '')).toEqual({ from: '2026-11-16', to: TODAY });
  expect(resolve('last_month', TODAY, '')).toEqual({ from: '2026-10-01', to: '2026-10-31' });
  expect(resolve('12m', TODAY, '')).toEqual({ from: '2025-12-01', to: TODAY });
  expect(resolve('all', TODAY, '2026-08-20')).toEqual({ from: '2026-08-20', to: TODAY });
  expect(resolve('all', TODAY, '')).toEqual({ from: TODAY, to: TODAY });
});

test('every preset and comparison means the same days here as in the report API', () => {
  const context = {
    timeZone: 'Europe/Berlin',
    nowMs: Date.parse('2026-11-22T11:00:00Z'),
    firstDay: '2026-08-20',
  };
  const presets = [
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

  for (const preset of presets) {
    const theirs = resolvePeriod({ preset }, context);
    const ours = resolve(preset, TODAY, context.firstDay);
    expect({ preset, ...ours }).toEqual({ preset, from: theirs.from, to: theirs.to });

    for (const mode of ['previous_period', 'year_before'] as const) {
      const compared = resolveComparison({ mode }, theirs, context);
      expect({ preset, mode, ...comparedRange(ours, mode) }).toEqual({
        preset,
        mode,
        from: compared.from,
        to: compared.to,
      });
    }
  }
});

test('the neighbour of whole months is whole months, also across February', () => {
  expect(neighbour({ from: '2026-03-01', to: '2026-03-31' }, -1)).toEqual({
    from: '2026-02-01',
    to: '2026-02-28',
  });
  expect(neighbour({ from: '2026-02-01', to: '2026-02-28' }, 1)).toEqual({
    from: '2026-03-01',
    to: '2026-03-31',
  });
  expect(neighbour({ from: '2026-01-01', to: '2026-02-28' }, 1)).toEqual({
    from: '2026-03-01',
    to: '2026-04-30',
  });
});

test('the neighbour of some days is as many days', () => {
  expect(neighbour({ from: '2026-11-16', to: '2026-11-22' }, -1)).toEqual({
    from: '2026-11-09',
    to: '2026-11-15',
  });
});

test('today is the date on the wall of the site', () => {
  const now = new Date('2026-11-22T23:30:00Z');

  expect(todayIn('Europe/Berlin', now)).toBe('2026-11-23');
  expect(todayIn('America/New_York', now)).toBe('2026-11-22');
});

test('an interval is offered that the graph can show, and the preferred one is among them', () => {
  for (const days of [0, 1, 6, 29, 89, 364, 900]) {
    const to = new Date(Date.parse('2026-01-01') + days * 86_400_000).toISOString().slice(0, 10);
    const { options, preferred } = intervalsFor({ from: '2026-01-01', to });

    expect(options).toContain(preferred);
  }
});
