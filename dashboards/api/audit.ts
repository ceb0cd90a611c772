/** The audit log: who changed what, and when. Whoever changes something that matters writes here, in the same request. */
import { randomUUID } from 'node:crypto';
import type { Storage } from '../../collector/storage/storage.ts';

/** What is written down. Closed on purpose: the page that shows the log has a sentence for each. */
export const AUDIT_ACTIONS = [
  'signed_in',
  'sign_in_failed',
  'member_invited',
  'member_changed',
  'member_removed',
  'password_changed',
  'key_made',
  'key_revoked',
  'goal_made',
  'goal_changed',
  'goal_removed',
  'site_made',
  'site_changed',
  'site_removed',
  'link_published',
  'link_revoked',
  'catalogue_changed',
  'exclusion_added',
  'exclusion_removed',
  'events_deleted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditEntry = {
  /** '' for what concerns no single site. */
  siteId: string;
  /** Undefined: nobody who is known, or the operator's own terminal. */
  userId?: string | undefined;
  isByKey?: boolean;
  action: AuditAction;
  /** What it was done to, in words. No secrets, and no visitor's data. */
  subject: string;
  details?: Record<string, unknown>;
};

export type AuditRow = {
  site_id: string;
  time_ms: number;
  entry_id: string;
  /** '' for nobody who is known. */
  user_id: string;
  email: string;
  is_by_key: boolean;
  action: AuditAction;
  subject: string;
  details: Record<string, unknown>;
};

export type AuditWorld = { storage: Pick<Storage, 'insert'>; now: () => number };

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Resolves once the entry is on disk. Throws StorageError: an act that cannot be written down must not seem done. */
export async function recordAudit({ storage, now }: AuditWorld, entry: AuditEntry): Promise<void> {
  await storage.insert('audit_log', [
    {
      site_id: entry.siteId,
      time: now(),
      entry_id: randomUUID(),
      user_id: entry.userId ?? NOBODY,
      is_by_key: entry.isByKey ?? false,
      action: entry.action,
      subject: entry.subject,
      details: JSON.stringify(entry.details ?? {}),
    },
  ]);
}

/** A request as far as it tells whose it is. */
export type Asked = {
  get: (key: 'principal') => { userId: string };
  req: { header: (name: string) => string | undefined };
};

/** Whose act a request is, as an entry names them. */
export function actorOf(c: Asked) {
  return {
    userId: c.get('principal').userId,
    isByKey: c.req.header('authorization') !== undefined,
  };
}

/** The newest first. `siteId` undefined: of all sites and of none. */
export async function readAudit(
  storage: Pick<Storage, 'query'>,
  { siteId, beforeMs, limit = 100 }: { siteId?: string; beforeMs?: number; limit?: number },
): Promise<AuditRow[]> {
  const { rows } = await storage.query<Omit<AuditRow, 'details'> & { details: string }>(READ, {
    parameters: {
      has_site: siteId !== undefined,
      site_id: siteId ?? '',
      before: beforeMs ?? Number.MAX_SAFE_INTEGER,
      limit,
      nobody: NOBODY,
    },
  });
  return rows.map((row) => ({ ...row, details: toDetails(row.details) }));
}

function toDetails(json: string): Record<string, unknown> {
  const details: unknown = JSON.parse(json);
  return typeof details === 'object' && details !== null ? { ...details } : {};
}

/** People who are gone keep their names here. */
const READ = `
SELECT
  entries.site_id AS site_id, toUnixTimestamp64Milli(entries.time) AS time_ms, toString(entries.entry_id) AS entry_id,
  if(entries.user_id = {nobody:UUID}, '', toString(entries.user_id)) AS user_id, people.email AS email,
  entries.is_by_key AS is_by_key, toString(entries.action) AS action, entries.subject AS subject, entries.details AS details
FROM audit_log AS entries
LEFT JOIN (SELECT user_id, email FROM users FINAL) AS people ON people.user_id = entries.user_id
WHERE (NOT {has_site:Bool} OR entries.site_id = {site_id:String}) AND toUnixTimestamp64Milli(entries.time) < {before:Int64}
ORDER BY entries.time DESC, entries.entry_id
LIMIT {limit:UInt64}`;
