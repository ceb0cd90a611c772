import { expect, test } from 'vitest';
import {
  type Definition,
  NEW_SERIES,
  parseDefinition,
  START,
  toParameters,
  withoutSeries,
  writeDefinition,
} from '../../../dashboards/app/pages/explore/definition.ts';
import { toLines, toTable } from '../../../dashboards/reports/explore/lines.ts';
import { exploreParameters } from '../../../dashboards/reports/explore/report.ts';

const WHOLE: Definition = {
  series: [
    { what: '/pricing', filters: [], metric: 'people', property: '' },
    {
      what: 'Purchase',
      filters: [{ field: 'property:plan', operator: 'is', values: ['pro', 'a,b:c'] }],
      metric: 'p90',
      property: 'price',
    },
  ],
  ratio: { of: 2, to: 1 },
  by: ['source', 'property:plan'],
  interval: 'week',
};

test('a question comes back from the address as it was', () => {
  expect(parseDefinition(writeDefinition(WHOLE))).toEqual(WHOLE);
  expect(parseDefinition(writeDefinition(START))).toEqual(START);
});

test('what a question is asked with is what the report takes', () => {
  const asked = toParameters(WHOLE);

  expect(exploreParameters.parse({ period: { preset: '7d' }, ...asked }).series).toEqual([
    { event: { page: { match: 'exact', path: '/pricing' } }, metric: 'people' },
    {
      event: {
        event: 'Purchase',
        filters: [{ field: 'property:plan', operator: 'is', values: ['pro', 'a,b:c'] }],
      },
      metric: 'p90',
      property: 'price',
    },
  ]);
});

test('a series without an event, or without the property it sums up, is not asked for', () => {
  expect(toParameters({ ...START, series: [NEW_SERIES] })).toBeUndefined();
  expect(
    toParameters({ ...START, series: [{ ...NEW_SERIES, what: 'Purchase', metric: 'sum' }] }),
  ).toBeUndefined();
});

test('a ratio follows its series when another is taken away, and goes with its own', () => {
  const three = {
    ...WHOLE,
    series: [...WHOLE.series, WHOLE.series[0] ?? NEW_SERIES],
    ratio: { of: 3, to: 2 },
  };

  expect(withoutSeries(three, 0).ratio).toEqual({ of: 2, to: 1 });
  expect(withoutSeries(three, 1).ratio).toBeUndefined();
});

test('what was mistyped is left out, the rest holds', () => {
  expect(
    parseDefinition('{"s":[{"e":"Purchase","m":"nonsense"}],"r":[1,9],"by":["planet","source"]}'),
  ).toEqual({
    series: [{ what: 'Purchase', filters: [], metric: 'count', property: '' }],
    ratio: undefined,
    by: ['source'],
    interval: undefined,
  });
  expect(parseDefinition('{"s":')).toBeUndefined();
});

test('the table has a row per value, ranked by the first series, with the ratio beside', () => {
  const row = (series: number, value: string, result: number | null) => ({
    series,
    interval_start: '',
    interval_start_ms: 0,
    values: [value],
    result,
  });

  const table = toTable(
    toLines([
      row(0, 'a', 1),
      row(0, 'b', 0.5),
      row(1, 'a', 2),
      row(1, 'b', 40),
      row(2, 'a', 2),
      row(2, 'b', 20),
    ]),
  );

  expect(table.map(({ values, results }) => [values, [...results]])).toEqual([
    [
      ['b'],
      [
        [0, 0.5],
        [1, 40],
        [2, 20],
      ],
    ],
    [
      ['a'],
      [
        [0, 1],
        [1, 2],
        [2, 2],
      ],
    ],
  ]);
});
