/** API keys: which site a secret opens, and for what. Only its hash is stored and compared. */
import { hash } from 'node:crypto';
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
// Made-up secrets ask the database no more often than this, however many come.
const LOOK_AGAIN_MS = 250;

const QUERY = `
SELECT secret_hash, site_id, scopes
FROM credentials FINAL
WHERE kind = 'api_key' AND NOT is_revoked AND expires_time > fromUnixTimestamp64Milli({now:Int64})`;

type KeyRow = { secret_hash: string; site_id: string; scopes: string[] };

/** The hash under which a secret lies in `credentials`. */
export function toSecretHash(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Keeps all keys in memory, so that guessing costs no query and pushes out no key that is in use. */
export function createKeys({ storage, now }: KeysOptions): Keys {
  let keys = new Map<string, ApiKey>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const read = async () => {
    const startedAt = now();
    const { rows } = await storage.query<KeyRow>(QUERY, { parameters: { now: startedAt } });
    keys = new Map(rows.map((row) => [row.secret_hash, { siteId: row.site_id, scopes: row.scopes }]));
    readAt = startedAt;
  };
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    async find(secret) {
      const secretHash = toSecretHash(secret);
      const age = now() - readAt;
      // A clock that was set back makes nothing fresh.
      const isFresh = age >= 0 && age < (keys.has(secretHash) ? REMEMBERED_MS : LOOK_AGAIN_MS);
      if (!isFresh) await readOnce();
      return keys.get(secretHash);
    },
  };
}
