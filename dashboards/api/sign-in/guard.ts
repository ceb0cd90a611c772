/** Who is asking, and whether they may: the middlewares before every page and answer that is not public. */
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Refusal } from '../../../collector/protocol.ts';
import { type Accounts, ROLES, type Role, type User } from './accounts.ts';

/** What handlers behind `requireUser` find in their context: `c.var.user`. */
export type SignedIn = { Variables: { user: User } };

export const SESSION_COOKIE = 'footfall_session';

/** Answers 401 to strangers and 403 to those whose role allows less than `least`. */
export function requireUser(accounts: Accounts, least: Role = 'viewer'): MiddlewareHandler<SignedIn> {
  return createMiddleware<SignedIn>(async (c, next) => {
    const user = await currentUser(c, accounts);
    if (!user) return c.json(refusal('signed_out', 'Sign in first'), 401);
    if (!mayActAs(user, least)) {
      return c.json(
        refusal('not_allowed', `This needs the role "${least}", and you are "${user.role}"`),
        403,
      );
    }
    c.set('user', user);
    return next();
  });
}

/** The user whose session cookie the request bears. */
export async function currentUser(c: Context, accounts: Accounts): Promise<User | undefined> {
  const secret = getCookie(c, SESSION_COOKIE);
  return secret ? accounts.findBySession(secret) : undefined;
}

export function mayActAs(user: Pick<User, 'role'>, least: Role): boolean {
  return ROLES.indexOf(user.role) <= ROLES.indexOf(least);
}

/**
 * Refuses with 403 what another site's page makes a browser send: a signed-in person's cookie comes along, their
 * wish does not. Requests that bear neither header come from programs, which hold no cookie unless they mean to.
 */
export function sameOrigin(publicUrl: () => string): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    if (/^(GET|HEAD|OPTIONS)$/.test(c.req.method)) return next();
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const isOwn =
      site !== undefined ? site === 'same-origin' || site === 'none' : isOwnOrigin(c, origin, publicUrl());
    if (isOwn) return next();
    return c.json(
      refusal('foreign_origin', `Expected a request from Footfall's own pages, got one from ${origin}`),
      403,
    );
  });
}

function isOwnOrigin(c: Context, origin: string | undefined, publicUrl: string): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false; // "null": a sandboxed frame or a file
  return [c.req.header('host'), new URL(publicUrl).host].includes(new URL(origin).host);
}

function refusal(code: string, message: string): Refusal {
  return { error: { code, message } };
}
