/** What monitors ask: is the process there, can it take events, does the database answer. */
import { Hono } from 'hono';

export type HealthWorld = {
  version: string;
  /** Why new events are refused at the moment; undefined if they are taken. */
  notReady: () => string | undefined;
  database: { ping(): Promise<boolean> };
};

const PATIENCE_MS = 2_000;

/** Whether the database answers; one that takes longer than a monitor waits counts as down. Never throws. */
export async function answersSoon(database: HealthWorld['database']): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([database.ping(), late]);
  } catch {
    return false; // It did not answer at all.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `/health/live` is 200 while the process answers. `/health/ready` is 200 while events are taken, which they are
 * without a database too: the spool holds them. `/health` tells both, and is 200 as long as events are taken.
 */
export function healthRoutes({ version, notReady, database }: HealthWorld): Hono {
  const app = new Hono();
  app.use('/health/*', async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.get('/health/live', (c) => c.json({ status: 'live' }));
  app.get('/health/ready', (c) => {
    const reason = notReady();
    return reason === undefined ? c.json({ status: 'ready' }) : c.json({ status: 'not_ready', reason }, 503);
  });
  app.get('/health', async (c) => {
    const reason = notReady();
    const isUp = await answersSoon(database);
    const body = {
      status: reason === undefined ? (isUp ? 'ok' : 'degraded') : 'not_ready',
      version,
      accepting: reason === undefined,
      database: isUp ? 'up' : 'down',
      ...(reason !== undefined && { reason }),
    };
    return c.json(body, reason === undefined ? 200 : 503);
  });
  return app;
}
