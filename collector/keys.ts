/**
 * API keys, for the doors and for the report API: which site a secret opens, for what, and in whose name. Only its hash
 * is stored and compared.
 */
import { hash } from 'node:crypto';
import type { Storage } from './storage/storage.ts';

/** As the doors need it. */
export type DoorKey = {
  /** '' for a key to every site. */
  siteId: string;
  scopes: readonly string[];
};

export type ApiKey = DoorKey & {
  userId: string;
  /** Of the person in whose name it was made, as `users` has it; '' once they are gone. */
  role: string;
};

export interface Keys {
  /** Undefined if the secret is unknown, revoked or expired. Rejects with StorageError while the database is away. */
  find(secret: string): Promise<ApiKey | undefined>;
  /** After keys were made or revoked in this process: acts at once. */
  forget(): void;
}

export type KeysOptions = { storage: Pick<Storage, 'query'>; now: () => number };

// A revoked key may work on for this long, also if the database is away.
const REMEMBERED_MS = 10_000;
// Made-up secrets ask the database no more often than this, however many come.
const LOOK_AGAIN_MS = 250;

const QUERY = `
SELECT secret_hash, site_id, scopes, toString(keys.user_id) AS user_id, people.role AS role
FROM (
  SELECT * FROM credentials FINAL
  WHERE kind = 'api_key' AND NOT is_revoked AND expires_time > fromUnixTimestamp64Milli({now:Int64})
) AS keys
LEFT JOIN (SELECT user_id, toString(role) AS role FROM users FINAL WHERE NOT is_deleted) AS people
  ON people.user_id = keys.user_id`;

type KeyRow = { secret_hash: string; site_id: string; scopes: string[]; user_id: string; role: string };

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
    keys = new Map(rows.map((row) => [row.secret_hash, toKey(row)]));
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
    forget() {
      readAt = Number.NEGATIVE_INFINITY;
    },
  };
}

function toKey({ site_id: siteId, scopes, user_id: userId, role }: KeyRow): ApiKey {
  return { siteId, scopes, userId, role };
}
