/** ClickHouse's answer in its format JSON as the API's own, `{ rows, meta }`, as it streams by. */
import { linesOf } from '../../reports/lines.ts';

type Statistics = { elapsed: number; rows_read: number };

/**
 * The format has a line for whatever opens and closes, and none within texts: those around the rows stand at a depth
 * that no row's line has, and what follows tells how long it took.
 */
export async function* jsonAnswer(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let part: 'before' | 'rows' | 'after' = 'before';
  let after = '';
  yield '{"rows":[';
  for await (const lines of linesOf(chunks)) {
    let rows = '';
    for (const line of lines) {
      if (part === 'after') after += line;
      else if (part === 'before') part = line === DATA ? 'rows' : part;
      else if (line === DATA_ENDS) part = 'after';
      else if (line !== DATA_BEGINS) rows += line.trimStart();
    }
    if (rows !== '') yield rows;
  }
  if (part !== 'after') throw new Error('Expected the engine’s JSON to have rows and what follows them');
  // What ClickHouse writes in this format.
  const { statistics } = JSON.parse(`{${after}`) as { statistics: Statistics };
  const meta = { queryMs: Math.round(statistics.elapsed * 1000), rowsRead: statistics.rows_read };
  yield `],"meta":${JSON.stringify(meta)}}`;
}

const DATA = '\t"data":';
const DATA_BEGINS = '\t[';
const DATA_ENDS = '\t],';
