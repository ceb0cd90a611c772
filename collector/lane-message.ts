/** An answer as it goes over the wire. */

/** `head`: status line and header lines, each with its line break; those of length, date and connection are added. */
export type WholeAnswer = { head: string; body: string };

export type Message = { text: string; encoding: 'latin1' | 'utf8' };
export type ToMessage = (answer: WholeAnswer, isLast: boolean) => Message;

const CLOSE = 'connection: close\r\n';

/** `idleMs`: for so long a connection is kept for the next request. */
export function createToMessage(idleMs: number): ToMessage {
  const keepAlive = `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(idleMs / 1_000)}\r\n`;
  // The latest: most that are written within a second are the same.
  let latest: (WholeAnswer & { second: number; isLast: boolean; message: Message }) | undefined;

  return ({ head, body }, isLast) => {
    const now = Date.now();
    const second = Math.floor(now / 1_000);
    if (
      latest === undefined ||
      second !== latest.second ||
      isLast !== latest.isLast ||
      head !== latest.head ||
      body !== latest.body
    ) {
      const bytes = Buffer.byteLength(body);
      const lines = `content-length: ${bytes}\r\ndate: ${new Date(now).toUTCString()}\r\n`;
      const text = `${head}${lines}${isLast ? CLOSE : keepAlive}\r\n${body}`;
      // Latin-1 is written at less cost, and of ASCII the bytes are the same.
      const encoding = bytes === body.length ? 'latin1' : 'utf8';
      latest = { second, isLast, head, body, message: { text, encoding } };
    }
    return latest.message;
  };
}
