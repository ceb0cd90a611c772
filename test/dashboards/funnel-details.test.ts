/** What a funnel tells besides its bars: times, people, where they went instead, what separates converters. */
import { expect, test } from 'vitest';
import { DAY, funnelOf, SHOP, story, time, withEngine } from './funnel-stories.ts';

withEngine();

test('trend, histogram, where they went instead, and the people with the events that matched', async () => {
  const answer = await funnelOf(
    [
      ...story('ann', '10:00 /', '10:02 cart', '10:10 buy'),
      ...story('ben', '11:00 /', '11:04 cart', '11:05 /help'),
      ...story('cat', '11:30 /', '11:31 cart'),
    ],
    {
      ...SHOP,
      trend: { interval: 'hour' },
      next: { step: 2, by: 'page' },
      people: { step: 2, outcome: 'dropped' },
    },
  );

  const hours = answer.trend?.filter(({ entered }) => entered > 0);
  expect(hours?.map((row) => [row.local_start, row.entered, row.converted, row.is_unfinished])).toEqual([
    ['2026-11-02 10:00:00', 1, 1, false],
    ['2026-11-02 11:00:00', 2, 0, false],
  ]);
  expect(answer.trend).toHaveLength(24);
  expect(answer.histogram.reduce((sum, bin) => sum + bin.people, 0)).toBe(1);
  expect(answer.histogram.at(-1)?.to_ms).toBeGreaterThan(600_000);
  expect(answer.next).toEqual([
    { label: '', from: '/', people: 1, share: 0.5, left: 1, onward: [] },
    { label: '/help', from: '', people: 1, share: 0.5, left: 1, onward: [] },
  ]);
  expect(answer.people?.total).toBe(2);
  expect(answer.people?.rows[1]).toMatchObject({
    entered: time('11:00'),
    furthest_step: 2,
    converted: false,
    events: [
      { step: 1, time: time('11:00'), name: 'page_view', path: '/' },
      { step: 2, time: time('11:04'), name: 'cart' },
    ],
  });
});

test('where they went instead: pages that fit the step are passed over, then what followed, or from where they left', async () => {
  const checkout = { page: { match: 'prefix', path: '/checkout' } };
  const asked = { ...DAY, steps: [{ event: 'cart' }, checkout, { event: 'buy' }], windowMs: 3_600_000 };
  const events = [
    // Both pages of the checkout fit the step.
    ...story('ann', '10:00 cart', '10:01 /checkout/address', '10:02 /checkout/delivery'),
    ...story('ben', '10:00 cart', '10:01 /checkout/address', '10:02 /checkout/delivery'),
    ...story('cat', '10:00 cart', '10:01 /checkout/address', '10:02 /checkout/delivery', '10:03 /returns'),
    // Reloads the page, then goes on, and comes back to the checkout; a click of no page is none.
    ...story('dan', '10:00 cart', '10:01 /checkout', '10:03 /returns', '10:04 /returns', '10:05 /checkout'),
    ...story('eve', '10:00 cart', '10:01 /checkout', '10:02 chat', '10:03 /returns', '10:04 /news'),
    // After the window is not "instead"; whoever never reached the step is not of it.
    ...story('fay', '10:00 cart', '10:01 /checkout', '11:30 /news'),
    ...story('gus', '10:00 cart', '10:01 /cart', '10:02 /news'),
    ...story('hal', '10:00 cart', '10:01 /checkout', '10:02 buy', '10:03 /news'),
  ];
  const nextOf = async (step: number, by: 'page' | 'event') =>
    (await funnelOf(events, { ...asked, next: { step, by } })).next;

  expect(await nextOf(2, 'page')).toEqual([
    {
      label: '/returns',
      from: '',
      people: 3,
      share: 0.5,
      left: 1,
      onward: [
        { label: '/checkout', people: 1 },
        { label: '/news', people: 1 },
      ],
    },
    { label: '', from: '/checkout/delivery', people: 2, share: 2 / 6, left: 2, onward: [] },
    { label: '', from: '/checkout', people: 1, share: 1 / 6, left: 1, onward: [] },
  ]);
  expect(await nextOf(1, 'page')).toEqual([
    { label: '/cart', from: '', people: 1, share: 1, left: 0, onward: [{ label: '/news', people: 1 }] },
  ]);
  const byEvent = await nextOf(2, 'event');
  expect(byEvent?.map(({ label, from, people }) => [label, from, people])).toEqual([
    ['', '/checkout/delivery', 2],
    ['page_view', '', 2],
    ['', '/checkout', 1],
    ['chat', '', 1],
  ]);
});

test('what separates converters: ten phones buy, ten desktops do not', async () => {
  const events = Array.from({ length: 20 }, (_, index) =>
    story(`v${index}`, '10:00 /', ...(index < 10 ? ['10:01 cart', '10:02 buy'] : ['10:01 help'])).map(
      (event) => ({
        ...event,
        device: index < 10 ? 'mobile' : 'desktop',
      }),
    ),
  ).flat();
  const answer = await funnelOf(events, { ...SHOP, separators: {} });

  const phone = answer.separators?.find(({ value }) => value === 'mobile');
  expect(phone).toMatchObject({
    kind: 'property',
    name: 'device',
    converted: 10,
    others: 0,
    others_total: 10,
  });
  // (10.5 × 10.5) ÷ (0.5 × 0.5), half a person added to each count.
  expect(phone?.odds_ratio).toBeCloseTo(441, 6);
  expect(phone?.odds_low).toBeGreaterThan(1);
  const help = answer.separators?.find(({ kind, name }) => kind === 'event' && name === 'help');
  expect(help).toMatchObject({ converted: 0, others: 10 });
});

test('what all who entered have in common separates nobody, nor does it that somebody viewed a page', async () => {
  const events = Array.from({ length: 20 }, (_, index) => {
    const ways = index < 10 ? ['10:01 /shop', '10:01 cart', '10:02 buy'] : ['10:05 help'];
    return story(`v${index}`, '10:00 start', ...ways).map((event) => ({
      ...event,
      device: index < 10 ? 'mobile' : 'desktop',
      country: 'DE',
      texts: event.name === 'start' ? { plan: 'pro', seat: index % 2 ? 'odd' : 'even' } : {},
    }));
  }).flat();
  const plan = { field: 'property:plan', operator: 'is', values: ['pro'] };
  const answer = await funnelOf(events, {
    ...DAY,
    steps: [{ event: 'start', filters: [plan] }, { event: 'cart' }, { event: 'buy' }],
    separators: { limit: 100 },
  });

  const found = answer.separators?.map(({ name, value }) => `${name} ${value}`.trim());
  expect(found).toEqual(
    expect.arrayContaining(['device mobile', 'device desktop', 'help', 'property:seat odd']),
  );
  expect(found?.filter((one) => /^(page_view|start|country|property:plan)/.test(one))).toEqual([]);
});
