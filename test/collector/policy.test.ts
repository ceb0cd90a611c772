import { afterEach, expect, test } from 'vitest';
import type { SiteSettings } from '../../collector/site-settings.ts';
import { DEFAULT_SETTINGS, parseSettings, toSettings } from '../../collector/site-settings.ts';
import { batch, openDoors, pageView } from './doors.ts';

let doors: Awaited<ReturnType<typeof openDoors>>;
afterEach(() => doors?.close());

async function send(
  settings: Partial<SiteSettings>,
  {
    event = {},
    changes = {},
    headers = {},
  }: { event?: object; changes?: object; headers?: Record<string, string> },
) {
  doors = await openDoors({ settings });
  return doors.post(batch([pageView({ ...event })], changes), headers);
}

const lasting = { anonymousId: 'device-1' };

test.each<[string, Partial<SiteSettings>, Parameters<typeof send>[1]]>([
  ['a page on a hostname that is not allowed', { allowedHostnames: ['blog.example'] }, {}],
  [
    'a sender on a hostname that is not allowed',
    { allowedHostnames: ['shop.example'] },
    { headers: { origin: 'https://elsewhere.example' } },
  ],
  ['an excluded address', { excludedAddresses: ['81.2.69.0/24'] }, {}],
  [
    'an excluded path',
    { excludedPaths: ['/admin/*'] },
    { event: { url: 'https://shop.example/admin/users' } },
  ],
  ['no consent where it is required', { consent: 'required' }, {}],
  [
    'consent denied, where then nothing is counted',
    { whenDenied: 'nothing' },
    { changes: { consent: 'denied' } },
  ],
  [
    'Global Privacy Control, where it is so set',
    { privacySignals: 'nothing' },
    { headers: { 'sec-gpc': '1' } },
  ],
])('%s: not stored, and counted as policy', async (_, settings, sent) => {
  const answer = await send(settings, sent);

  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 0, refused: [{ index: 0, reason: 'policy' }] });
  expect(doors.rows).toEqual([]);
  expect(doors.counters.read().get('shop')?.dropped).toEqual({ policy: 1 });
});

test.each<[string, Partial<SiteSettings>, Parameters<typeof send>[1]]>([
  ['a hostname below an allowed one', { allowedHostnames: ['*.example'] }, {}],
  [
    'another path',
    { excludedPaths: ['/admin/*'] },
    { event: { url: 'https://shop.example/administration' } },
  ],
  ['another address', { excludedAddresses: ['81.2.70.0/24', 'nonsense'] }, {}],
  ['consent given', { consent: 'required' }, { changes: { consent: 'granted' } }],
])('%s: stored', async (_, settings, sent) => {
  const answer = await send(settings, sent);

  expect(answer.body).toEqual({ accepted: 1, refused: [] });
});

test.each<[string, Partial<SiteSettings>, Parameters<typeof send>[1]]>([
  ['denied', {}, { changes: { ...lasting, consent: 'denied' } }],
  ['by Global Privacy Control', {}, { changes: lasting, headers: { 'sec-gpc': '1' } }],
  ['by Do Not Track', {}, { changes: lasting, headers: { dnt: '1' } }],
])('where following is refused (%s) a lasting id is taken off', async (_, settings, sent) => {
  await send(settings, sent);

  expect(doors.rows).toHaveLength(1);
  expect(doors.rows[0]?.anonymous_id).toBeUndefined();
});

test('consent outranks the browser’s general signal', async () => {
  await send({}, { changes: { ...lasting, consent: 'granted' }, headers: { 'sec-gpc': '1' } });

  expect(doors.rows[0]?.anonymous_id).toBe('device-1');
});

test('settings a person has typed are checked; settings in the table are read as far as they go', () => {
  expect(() => parseSettings({ consent: 'maybe' })).toThrow();
  expect(() => parseSettings({ consnet: 'required' })).toThrow();
  expect(toSettings('{"consent":"required","retentionDays":"forever","laterSetting":1}')).toEqual({
    ...DEFAULT_SETTINGS,
    consent: 'required',
  });
  expect(toSettings('nonsense')).toEqual(DEFAULT_SETTINGS);
});
