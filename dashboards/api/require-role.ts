import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Authenticated } from './principal.ts';
import { refuse } from './refusal.ts';
import type { Role } from './sign-in/accounts.ts';
import { mayActAs } from './sign-in/guard.ts';

/**
 * Answers 403 to whoever's role allows less than `least`, and to every API key: who has found one must not be able to
 * change who may come in, or what is kept.
 */
export function requireRole(least: Role): MiddlewareHandler<Authenticated> {
  return createMiddleware<Authenticated>(async (c, next) => {
    if (c.req.header('authorization') !== undefined) {
      return refuse(c, 403, {
        code: 'not_allowed',
        message: 'This is for people who are signed in, not for API keys',
      });
    }
    const { role } = c.get('principal');
    if (mayActAs({ role }, least)) return next();
    return refuse(c, 403, {
      code: 'not_allowed',
      message: `This needs the role "${least}", and you are "${role}"`,
    });
  });
}
