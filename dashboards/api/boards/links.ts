/** Public links to boards. A link is shown once, when it is made; stored are its SHA-256 and the scrypt of its password. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Storage } from '../../../collector/storage/storage.ts';
import { hashPassword, isPassword } from '../sign-in/password.ts';

export type BoardLink = {
  link_id: string;
  label: string;
  has_password: boolean;
  created_ms: number;
  /** null: it has no end. */
  expires_ms: number | null;
};

/** What a link opens. */
export type OpenedLink = {
  secretHash: string;
  siteId: string;
  boardId: string;
  /** '' where the link alone is enough. */
  passwordHash: string;
  expiresMs: number;
};

export type NewLink = {
  siteId: string;
  boardId: string;
  label: string;
  password: string | undefined;
  expiresMs: number | undefined;
  userId: string;
};

/** The end of 2199: a time that the column can hold. */
const NO_END_MS = Date.UTC(2199, 11, 31);
const UNLOCKED_MS = 12 * 3_600_000;

export type BoardLinks = ReturnType<typeof createBoardLinks>;

/** Every method throws StorageError. */
export function createBoardLinks({
  storage,
  now,
}: {
  storage: Pick<Storage, 'query' | 'insert'>;
  now: () => number;
}) {
  return {
    async create(link: NewLink): Promise<{ secret: string; linkId: string }> {
      const secret = randomBytes(24).toString('base64url');
      const at = now();
      await storage.insert('board_links', [
        {
          secret_hash: hashOf(secret),
          site_id: link.siteId,
          board_id: link.boardId,
          label: link.label,
          password_hash: link.password === undefined ? '' : await hashPassword(link.password),
          created_by: link.userId,
          created_time: at,
          updated_time: at,
          expires_time: link.expiresMs ?? NO_END_MS,
        },
      ]);
      return { secret, linkId: linkIdOf(hashOf(secret)) };
    },

    /** Those that still open the board, in the order in which they were made. */
    async list(siteId: string, boardId: string): Promise<BoardLink[]> {
      const { rows } = await storage.query<BoardLink & { expires_ms: number }>(LIST, {
        parameters: { site_id: siteId, board_id: boardId, now: now() },
      });
      return rows.map((row) => ({ ...row, expires_ms: row.expires_ms >= NO_END_MS ? null : row.expires_ms }));
    },

    /** The link's label; undefined if there is none of this id. From then on it opens nothing. */
    async revoke(siteId: string, boardId: string, linkId: string): Promise<string | undefined> {
      const { rows } = await storage.query<{ label: string }>(READ, {
        parameters: { site_id: siteId, board_id: boardId, link_id: linkId },
      });
      const row = rows[0];
      if (!row) return undefined;
      await storage.insert('board_links', [{ ...row, updated_time: now(), is_revoked: true }]);
      return row.label;
    },

    /** Undefined for a secret that is unknown, revoked or past its end. */
    async open(secret: string): Promise<OpenedLink | undefined> {
      const secretHash = hashOf(secret);
      const { rows } = await storage.query<Omit<OpenedLink, 'secretHash'>>(OPEN, {
        parameters: { hash: secretHash, now: now() },
      });
      return rows[0] && { secretHash, ...rows[0] };
    },

    isPassword: (link: OpenedLink, password: string) => isPassword(password, link.passwordHash),

    /** What whoever knew the password shows afterwards. It ends with the password, for it is signed with its hash. */
    unlock(link: OpenedLink): { token: string; seconds: number } {
      const until = now() + UNLOCKED_MS;
      return { token: `${until}.${sign(link, until)}`, seconds: UNLOCKED_MS / 1_000 };
    },

    isUnlocked(link: OpenedLink, token: string | undefined): boolean {
      if (link.passwordHash === '') return true;
      const [until = '', signature = ''] = (token ?? '').split('.');
      const expected = Buffer.from(sign(link, Number(until)));
      const given = Buffer.from(signature);
      return Number(until) > now() && given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

function sign({ passwordHash, secretHash }: OpenedLink, until: number): string {
  return createHmac('sha256', passwordHash).update(`${secretHash} ${until}`).digest('base64url');
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
/** Enough of the hash to name a link by, too little to find one. */
const linkIdOf = (hash: string) => hash.slice(0, 16);

const LIST = `
SELECT
  substring(secret_hash, 1, 16) AS link_id, label, CAST(password_hash != '', 'Bool') AS has_password,
  toUnixTimestamp64Milli(board_links.created_time) AS created_ms, toUnixTimestamp64Milli(board_links.expires_time) AS expires_ms
FROM board_links FINAL
WHERE site_id = {site_id:String} AND board_id = {board_id:UUID} AND NOT is_revoked
  AND expires_time > fromUnixTimestamp64Milli({now:Int64})
ORDER BY board_links.created_time, link_id`;

const READ = `
SELECT
  secret_hash, site_id, toString(board_id) AS board_id, label, password_hash, toString(created_by) AS created_by,
  toUnixTimestamp64Milli(board_links.created_time) AS created_time, toUnixTimestamp64Milli(board_links.expires_time) AS expires_time
FROM board_links FINAL
WHERE site_id = {site_id:String} AND board_links.board_id = {board_id:UUID}
  AND substring(secret_hash, 1, 16) = {link_id:String} AND NOT is_revoked`;

const OPEN = `
SELECT
  site_id AS siteId, toString(board_id) AS boardId, password_hash AS passwordHash,
  toUnixTimestamp64Milli(board_links.expires_time) AS expiresMs
FROM board_links FINAL
WHERE secret_hash = {hash:String} AND NOT is_revoked AND expires_time > fromUnixTimestamp64Milli({now:Int64})`;
