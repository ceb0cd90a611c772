/**
 * What the rest needs from ClickHouse. One implementation (clickhouse.ts) serves the embedded engine, a server and a
 * cluster alike: all speak HTTP.
 */
export interface Storage {
  /**
   * Runs one statement that returns rows. Values are bound: `{name:Type}` in the SQL, `parameters.name` here.
   * 64-bit integers arrive as numbers unless the SQL turns them into text: select ids with `toString`.
   * Throws StorageError; aborting `signal` cancels the query in the engine (read-only queries only).
   */
  query<Row>(sql: string, options?: QueryOptions): Promise<QueryResult<Row>>;
  /**
   * Streams the answer in a ClickHouse output format (`CSVWithNames`, `Parquet`, …), as the engine sends it. Reading it
   * throws StorageError where the engine breaks off in the middle; what came until then are rows and nothing else.
   */
  stream(sql: string, options: QueryOptions & { format: string }): Promise<NodeJS.ReadableStream>;
  /** Runs one statement that returns nothing. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** Inserts rows (JSON objects, in the table's column names). Resolves once they are on disk. */
  insert(table: string, rows: readonly object[], options?: InsertOptions): Promise<void>;
  /** Inserts bytes already in `format` (one value per line for JSONEachRow). */
  insertRaw(
    table: string,
    body: Uint8Array | string,
    options?: InsertOptions & { format?: string },
  ): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

export type QueryOptions = {
  parameters?: Record<string, unknown>;
  /** Tables for this statement alone, by name: far cheaper than a parameter that is a list of thousands. */
  tables?: Record<string, SentTable>;
  settings?: Record<string, string | number>;
  queryId?: string;
  signal?: AbortSignal;
};

/** `columns` as in CREATE TABLE; `lines` tab-separated, each with its line feed. */
export type SentTable = { columns: string; lines: string };

export type InsertOptions = {
  columns?: readonly string[];
  settings?: Record<string, string | number>;
  queryId?: string;
  /** Equal tokens within the table's window are inserted once. Never reuse one for other rows: they would vanish. */
  deduplicationToken?: string;
  signal?: AbortSignal;
};

export type QueryResult<Row> = {
  rows: Row[];
  statistics: { elapsedMs: number; rowsRead: number; bytesRead: number };
};

/** The engine refused or could not be reached. `code` is ClickHouse's number, absent where no answer came. */
export class StorageError extends Error {
  override name = 'StorageError';
  readonly code: number | undefined;
  constructor(message: string, code: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
