/** `/metrics`, for the operator's own monitoring only: the numbers of all sites are in it. */
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { type MetricsWorld, metricsText } from './metrics.ts';

export type MetricsAccess = {
  /** Whoever bears it may read; undefined: this machine alone may. */
  token: string | undefined;
  /** Whether the request came from this very machine, and not through a proxy on it. */
  isLocal: (c: Context) => boolean;
};

export function metricsRoutes(world: MetricsWorld, access: MetricsAccess): Hono {
  const app = new Hono();
  app.get('/metrics', async (c) => {
    if (!mayRead(c, access))
      return c.text('Expected a bearer token (FOOTFALL_METRICS_TOKEN), or this machine.\n', 403);
    return c.body(await metricsText(world), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    });
  });
  return app;
}

function mayRead(c: Context, { token, isLocal }: MetricsAccess): boolean {
  if (token === undefined) return isLocal(c);
  const given = Buffer.from(c.req.header('authorization')?.replace(/^Bearer /, '') ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
