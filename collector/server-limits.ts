/** How many connections, and how long each may take. */
export type ServerLimits = {
  /** Over this, the connection that is least wanted goes; one whose request is being answered stays. */
  connections: number;
  headerBytes: number;
  /** For the request line and the headers. */
  headersMs: number;
  /** For the whole request, body included. */
  requestMs: number;
  /** Between two requests. Longer than proxies keep theirs (60 s), or they would send into a closed one. */
  idleMs: number;
  /** Without a byte in either direction, as of a client that does not take its answer. */
  silentMs: number;
  /** How late a time-out may come. */
  checkEveryMs: number;
};

export const SERVER_LIMITS: ServerLimits = {
  connections: 4_000,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 65_000,
  silentMs: 150_000,
  checkEveryMs: 1_000,
};
