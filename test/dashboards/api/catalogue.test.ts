import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAudit } from '../../../dashboards/api/audit.ts';
import { ROLES } from '../../../dashboards/api/sign-in/accounts.ts';
import { startTestEngine, type TestEngine } from '../../engine.ts';
import { at, putEvents } from '../reports/ask.ts';
import { type Served, serveApi } from './served.ts';

let engine: TestEngine;
let app: Served['app'];
const headers: Record<string, Record<string, string>> = {};
let nowMs = at('2026-11-22 12:00');
const now = () => {
  nowMs += 1;
  return nowMs;
};

beforeAll(async () => {
  engine = await startTestEngine();
  const { storage } = engine;
  const { app: served, signedIn, keyOf } = await serveApi(engine, now);
  app = served;
  for (const role of ROLES) {
    headers[role] = signedIn[role];
    headers[`${role}'s key`] = await keyOf(role, 'shop');
  }
  await storage.insert('sites', [
    { site_id: 'shop', name: 'Shop', settings: '{}' },
    { site_id: 'blog', name: 'Blog', settings: '{}' },
  ]);
});
afterAll(() => engine.stop());

async function send(method: string, path: string, body?: unknown, who = 'admin', site = 'shop') {
  const answer = await app.request(`/api/sites/${site}/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers[who] },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

const period = { from: '2026-11-20', to: '2026-11-22' };

describe('naming', () => {
  beforeAll(() =>
    putEvents(engine, 'shop', [
      { visitor: 'ann', timeMs: at('2026-11-20 10:00'), name: 'sign/up' },
      { visitor: 'ben', timeMs: at('2026-11-20 10:00'), name: 'Sign Up' },
    ]),
  );

  test('an analyst names an event, reports follow, the log says so, and SQL still knows what was sent', async () => {
    const named = await send('PUT', 'catalogue/events/sign%2Fup', { calledAs: 'Sign Up' }, 'analyst');
    const asked = await send('POST', 'reports/breakdown', { period, dimension: 'event' });
    const sql = 'SELECT name FROM site_events GROUP BY name ORDER BY name';
    const sent = await send('POST', 'sql', { period, sql });
    const rules = await send('GET', 'catalogue/rules');

    expect(named).toEqual({ status: 200, body: { name: 'sign/up', calledAs: 'Sign Up' } });
    expect(asked.body.rows).toMatchObject([{ value: 'Sign Up', visitors: 2 }]);
    expect(sent.body.rows).toEqual([{ name: 'Sign Up' }, { name: 'sign/up' }]);
    expect(rules.body).toEqual({
      events: [{ name: 'sign/up', calledAs: 'Sign Up' }],
      properties: [],
      exclusions: [],
    });
    expect((await readAudit(engine.storage, { siteId: 'shop' }))[0]).toMatchObject({
      email: 'analyst@example.com',
      action: 'catalogue_changed',
      subject: 'sign/up',
      details: { kind: 'event', calledAs: 'Sign Up' },
    });
  });

  test('taking the name back gives the event its own', async () => {
    expect((await send('DELETE', 'catalogue/events/sign%2Fup')).status).toBe(204);

    const { body } = await send('POST', 'reports/breakdown', { period, dimension: 'event' });
    expect(body.rows.map(({ value }: { value: string }) => value)).toEqual(['Sign Up', 'sign/up']);
  });

  test('a viewer may not name, and nothing may be named like a kind of event', async () => {
    expect((await send('PUT', 'catalogue/events/x', { calledAs: 'y' }, 'viewer')).status).toBe(403);
    expect(await send('PUT', 'catalogue/events/x', { calledAs: 'page_view' })).toMatchObject({
      status: 400,
      body: { error: { field: 'calledAs' } },
    });
  });
});

describe('exclusions', () => {
  test('an admin sees what one would take out, adds it, and takes it back; the log has both', async () => {
    await putEvents(engine, 'blog', [
      { visitor: 'ann', timeMs: at('2026-11-20 10:00'), path: '/' },
      { visitor: 'ben', timeMs: at('2026-11-20 10:00'), path: '/preview/1' },
      { visitor: 'ben', timeMs: at('2026-11-20 10:01'), path: '/preview/2' },
    ]);
    const rule = { reason: 'path', page: { match: 'wildcard', path: '/preview/*' } };
    const visitors = async () =>
      (await send('POST', 'reports/overview', { period }, 'admin', 'blog')).body.totals.visitors;

    const preview = await send('POST', 'catalogue/exclusions/preview', { rule, period }, 'admin', 'blog');
    const added = await send('POST', 'catalogue/exclusions', rule, 'admin', 'blog');

    expect(preview.body).toMatchObject({ events: 2, visitors: 1 });
    expect(added).toMatchObject({ status: 201, body: rule });
    expect(await visitors()).toBe(1);
    expect(
      (await send('DELETE', `catalogue/exclusions/${added.body.id}`, undefined, 'admin', 'blog')).status,
    ).toBe(204);
    expect(await visitors()).toBe(2);
    expect((await readAudit(engine.storage, { siteId: 'blog' })).map(({ action }) => action)).toEqual([
      'exclusion_removed',
      'exclusion_added',
    ]);
  });
});

describe('deletion', () => {
  const staging = { period, hostname: '*.staging.example' };
  const onStaging = { hostname: 'a.staging.example' };

  test('counts first, deletes what was counted, makes orders and identities anew, and is written down', async () => {
    const { storage } = engine;
    await storage.insert('sites', [{ site_id: 'cleaned', name: 'Cleaned', settings: '{}' }]);
    await putEvents(engine, 'cleaned', [
      {
        visitor: 'ann',
        timeMs: at('2026-11-20 10:00'),
        name: 'Buy',
        orderId: 'A1',
        revenueCents: 500,
        currency: 'EUR',
        extra: onStaging,
      },
      {
        visitor: 'ann',
        timeMs: at('2026-11-20 10:05'),
        name: 'Buy',
        orderId: 'A1',
        revenueCents: 500,
        currency: 'EUR',
      },
      {
        visitor: 'ben',
        timeMs: at('2026-11-20 10:00'),
        kind: 'identify',
        name: 'identify',
        userId: 'tester',
        extra: onStaging,
      },
      { visitor: 'ben', timeMs: at('2026-11-20 10:01'), path: '/' },
      { visitor: 'cat', timeMs: at('2026-11-20 10:00'), path: '/', extra: onStaging },
    ]);
    await putEvents(engine, 'untouched', [
      { visitor: 'ann', timeMs: at('2026-11-20 10:00'), name: 'Buy', orderId: 'A1', extra: onStaging },
    ]);
    const revenue = async () => {
      const goal = { event: 'Buy' };
      const { body } = await send('POST', 'reports/conversion', { period, goal }, 'owner', 'cleaned');
      return (body.totals ?? body.rows[0]).revenue;
    };
    const users = async () => {
      const { body } = await send('POST', 'reports/people', { period }, 'owner', 'cleaned');
      return body.rows.map((row: { user_id: string }) => row.user_id).sort();
    };
    expect(await revenue()).toEqual([{ currency: 'EUR', amount: 5 }]);
    expect(await users()).toEqual(['', '', 'tester']);

    const preview = await send('POST', 'deletions/preview', staging, 'owner', 'cleaned');
    const stale = await send('POST', 'deletions', { ...staging, expectedEvents: 2 }, 'owner', 'cleaned');
    const done = await send('POST', 'deletions', { ...staging, expectedEvents: 3 }, 'owner', 'cleaned');

    expect(preview.body).toMatchObject({ events: 3, visitors: 3, orders: 1 });
    expect(stale).toMatchObject({ status: 409, body: { error: { code: 'changed', found: '3' } } });
    expect(done).toMatchObject({ status: 200, body: { deleted: { events: 3 } } });
    const left = await storage.query('SELECT count() AS events FROM events WHERE site_id = {site:String}', {
      parameters: { site: 'cleaned' },
    });
    expect(left.rows).toEqual([{ events: 2 }]);
    // The order counts at the event that is left; the tester's name went with the event that told it.
    expect(await revenue()).toEqual([{ currency: 'EUR', amount: 5 }]);
    expect(await users()).toEqual(['', '']);
    const others = await storage.query(
      'SELECT site_id, count() AS orders FROM orders GROUP BY site_id ORDER BY site_id',
    );
    expect(others.rows).toEqual([
      { site_id: 'cleaned', orders: 1 },
      { site_id: 'untouched', orders: 1 },
    ]);
    expect(await readAudit(storage, { siteId: 'cleaned' })).toMatchObject([
      {
        action: 'events_deleted',
        email: 'owner@example.com',
        details: { phase: 'done', events: 3, hostname: '*.staging.example' },
      },
      { action: 'events_deleted', details: { phase: 'begun', events: 3 } },
    ]);
  });

  test('is for owners and admins who are signed in, and for nobody else', async () => {
    const allowed = ['owner', 'admin'];
    for (const who of Object.keys(headers)) {
      const { status } = await send('POST', 'deletions/preview', { period, event: 'x' }, who);
      expect([who, status]).toEqual([who, allowed.includes(who) ? 200 : 403]);
    }
    expect(
      (await send('POST', 'deletions', { period, event: 'x', expectedEvents: 0 }, 'analyst')).status,
    ).toBe(403);
  });

  test('without a word on what is to go it is refused', async () => {
    expect(await send('POST', 'deletions/preview', { period })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('to delete everything, remove the site') } },
    });
  });
});
