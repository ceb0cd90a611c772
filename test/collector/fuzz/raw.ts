/** Talks to a port byte by byte, as no HTTP client would. */
import { connect, type Socket } from 'node:net';

export type RawAnswer = { status: number; headers: Map<string, string>; body: string };

export type Exchange = {
  /** The whole answers that came, interim ones (1xx) left out. */
  answers: RawAnswer[];
  /** What came behind them: part of an answer, or nothing. */
  rest: string;
  /** Whether the server closed the connection, in whatever way. */
  isClosed: boolean;
};

export type ExchangeOptions = {
  /** Hangs up after so many answers; otherwise the server has to. */
  answers?: number;
  /** Says after the last byte that nothing more will come (FIN). */
  end?: boolean;
  /** Gives up after this; `isClosed` is false then. */
  patienceMs?: number;
};

/** Writes the pieces one by one, each in a packet of its own as far as the kernel lets us, and reads what comes. */
export function exchange(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { answers = 1, end = false, patienceMs = 10_000 }: ExchangeOptions = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    const finish = (isClosed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parseAnswers(received), isClosed });
    };
    const timer = setTimeout(() => finish(false), patienceMs);
    socket.setEncoding('latin1');
    // A reset is one way of closing.
    socket.on('error', () => undefined);
    socket.on('close', () => finish(true));
    socket.on('data', (text: string) => {
      received += text;
      if (parseAnswers(received).answers.length >= answers) finish(false);
    });
    socket.on('connect', () => void write(socket, pieces, end));
  });
}

async function write(socket: Socket, pieces: readonly (string | Uint8Array)[], end: boolean): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return;
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    await new Promise<void>((written) => socket.write(bytes, () => written()));
  }
  if (end) socket.end();
}

function parseAnswers(received: string): Omit<Exchange, 'isClosed'> {
  const answers: RawAnswer[] = [];
  let rest = received;
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return { answers, rest };
    const [statusLine = '', ...lines] = rest.slice(0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(statusLine)?.[1]);
    const headers = new Map(lines.map(parseHeader));
    const bodyEnd = headEnd + 4 + Number(headers.get('content-length') ?? 0);
    if (rest.length < bodyEnd) return { answers, rest };
    const body = Buffer.from(rest.slice(headEnd + 4, bodyEnd), 'latin1').toString('utf8');
    if (status >= 200) answers.push({ status, headers, body });
    rest = rest.slice(bodyEnd);
  }
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
