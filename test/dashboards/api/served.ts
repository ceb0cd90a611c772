/** The API over a real engine, with a person of each role and an API key of each, ready to ask. */
import { createKeys } from '../../../collector/keys.ts';
import { createApiKeys } from '../../../dashboards/api/api-keys.ts';
import { apiRoutes } from '../../../dashboards/api/app.ts';
import { SCOPES, type Scope } from '../../../dashboards/api/principal.ts';
import { createAccounts, ROLES, type Role } from '../../../dashboards/api/sign-in/accounts.ts';
import { limitAttempts } from '../../../dashboards/api/sign-in/attempts.ts';
import { SESSION_COOKIE } from '../../../dashboards/api/sign-in/guard.ts';
import type { TestEngine } from '../../engine.ts';

export type Served = {
  app: ReturnType<typeof apiRoutes>;
  /** The headers of a signed-in person. */
  signedIn: Record<Role, Record<string, string>>;
  /** The headers of a program with a key of theirs; all scopes if none is named. */
  keyOf(role: Role, siteId: string, scopes?: readonly Scope[]): Promise<Record<string, string>>;
};

export async function serveApi({ storage, reader }: TestEngine, now: () => number): Promise<Served> {
  const accounts = createAccounts({ storage, now });
  const keys = createKeys({ storage, now });
  const apiKeys = createApiKeys({ storage, now, keys });
  const people = await Promise.all(
    ROLES.map(async (role) => {
      const { userId } = await accounts.create(`${role}@example.com`, role);
      const cookie = `${SESSION_COOKIE}=${await accounts.openSession(userId)}`;
      return { role, userId, cookie };
    }),
  );
  const find = (role: Role) => {
    const person = people.find((one) => one.role === role);
    if (!person) throw new Error(`Nobody is ${role}`);
    return person;
  };
  return {
    app: apiRoutes({
      accounts,
      attempts: limitAttempts(now),
      storage,
      reader,
      recentDrops: { read: () => [] },
      keys,
      publicUrl: () => 'http://localhost:8000',
      now,
      onSitesChanged: async () => {},
    }),
    signedIn: {
      owner: { cookie: find('owner').cookie },
      admin: { cookie: find('admin').cookie },
      analyst: { cookie: find('analyst').cookie },
      viewer: { cookie: find('viewer').cookie },
    },
    async keyOf(role, siteId, scopes = SCOPES) {
      const { secret } = await apiKeys.create({ userId: find(role).userId, label: role, siteId, scopes });
      return { authorization: `Bearer ${secret}` };
    },
  };
}
