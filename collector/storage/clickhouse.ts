import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import {
  type ClickHouseClient,
  ClickHouseError,
  createClient,
  EXCEPTION_TAG_HEADER_NAME,
  type ResponseJSON,
} from '@clickhouse/client';
import { withoutReason } from './broken-answer.ts';
import {
  type InsertOptions,
  type QueryOptions,
  type QueryResult,
  type Storage,
  StorageError,
} from './storage.ts';

export type ClickHouseAddress = {
  /** `http://host:8123` or `https://…`; the embedded engine's, a server's or a load balancer's. */
  url: string;
  user: string;
  password: string;
  database: string;
  /** Sent with every request; the embedded engine asks for its gate here. */
  headers?: Record<string, string>;
};

const JSON_NUMBERS = { output_format_json_quote_64bit_integers: 0 } as const;

/** Storage over the official client. Opens no connection until the first call. */
export function createClickHouse(address: ClickHouseAddress): Storage {
  const client = createClient({
    url: address.url,
    username: address.user,
    password: address.password,
    database: address.database,
    ...(address.headers && { http_headers: address.headers }),
    request_timeout: 120_000,
    max_open_connections: 20,
    use_multipart_params_auto: true, // A long list of ids does not fit into a URL.
    application: 'footfall',
    log: { level: 127 }, // ClickHouseLogLevel.OFF: what goes wrong is thrown, and said once.
  });
  return {
    query: (sql, options = {}) => query(client, sql, options),
    stream: (sql, options) => stream(client, sql, options),
    command: (sql, options = {}) => command(client, sql, options),
    insert: (table, rows, options = {}) =>
      insertRaw(client, table, rows.map((row) => JSON.stringify(row)).join('\n'), options),
    insertRaw: (table, body, options = {}) => insertRaw(client, table, body, options),
    ping: async () => (await client.ping()).success,
    close: () => client.close(),
  };
}

async function query<Row>(
  client: ClickHouseClient,
  sql: string,
  options: QueryOptions,
): Promise<QueryResult<Row>> {
  return asStorageError(async () => {
    const settings = { ...JSON_NUMBERS, ...options.settings };
    const { data, statistics } = options.tables
      ? await queryWithTables<Row>(client, sql, { ...options, settings })
      : await client
          .query({ query: sql, format: 'JSON', ...callOptions(options), clickhouse_settings: settings })
          .then((answer) => answer.json<Row>());
    return {
      rows: data,
      statistics: {
        elapsedMs: (statistics?.elapsed ?? 0) * 1000,
        rowsRead: statistics?.rows_read ?? 0,
        bytesRead: statistics?.bytes_read ?? 0,
      },
    };
  });
}

async function stream(
  client: ClickHouseClient,
  sql: string,
  options: QueryOptions & { format: string },
): Promise<Readable> {
  return asStorageError(async () => {
    const settings = { ...(options.format.startsWith('JSON') && JSON_NUMBERS), ...options.settings };
    const answer = await client.exec({
      query: `${sql}\nFORMAT ${formatName(options.format)}`,
      ...callOptions(options),
      clickhouse_settings: settings,
    });
    const tag = answer.response_headers[EXCEPTION_TAG_HEADER_NAME];
    const rows = withoutReason(answer.stream, typeof tag === 'string' ? tag : undefined);
    const readable = Readable.from(asThrown(rows), { objectMode: false });
    // Whoever stops reading may do so between two chunks that are far apart: the engine is not to work on for nobody.
    readable.once('close', () => answer.stream.destroy());
    return readable;
  });
}

async function* asThrown(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw toStorageError(error);
  }
}

async function queryWithTables<Row>(client: ClickHouseClient, sql: string, options: QueryOptions) {
  const { stream: answer } = await client.exec({
    query: `${sql}\nFORMAT JSON`,
    ...callOptions(options),
    ...withTables(options),
  });
  // What ClickHouse writes in this format.
  return (await json(answer)) as ResponseJSON<Row>;
}

/** The client knows no such tables: ClickHouse takes them as the files of a form, and the statement in the URL. */
function withTables({ tables = {}, settings }: QueryOptions) {
  const boundary = `footfall-${randomUUID()}`;
  const about: Record<string, string> = {};
  let body = '';
  for (const [name, { columns, lines }] of Object.entries(tables)) {
    about[`${identifier(name)}_structure`] = columns;
    about[`${name}_format`] = 'TabSeparated';
    body += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n${lines}\r\n`;
  }
  return {
    values: Readable.from([Buffer.from(`${body}--${boundary}--\r\n`)], { objectMode: false }),
    http_headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    clickhouse_settings: { ...settings, ...about },
  };
}

async function command(client: ClickHouseClient, sql: string, options: QueryOptions): Promise<void> {
  await asStorageError(async () => {
    if (options.tables) {
      const { stream: answer } = await client.exec({
        query: sql,
        ...callOptions(options),
        ...withTables(options),
      });
      for await (const _ of answer);
      return;
    }
    await client.command({
      query: sql,
      ...callOptions(options),
      ...(options.settings && { clickhouse_settings: options.settings }),
    });
  });
}

async function insertRaw(
  client: ClickHouseClient,
  table: string,
  body: Uint8Array | string,
  options: InsertOptions & { format?: string },
): Promise<void> {
  if (body.length === 0) return;
  const columns = options.columns ? ` (${options.columns.map(identifier).join(', ')})` : '';
  await asStorageError(async () => {
    const { stream: answer } = await client.exec({
      query: `INSERT INTO ${identifier(table)}${columns} FORMAT ${formatName(options.format ?? 'JSONEachRow')}`,
      values: Readable.from([body], { objectMode: false }),
      ...callOptions(options),
      clickhouse_settings: {
        async_insert: 0,
        ...(options.deduplicationToken && { insert_deduplication_token: options.deduplicationToken }),
        ...options.settings,
      },
    });
    for await (const _ of answer);
  });
}

/** Table and column names come from our own code; this keeps a slip from becoming an injection. */
function identifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw new Error(`Not a table or column name: ${name}`);
  return name;
}

function formatName(name: string): string {
  if (!/^[A-Za-z]+$/.test(name)) throw new Error(`Not a ClickHouse format: ${name}`);
  return name;
}

function callOptions(options: {
  parameters?: Record<string, unknown>;
  queryId?: string;
  signal?: AbortSignal;
}) {
  return {
    ...(options.parameters && { query_params: options.parameters }),
    ...(options.queryId && { query_id: options.queryId }),
    ...(options.signal && { abort_signal: options.signal }),
  };
}

async function asStorageError<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStorageError(error);
  }
}

function toStorageError(error: unknown): StorageError {
  if (error instanceof ClickHouseError)
    return new StorageError(error.message, Number(error.code), { cause: error });
  return new StorageError(error instanceof Error ? error.message : String(error), undefined, {
    cause: error,
  });
}
