/** The reader that all requests share: few queries run side by side, and equal ones that wait are asked once. */
import type { QueryOptions, QueryResult, Storage } from '../../collector/storage/storage.ts';

type Reader = Pick<Storage, 'query' | 'stream'>;

/** Reports sort and group for seconds; the small questions before them take milliseconds, and go beside them. */
type Lane = { readonly atOnce: number; running: number; waiting: Turn[] };
type Turn = { key: string | undefined; begin: () => void; answer: Promise<unknown> };

/**
 * A page asks a dozen reports at once. One after the other each is done sooner, and what they need of memory does not
 * add up: `atOnce` run side by side. Those that can be cancelled are taken for reports. Of the others, one that
 * equals another that still waits for its turn waits for that one's answer. (Not where it runs already: what was written
 * since would be missing from it.)
 */
export function createSharedReader<R extends Reader>(reader: R, atOnce: number): R {
  const reports: Lane = { atOnce, running: 0, waiting: [] };
  const small: Lane = { atOnce: 2 * atOnce, running: 0, waiting: [] };

  function query<Row>(sql: string, options: QueryOptions = {}): Promise<QueryResult<Row>> {
    const ask = () => reader.query<Row>(sql, options);
    if (options.signal) return inTurn(reports, undefined, ask, options.signal);
    const key = JSON.stringify([sql, options]);
    const equal = small.waiting.find((turn) => turn.key === key);
    // The same text with the same values has the same rows, whoever asks.
    return equal ? (equal.answer as Promise<QueryResult<Row>>) : inTurn(small, key, ask, undefined);
  }
  return { ...reader, query };
}

/** Rejects, if `signal` is aborted before the turn comes, with the signal's reason. */
function inTurn<Answer>(
  lane: Lane,
  key: string | undefined,
  ask: () => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  let begin = () => {};
  const isTurn = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const answer = isTurn
    .then(() => {
      signal?.throwIfAborted();
      return ask();
    })
    .finally(() => {
      lane.running -= 1;
      beginNext(lane);
    });
  lane.waiting.push({ key, begin, answer });
  beginNext(lane);
  return answer;
}

function beginNext(lane: Lane): void {
  if (lane.running >= lane.atOnce) return;
  const turn = lane.waiting.shift();
  if (!turn) return;
  lane.running += 1;
  turn.begin();
}
