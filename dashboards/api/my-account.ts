/** `/api/me/…`: what everybody may change of their own: password and open sessions. Not for API keys. */
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { recordAudit } from './audit.ts';
import type { Authenticated } from './principal.ts';
import { readJson } from './read-json.ts';
import { refuse, toRefusal } from './refusal.ts';
import { requireRole } from './require-role.ts';
import type { Accounts } from './sign-in/accounts.ts';
import type { AttemptLimit } from './sign-in/attempts.ts';
import { SESSION_COOKIE } from './sign-in/guard.ts';
import { PASSWORD_LENGTH } from './sign-in/password.ts';
import { sessionIdOf, type UserCredentials } from './sign-in/user-credentials.ts';

export type MyAccountWorld = {
  accounts: Accounts;
  credentials: Pick<UserCredentials, 'sessions' | 'endSession' | 'endOtherSessions'>;
  storage: Pick<Storage, 'insert'>;
  /** Bounds guessing: whoever finds an unlocked screen must not try passwords there. */
  attempts: AttemptLimit;
  now: () => number;
};

const { least, most } = PASSWORD_LENGTH;
export const passwordBody = z.strictObject({
  /** '' where there is none yet. */
  current: z.string().max(most),
  next: z.string().min(least, `Expected at least ${least} characters`).max(most),
});

export function myAccountRoutes(world: MyAccountWorld): Hono<Authenticated> {
  const { accounts, credentials, attempts } = world;
  const app = new Hono<Authenticated>();
  app.use(requireRole('viewer'));

  app.get('/sessions', async (c) => {
    const rows = await credentials.sessions(c.get('principal').userId);
    return c.json({ rows, current: sessionIdOf(getCookie(c, SESSION_COOKIE) ?? '') });
  });
  app.delete('/sessions', async (c) => {
    await credentials.endOtherSessions(c.get('principal').userId, getCookie(c, SESSION_COOKIE) ?? '');
    return c.body(null, 204);
  });
  app.delete('/sessions/:id', async (c) => {
    const id = c.req.param('id');
    if (await credentials.endSession(c.get('principal').userId, id)) return c.body(null, 204);
    return refuse(c, 404, { code: 'unknown_session', message: `You have no open session "${id}"` });
  });

  app.put('/password', async (c) => {
    const sent = await readJson(c);
    if ('refused' in sent) return sent.refused;
    const body = passwordBody.safeParse(sent.value);
    if (!body.success) return refuse(c, 400, toRefusal(body.error, undefined));
    const { userId } = c.get('principal');
    const user = await accounts.findById(userId);
    if (!user) return refuse(c, 404, { code: 'unknown_member', message: 'There is no such member any more' });
    const waitSeconds = attempts.take(user.email, `session of ${userId}`);
    if (waitSeconds > 0) {
      c.header('retry-after', String(waitSeconds));
      const message = `Too many attempts: wait ${Math.ceil(waitSeconds / 60)} minutes, then try again`;
      return refuse(c, 429, { code: 'busy', message });
    }
    const isRight = !user.hasPassword || (await accounts.checkPassword(user.email, body.data.current));
    if (!isRight)
      return refuse(c, 400, {
        code: 'wrong_password',
        field: 'current',
        message: 'The current password is another',
      });
    attempts.forgive(user.email, `session of ${userId}`);
    await accounts.setPassword(userId, body.data.next);
    await credentials.endOtherSessions(userId, getCookie(c, SESSION_COOKIE) ?? '');
    await recordAudit(world, { siteId: '', userId, action: 'password_changed', subject: user.email });
    return c.body(null, 204);
  });
  return app;
}
