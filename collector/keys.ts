/** API keys: which site a secret opens, and for what. Only its hash is stored and compared. */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Storage } from './storage/storage.ts';

export type ApiKey = {
  /** '' for a key to every site. */
  siteId: string;
  scopes: readonly string[];
};

export interface Keys {
  /** Undefined if the secret is unknown, revoked or expired. Rejects with StorageError while the database is away. */
  find(secret: string): Promise<ApiKey | undefined>;
}

export type KeysOptions = { storage: Pick<Storage, 'query'>; now: () => number };

// A revoked key may work on for this long, also if the database is away.
const REMEMBERED_MS = 15_000;
const MAX_REMEMBERED = 1_000;

const QUERY = `
SELECT site_id, scopes
FROM credentials FINAL
WHERE secret_hash = {hash:String} AND kind = 'api_key' AND NOT is_revoked
  AND expires_time > fromUnixTimestamp64Milli({now:Int64})`;

/** The hash under which a secret lies in `credentials`. */
export function toSecretHash(secret: string): string {
  return hash('sha256', secret, 'hex');
}

export function createKeys({ storage, now }: KeysOptions): Keys {
  const remembered = new LRUCache<string, { until: number; key: ApiKey | undefined }>({
    max: MAX_REMEMBERED,
  });

  return {
    async find(secret) {
      const secretHash = toSecretHash(secret);
      const known = remembered.get(secretHash);
      if (known !== undefined && known.until > now()) return known.key;
      const parameters = { hash: secretHash, now: now() };
      const { rows } = await storage.query<{ site_id: string; scopes: string[] }>(QUERY, { parameters });
      const row = rows[0];
      const key = row === undefined ? undefined : { siteId: row.site_id, scopes: row.scopes };
      remembered.set(secretHash, { until: now() + REMEMBERED_MS, key });
      return key;
    },
  };
}
