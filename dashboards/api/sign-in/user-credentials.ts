/** What lets one user in: their open browser sessions, and the end of all that they hold. */
import { createAgentOf } from '../../../collector/enrich/agent.ts';
import type { Storage } from '../../../collector/storage/storage.ts';
import { type Accounts, hashOf } from './accounts.ts';

export type BrowserSession = {
  session_id: string;
  /** As the user agent said when it began; '' where it said nothing. */
  browser: string;
  os: string;
  began_ms: number;
  ends_ms: number;
};

type Kept = { secret_hash: string; kind: string; user_agent: string; began_ms: number; ends_ms: number };

export type UserCredentials = ReturnType<typeof createUserCredentials>;

/** Every method throws StorageError. */
export function createUserCredentials({
  storage,
  accounts,
  now,
}: {
  storage: Pick<Storage, 'query' | 'insert'>;
  accounts: Pick<Accounts, 'forgetSessions'>;
  now: () => number;
}) {
  const agentOf = createAgentOf();

  async function read(userId: string): Promise<Kept[]> {
    const { rows } = await storage.query<Kept>(READ, { parameters: { user_id: userId, now: now() } });
    return rows;
  }

  async function revoke(userId: string, kept: readonly Kept[]): Promise<void> {
    if (kept.length > 0)
      await storage.insert(
        'credentials',
        kept.map((one) => ({
          secret_hash: one.secret_hash,
          kind: one.kind,
          user_id: userId,
          created_time: one.began_ms,
          updated_time: Math.max(now(), one.began_ms + 1),
          expires_time: one.ends_ms,
          is_revoked: true,
        })),
      );
    accounts.forgetSessions();
  }

  return {
    /** The newest first. */
    async sessions(userId: string): Promise<BrowserSession[]> {
      return (await read(userId)).filter(isSession).map((one) => {
        const { browser, os } = agentOf({ userAgent: one.user_agent });
        return {
          session_id: idOf(one),
          browser,
          os,
          began_ms: one.began_ms,
          ends_ms: one.ends_ms,
        };
      });
    },

    /** False if the user has no such session. */
    async endSession(userId: string, sessionId: string): Promise<boolean> {
      const found = (await read(userId)).filter((one) => isSession(one) && idOf(one) === sessionId);
      await revoke(userId, found);
      return found.length > 0;
    },

    async endOtherSessions(userId: string, secret: string): Promise<void> {
      const others = (await read(userId)).filter(
        (one) => isSession(one) && one.secret_hash !== hashOf(secret),
      );
      await revoke(userId, others);
    },

    /** Sessions, sign-in links and API keys. */
    async endAll(userId: string): Promise<void> {
      await revoke(userId, await read(userId));
    },
  };
}

/** Enough of the hash to name a session by, too little to be one. */
const idOf = ({ secret_hash: hash }: Pick<Kept, 'secret_hash'>) => hash.slice(0, 16);
export const sessionIdOf = (secret: string) => hashOf(secret).slice(0, 16);
const isSession = ({ kind }: Kept) => kind === 'browser_session';

const READ = `
SELECT
  toString(secret_hash) AS secret_hash, toString(kind) AS kind, if(kind = 'browser_session', label, '') AS user_agent,
  toUnixTimestamp64Milli(credentials.created_time) AS began_ms, toUnixTimestamp64Milli(credentials.expires_time) AS ends_ms
FROM credentials FINAL
WHERE user_id = {user_id:UUID} AND NOT is_revoked AND expires_time > fromUnixTimestamp64Milli({now:Int64})
ORDER BY credentials.created_time DESC`;
