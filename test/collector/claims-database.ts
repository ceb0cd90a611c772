/**
 * The tables that claims are about, in memory. Each call takes effect in one moment between its beginning and its answer, and
 * whoever reads after that moment sees it: what claims.ts asks of a database. When those moments come, and which calls go
 * wrong, the test decides.
 */
import {
  type QueryOptions,
  type QueryResult,
  type Storage,
  StorageError,
} from '../../collector/storage/storage.ts';

/**
 * `lost`: it never arrives. `answer_lost`: it is done, and nobody hears. `late`: nobody hears, and it is done much later,
 * unless it is killed. `on_its_way`: the same, and nobody can kill it.
 */
export type Fault = 'fine' | 'lost' | 'answer_lost' | 'late' | 'on_its_way';

export type World = {
  /** Resolves when it is this call's turn. */
  turn(what: string): Promise<unknown>;
  faultOf(what: string): Fault;
  /** The database's clock. */
  now(): number;
};

type EventId = { site_id: string; event_id: string };
type Claim = EventId & {
  claim_id: string;
  batch_id: string;
  collector_id: string;
  is_withdrawn: boolean;
  claimed_time: number;
};
type Stored = EventId & { batch_id: string };

const TURNS_LATE = 10;
const CANNOT_PARSE_TEXT = 6;

export function createClaimsDatabase({ turn, faultOf, now }: World) {
  const claims: Claim[] = [];
  const events: Stored[] = [];
  const knownIds: Stored[] = [];
  const tokens = new Set<string>();
  const running = new Set<string>();

  async function call<T>(what: string, effect: () => T, queryId = ''): Promise<T> {
    const fault = faultOf(what);
    if (fault !== 'on_its_way') running.add(queryId);
    await turn(`${what} arrives`);
    if (fault === 'lost') throw new StorageError(`${what} was lost`, undefined);
    if (fault === 'late' || fault === 'on_its_way') {
      void comesLate(what)
        .then(() => (fault === 'on_its_way' || running.has(queryId)) && effect())
        // Nobody hears of that either.
        .catch(() => undefined)
        .finally(() => running.delete(queryId));
      throw new StorageError(`${what} has not answered`, undefined);
    }
    const result = effect();
    running.delete(queryId);
    await turn(`${what} is answered`);
    if (fault === 'answer_lost') throw new StorageError(`The answer to ${what} was lost`, undefined);
    return result;
  }

  async function comesLate(what: string): Promise<void> {
    for (let turns = 0; turns < TURNS_LATE; turns += 1) await turn(`${what} comes late`);
  }

  function read(sql: string, { parameters = {}, tables = {} }: QueryOptions): readonly object[] {
    const ids = tables.ids?.lines.split('\n');
    if (sql.includes('FROM system.processes')) {
      const prefix = String(parameters.prefix);
      return [...running].filter((id) => id.startsWith(prefix)).map((id) => ({ query_id: id }));
    }
    if (sql.includes('FROM event_claims'))
      return readClaims(among(claims, ids).filter(isAsked(sql, parameters)), parameters);
    if (sql.includes('FROM event_ids')) return among(knownIds, ids);
    if (!sql.includes('FROM events')) return [];
    const { batches = [String(parameters.batch_id)] } = parameters as { batches?: string[] };
    return among(events, ids).filter(({ batch_id }) => batches.includes(batch_id));
  }

  function toClaim(line: string): Claim {
    const [site_id = '', event_id = '', claim_id = '', batch_id = '', collector_id = '', is_withdrawn] =
      line.split('\t');
    const facts = { site_id, event_id, claim_id, batch_id, collector_id };
    return { ...facts, is_withdrawn: is_withdrawn === 'true', claimed_time: now() };
  }

  /** Own claims; or all claims to what others have claimed as well. */
  function isAsked(sql: string, { collector_id, batch_id }: Record<string, unknown>) {
    if (!sql.includes('others.'))
      return (claim: Claim) => claim.collector_id === collector_id || claim.batch_id === batch_id;
    const others = claims.filter((claim) => claim.collector_id !== collector_id);
    return ({ event_id }: Claim) => others.some((other) => other.event_id === event_id);
  }

  function readClaims(found: readonly Claim[], parameters: Record<string, unknown>): object[] {
    const isSame = (one: Claim, other: Claim) =>
      one.event_id === other.event_id &&
      one.claim_id === other.claim_id &&
      one.collector_id === other.collector_id;
    return found
      .filter((claim, index) => found.findIndex((other) => isSame(claim, other)) === index)
      .map((claim) => ({ claim, rows: found.filter((other) => isSame(claim, other)) }))
      .filter(({ rows }) => !rows.some(({ is_withdrawn }) => is_withdrawn))
      .map(({ claim, rows }) => {
        const claimedTime = Math.max(...rows.map(({ claimed_time }) => claimed_time));
        return { ...claim, is_live: claimedTime > now() - Number(parameters.lasts_ms) };
      });
  }

  const storage: Storage = {
    query: async <Row>(sql: string, options: QueryOptions = {}) => {
      const rows = await call(`look at ${/FROM (\S+)/.exec(sql)?.[1]}`, () => read(sql, options));
      // Rows of the tables above, which bear the columns that are asked for.
      return { rows, statistics: { elapsedMs: 0, rowsRead: 0, bytesRead: 0 } } as QueryResult<Row>;
    },
    insert: () => Promise.reject(new Error('Nothing is inserted this way')),
    insertRaw: (table, body, { queryId, deduplicationToken = '' } = {}) => {
      const insert = () => {
        if (table === 'event_claims') {
          claims.push(...body.toString().trim().split('\n').map(toClaim));
          return;
        }
        if (tokens.has(deduplicationToken)) return;
        // As the test has made them.
        const rows = body
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Stored & { is_bad: boolean });
        if (rows.some((row) => row.is_bad)) throw new StorageError('A row is bad', CANNOT_PARSE_TEXT);
        tokens.add(deduplicationToken);
        events.push(...rows);
      };
      // Nothing to write is not sent.
      if (body.length === 0) return Promise.resolve();
      return call(`insert into ${table}`, insert, queryId);
    },
    command: (sql, { parameters = {} } = {}) =>
      call(sql.startsWith('KILL') ? 'end of inserts' : 'write to event_ids', () => {
        if (sql.startsWith('KILL')) {
          for (const id of running) if (id.startsWith(String(parameters.prefix))) running.delete(id);
        } else {
          knownIds.push(...events.filter(({ batch_id }) => batch_id === parameters.batch_id));
        }
      }),
    stream: () => Promise.reject(new Error('Nothing is streamed here')),
    ping: async () => true,
    close: async () => undefined,
  };
  return { storage, storedIds: () => events.map(({ event_id }) => event_id) };
}

function among<Row extends EventId>(
  rows: readonly Row[],
  ids: readonly string[] | undefined,
): readonly Row[] {
  return ids ? rows.filter(({ event_id }) => ids.includes(event_id)) : rows;
}
