import { expect, test } from 'vitest';
import {
  type Definition,
  fromParameters,
  moveStep,
  NEW_FUNNEL,
  parseDefinition,
  toParameters,
  toSavedBody,
  writeDefinition,
} from '../../../dashboards/app/pages/funnels/definition.ts';
import { funnelShape } from '../../../dashboards/reports/funnel/parameters.ts';

const STEP = { anyOf: ['/'] as [string, ...string[]], filters: [], isOptional: false, withinMs: undefined };

const FULL: Definition = {
  steps: [
    STEP,
    { ...STEP, anyOf: ['/blog/*', 'Newsletter'], isOptional: true },
    { ...STEP, anyOf: ['~^/p/\\d+$'], filters: [{ field: 'source', operator: 'is', values: ['google'] }] },
    { ...STEP, anyOf: ['Purchase'], withinMs: 3_600_000 },
  ],
  order: 'strict',
  windowMs: 86_400_000,
  countBy: 'session',
  exclusions: [{ what: '/help', after: 1, before: 3 }],
  breakdown: { property: 'device', attribution: 'last' },
  isFirstTime: true,
};

test('a funnel comes back from the address as it was', () => {
  expect(parseDefinition(writeDefinition(FULL))).toEqual(FULL);
});

test('what is no funnel is none', () => {
  for (const text of ['', '{', '[]', 'null', '{"s":[]}', '{"s":"x"}'])
    expect(parseDefinition(text)).toBeUndefined();
});

test('the report API takes every funnel that the editor makes', () => {
  const asked = { period: { preset: '30d' }, ...toParameters(FULL) };

  expect(funnelShape.parse(asked)).toMatchObject({
    steps: [
      { page: { match: 'exact', path: '/' } },
      { anyOf: [{ page: { match: 'wildcard', path: '/blog/*' } }, { event: 'Newsletter' }], optional: true },
      { page: { match: 'regex', path: '^/p/\\d+$' }, filters: [{ field: 'source' }] },
      { event: 'Purchase', withinMs: 3_600_000 },
    ],
    order: 'strict',
    windowMs: 86_400_000,
    exclusions: [{ page: { path: '/help' }, after: 1, before: 3 }],
    firstTime: true,
  });
});

test('steps that are still empty are not asked for, and one step is no funnel', () => {
  const half = { ...NEW_FUNNEL, steps: [STEP, { ...STEP, anyOf: [''] as [string] }] };

  expect(toParameters(half)).toBeUndefined();
  expect(toParameters({ ...half, steps: [...half.steps, STEP] })?.steps).toHaveLength(2);
});

test('the first and the last step are never optional, wherever they were moved from', () => {
  const steps = moveStep(FULL.steps, 1, 0);

  expect(toParameters({ ...FULL, steps })?.steps[0]).not.toHaveProperty('optional');
});

test('a step moved out of bounds stays', () => {
  expect(moveStep(FULL.steps, 0, -1)).toEqual(FULL.steps);
  expect(moveStep(FULL.steps, 0, 3).map((step) => step.anyOf[0])).toEqual([
    '/blog/*',
    '~^/p/\\d+$',
    'Purchase',
    '/',
  ]);
});

test('a saved funnel opens as it was saved', () => {
  expect(fromParameters(toSavedBody(FULL))).toEqual(FULL);
  expect(
    fromParameters({ steps: [{ page: { match: 'prefix', path: '/blog' } }, { event: 'Purchase' }] })?.steps,
  ).toMatchObject([{ anyOf: ['/blog**'] }, { anyOf: ['Purchase'] }]);
});
