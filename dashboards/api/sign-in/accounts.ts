/** People who may sign in: the tables `users` and `credentials` (collector/schema/002-configuration.sql). */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Storage } from '../../../collector/storage/storage.ts';
import { hashPassword, isPassword } from './password.ts';

/** From most to least allowed; each may do what those after it may. */
export const ROLES = ['owner', 'admin', 'analyst', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export type User = { userId: string; email: string; name: string; role: Role; hasPassword: boolean };

/** `start` links come from the operator's own terminal and sign in at once; the others first set a password. */
export type LinkPurpose = 'start' | 'invite' | 'reset';

const HOUR_MS = 3_600_000;
export const LINK_LIFETIME_MS: Record<LinkPurpose, number> = {
  start: 24 * HOUR_MS,
  invite: 7 * 24 * HOUR_MS,
  reset: 24 * HOUR_MS,
};
export const SESSION_LIFETIME_MS = 30 * 24 * HOUR_MS;

const MOST_OF_USER_AGENT = 512;

/** How long a session that was ended through another process may still be taken for living. */
const SESSION_MEMORY_MS = 10_000;

type CredentialKind = 'sign_in_link' | 'browser_session';
type Credential = { user_id: string; label: string; created_ms: number; expires_ms: number };
type UserRow = {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  password_hash: string;
  created_ms: number;
};

export type AccountsWorld = { storage: Storage; now: () => number };

export type Accounts = ReturnType<typeof createAccounts>;

/** Secrets leave this file once, when they are made; stored are their SHA-256 hashes. Every method throws StorageError. */
export function createAccounts({ storage, now }: AccountsWorld) {
  const sessions = new LRUCache<string, User>({ max: 1_000, ttl: SESSION_MEMORY_MS });
  /** Links being redeemed right now: two requests with one link must not both get in. */
  const redeeming = new Set<string>();

  async function writeCredential(kind: CredentialKind, userId: string, label: string, lifetimeMs: number) {
    const secret = randomBytes(32).toString('base64url');
    const at = now();
    await storage.insert('credentials', [
      {
        secret_hash: hashOf(secret),
        kind,
        user_id: userId,
        label,
        created_time: at,
        updated_time: at,
        expires_time: at + lifetimeMs,
      },
    ]);
    return secret;
  }

  async function readCredential(kind: CredentialKind, secret: string): Promise<Credential | undefined> {
    const { rows } = await storage.query<Credential>(READ_CREDENTIAL, {
      parameters: { hash: hashOf(secret), kind, now: now() },
    });
    return rows[0];
  }

  async function revoke(kind: CredentialKind, secret: string, credential: Credential): Promise<void> {
    await storage.insert('credentials', [
      {
        secret_hash: hashOf(secret),
        kind,
        user_id: credential.user_id,
        label: credential.label,
        created_time: credential.created_ms,
        // The newest row counts, also when the clock was set back since.
        updated_time: Math.max(now(), credential.created_ms + 1),
        expires_time: credential.expires_ms,
        is_revoked: true,
      },
    ]);
  }

  async function readUser(where: { userId: string } | { email: string }): Promise<UserRow | undefined> {
    const { rows } = await storage.query<UserRow>(READ_USER, {
      parameters: { userId: NOBODY, email: '', ...where },
    });
    return rows[0];
  }

  async function writeUser(
    row: Omit<UserRow, 'created_ms'> & { created_ms?: number; is_deleted?: boolean },
  ): Promise<void> {
    const { created_ms: created, ...columns } = row;
    const at = Math.max(now(), (created ?? 0) + 1);
    await storage.insert('users', [{ ...columns, created_time: created ?? at, updated_time: at }]);
    sessions.clear();
  }

  return {
    /** Everybody who may sign in, in the order in which they came. */
    async list(): Promise<User[]> {
      const { rows } = await storage.query<UserRow>(READ_ALL_USERS);
      return rows.map(toUser);
    },

    async findByEmail(email: string): Promise<User | undefined> {
      const row = await readUser({ email: email.toLowerCase() });
      return row && toUser(row);
    },

    /** The first owner ever made who is still one. */
    async firstOwner(): Promise<User | undefined> {
      const { rows } = await storage.query<UserRow>(READ_FIRST_OWNER);
      return rows[0] && toUser(rows[0]);
    },

    async create(email: string, role: Role): Promise<User> {
      const row = { user_id: randomUUID(), email: email.toLowerCase(), name: '', role, password_hash: '' };
      await writeUser(row);
      return toUser(row);
    },

    async setPassword(userId: string, password: string): Promise<void> {
      const row = await readUser({ userId });
      if (!row) return;
      await writeUser({ ...row, password_hash: await hashPassword(password) });
    },

    async findById(userId: string): Promise<User | undefined> {
      const row = await readUser({ userId });
      return row && toUser(row);
    },

    async setRole(userId: string, role: Role): Promise<void> {
      const row = await readUser({ userId });
      if (row) await writeUser({ ...row, role });
    },

    /** They are nobody from now on, whatever session or link they hold; their keys are revoked by whoever calls. */
    async remove(userId: string): Promise<void> {
      const row = await readUser({ userId });
      if (row) await writeUser({ ...row, is_deleted: true });
    },

    /** Asks the database about every session again. */
    forgetSessions: () => sessions.clear(),

    /** The user whose e-mail address and password these are. Takes equally long for unknown addresses. */
    async checkPassword(email: string, password: string): Promise<User | undefined> {
      const row = await readUser({ email: email.toLowerCase() });
      const isRight = await isPassword(password, row?.password_hash ?? '');
      return row && isRight ? toUser(row) : undefined;
    },

    /** The secret part of a sign-in link: works once, until it expires. */
    createLink(userId: string, purpose: LinkPurpose): Promise<string> {
      return writeCredential('sign_in_link', userId, purpose, LINK_LIFETIME_MS[purpose]);
    },

    /** What a link is good for, without using it up. */
    async readLink(secret: string): Promise<{ user: User; purpose: LinkPurpose } | undefined> {
      const link = await readCredential('sign_in_link', secret);
      const row = link && (await readUser({ userId: link.user_id }));
      return row && { user: toUser(row), purpose: toPurpose(link.label) };
    },

    /** Uses a link up; undefined if it is unknown, expired or used. */
    async redeemLink(secret: string): Promise<User | undefined> {
      if (redeeming.has(secret)) return undefined;
      redeeming.add(secret);
      try {
        const link = await readCredential('sign_in_link', secret);
        if (!link) return undefined;
        await revoke('sign_in_link', secret, link);
        const row = await readUser({ userId: link.user_id });
        return row && toUser(row);
      } finally {
        redeeming.delete(secret);
      }
    },

    /** The secret that goes into the browser's cookie. `userAgent` lets its owner tell their sessions apart. */
    openSession(userId: string, userAgent = ''): Promise<string> {
      return writeCredential(
        'browser_session',
        userId,
        userAgent.slice(0, MOST_OF_USER_AGENT),
        SESSION_LIFETIME_MS,
      );
    },

    async findBySession(secret: string): Promise<User | undefined> {
      const remembered = sessions.get(secret);
      if (remembered) return remembered;
      const session = await readCredential('browser_session', secret);
      const row = session && (await readUser({ userId: session.user_id }));
      if (!row) return undefined;
      sessions.set(secret, toUser(row));
      return toUser(row);
    },

    async closeSession(secret: string): Promise<void> {
      const session = await readCredential('browser_session', secret);
      if (session) await revoke('browser_session', secret, session);
      sessions.delete(secret);
    },
  };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

const READ_CREDENTIAL = `
SELECT
  toString(user_id) AS user_id, label,
  toUnixTimestamp64Milli(created_time) AS created_ms, toUnixTimestamp64Milli(expires_time) AS expires_ms
FROM credentials FINAL
WHERE secret_hash = {hash:String} AND kind = {kind:String} AND NOT is_revoked
  AND expires_time > fromUnixTimestamp64Milli({now:Int64})`;

const USER_COLUMNS = `
  toString(user_id) AS user_id, email, name, role, password_hash, toUnixTimestamp64Milli(created_time) AS created_ms`;

const READ_USER = `
SELECT ${USER_COLUMNS}
FROM users FINAL
WHERE NOT is_deleted AND (users.user_id = {userId:UUID} OR (email = {email:String} AND email != ''))
ORDER BY created_time LIMIT 1`;

const READ_ALL_USERS = `
SELECT ${USER_COLUMNS}
FROM users FINAL
WHERE NOT is_deleted
ORDER BY created_time, email`;

const READ_FIRST_OWNER = `
SELECT ${USER_COLUMNS}
FROM users FINAL
WHERE NOT is_deleted AND role = 'owner'
ORDER BY created_time LIMIT 1`;

/** Under which a secret lies in `credentials`. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function toUser(row: Omit<UserRow, 'created_ms'>): User {
  const { user_id: userId, email, name, role } = row;
  return { userId, email, name, role, hasPassword: row.password_hash !== '' };
}

function toPurpose(label: string): LinkPurpose {
  return label === 'start' || label === 'reset' ? label : 'invite';
}
