/** Who is asking: a signed-in person by the session cookie, or a program by an API key. */
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { refuse } from './refusal.ts';
import type { Accounts, Role } from './sign-in/accounts.ts';
import { currentUser, mayActAs, sameOrigin } from './sign-in/guard.ts';

/** What an API key may be made for. `import`: to bring events of any time, at the collector's doors. */
export const SCOPES = ['read', 'sql', 'write', 'import'] as const;
export type Scope = (typeof SCOPES)[number];

export type Principal = {
  userId: string;
  role: Role;
  /** What may be done at most, whatever the role. */
  scopes: readonly Scope[];
  /** The one site that may be seen; undefined: all. */
  siteId: string | undefined;
};

export type Authenticated = { Variables: { principal: Principal } };

export type PrincipalWorld = {
  accounts: Accounts;
  apiKeys: { find(secret: string): Promise<Principal | undefined> };
  publicUrl: () => string;
};

/** Who sent the request; undefined for strangers. Never throws but for the database. */
export async function authenticate(
  c: Context,
  { accounts, apiKeys }: PrincipalWorld,
): Promise<Principal | undefined> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return apiKeys.find(bearer);
  const user = await currentUser(c, accounts);
  return user && { userId: user.userId, role: user.role, scopes: SCOPES, siteId: undefined };
}

/** Answers 401 to strangers. A cookie counts only on requests from our own pages; a key needs no page. */
export function requirePrincipal(world: PrincipalWorld): MiddlewareHandler<Authenticated> {
  const isOurs = sameOrigin(world.publicUrl);
  return createMiddleware<Authenticated>(async (c, next) => {
    c.header('cache-control', 'no-store');
    const principal = await authenticate(c, world);
    if (!principal)
      return refuse(c, 401, {
        code: 'signed_out',
        message: 'Sign in first, or send an API key as "Authorization: Bearer …"',
      });
    c.set('principal', principal);
    return c.req.header('authorization') ? next() : isOurs(c, next);
  });
}

const LEAST_ROLE: Record<Scope, Role> = {
  read: 'viewer',
  sql: 'analyst',
  write: 'analyst',
  import: 'analyst',
};

/** Answers 403 to those who may not do this, on any site. */
export function requireScope(scope: Scope): MiddlewareHandler<Authenticated> {
  return createMiddleware<Authenticated>(async (c, next) => {
    const { role, scopes } = c.get('principal');
    if (!scopes.includes(scope)) {
      return refuse(c, 403, { code: 'not_allowed', message: `This API key lacks the scope "${scope}"` });
    }
    if (!mayActAs({ role }, LEAST_ROLE[scope])) {
      return refuse(c, 403, {
        code: 'not_allowed',
        message: `This needs the role "${LEAST_ROLE[scope]}", and you are "${role}"`,
      });
    }
    return next();
  });
}
