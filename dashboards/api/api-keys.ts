/** Keys for programs: rows of `credentials`. A key is shown once, when it is made; stored is its SHA-256. */
import { randomBytes } from 'node:crypto';
import { createKeys, type Keys, toSecretHash } from '../../collector/keys.ts';
import type { Storage } from '../../collector/storage/storage.ts';
import { type Principal, SCOPES, type Scope } from './principal.ts';
import { ROLES } from './sign-in/accounts.ts';

/** Tells our keys from others, in logs and for secret scanners. */
const PREFIX = 'ffk_';
const LIFETIME_MS = 10 * 365 * 24 * 3_600_000;

export type ApiKey = {
  key_id: string;
  label: string;
  site_id: string;
  scopes: Scope[];
  created_time: string;
};

export type ApiKeys = ReturnType<typeof createApiKeys>;

/** Every method throws StorageError. */
export function createApiKeys({
  storage,
  now,
  keys = createKeys({ storage, now }),
}: {
  storage: Pick<Storage, 'query' | 'insert'>;
  now: () => number;
  /** The doors' own, so that one look-up serves both. */
  keys?: Keys;
}) {
  return {
    async find(secret: string): Promise<Principal | undefined> {
      if (!secret.startsWith(PREFIX)) return undefined;
      const key = await keys.find(secret);
      const role = ROLES.find((one) => one === key?.role);
      if (!key || !role) return undefined;
      const scopes = SCOPES.filter((scope) => key.scopes.includes(scope));
      return { userId: key.userId, role, scopes, siteId: key.siteId || undefined };
    },

    /** The key itself, and what is remembered of it. */
    async create(key: {
      userId: string;
      label: string;
      siteId: string;
      scopes: readonly Scope[];
    }): Promise<{ secret: string; keyId: string }> {
      const secret = `${PREFIX}${randomBytes(24).toString('base64url')}`;
      const at = now();
      await storage.insert('credentials', [
        {
          secret_hash: toSecretHash(secret),
          kind: 'api_key',
          user_id: key.userId,
          site_id: key.siteId,
          scopes: key.scopes,
          label: key.label,
          created_time: at,
          updated_time: at,
          expires_time: at + LIFETIME_MS,
        },
      ]);
      keys.forget();
      return { secret, keyId: keyIdOf(toSecretHash(secret)) };
    },

    async list(siteId: string): Promise<ApiKey[]> {
      return (await storage.query<ApiKey>(LIST, { parameters: { site_id: siteId, now: now() } })).rows;
    },

    /** False if there is no such key. */
    async revoke(siteId: string, keyId: string): Promise<boolean> {
      const { rows } = await storage.query<object>(READ, { parameters: { site_id: siteId, key_id: keyId } });
      if (!rows[0]) return false;
      await storage.insert('credentials', [{ ...rows[0], updated_time: now(), is_revoked: true }]);
      keys.forget();
      return true;
    },
  };
}

/** Enough of the hash to name a key by, too little to find one. */
const keyIdOf = (hash: string) => hash.slice(0, 16);

const LIST = `
SELECT substring(secret_hash, 1, 16) AS key_id, label, site_id, scopes, toString(created_time) AS created_time
FROM credentials FINAL
WHERE kind = 'api_key' AND site_id = {site_id:String} AND NOT is_revoked
  AND expires_time > fromUnixTimestamp64Milli({now:Int64})
ORDER BY credentials.created_time`;

const READ = `
SELECT
  secret_hash, kind, user_id, site_id, scopes, label,
  toUnixTimestamp64Milli(credentials.created_time) AS created_time, toUnixTimestamp64Milli(credentials.expires_time) AS expires_time
FROM credentials FINAL
WHERE kind = 'api_key' AND site_id = {site_id:String} AND substring(secret_hash, 1, 16) = {key_id:String} AND NOT is_revoked`;
