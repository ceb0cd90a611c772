import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { toEventId } from '../../collector/enrich/event-id.ts';

/** Senders that behave as the snippet does: what is not acknowledged is sent again, with the same ids. */
export type Shoppers = {
  /** Ids, as `events` holds them, of all that ever left. */
  readonly sent: ReadonlySet<string>;
  /** Ids of what was answered with 202. */
  readonly acknowledged: ReadonlySet<string>;
  /** Requests that had to be sent again. */
  repeats(): number;
  /**
   * No new events; resolves once everything sent is acknowledged, with the id of one event more, sent after all others:
   * the spool keeps the order, so once it is stored all have had their turn.
   */
  finish(): Promise<string>;
};

export type ShoppersOptions = {
  url: string;
  site: string;
  senders: number;
  eventsPerBatch: number;
  pauseMs: number;
};

export function startShoppers({ url, site, senders, eventsPerBatch, pauseMs }: ShoppersOptions): Shoppers {
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  let isOver = false;
  let repeats = 0;
  let addresses = 0;

  async function sendBatches(): Promise<void> {
    while (!isOver) {
      await sendBatch(Array.from({ length: eventsPerBatch }, createEventId));
      await pause(pauseMs);
    }
  }

  async function sendBatch(ids: readonly string[]): Promise<void> {
    for (const id of ids) sent.add(toEventId(id));
    addresses += 1;
    // Each batch from a visitor of its own, so that no rate limit stands in the way.
    const address = `203.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
    await sendUntilTaken(JSON.stringify(toBatch(site, ids)), address);
    for (const id of ids) acknowledged.add(toEventId(id));
  }

  async function sendUntilTaken(body: string, address: string): Promise<void> {
    for (;;) {
      const status = await post(url, body, address, agent).catch(() => 0);
      if (status === 202) return;
      if (status !== 0 && status !== 503) throw new Error(`The collector answered ${status}`);
      repeats += 1;
      await pause(50);
    }
  }

  const running = Promise.all(Array.from({ length: senders }, sendBatches));
  // Whoever waits in `finish` sees it; until then it must not end the test run.
  running.catch(() => undefined);
  return {
    sent,
    acknowledged,
    repeats: () => repeats,
    async finish() {
      isOver = true;
      await running;
      const last = createEventId();
      await sendBatch([last]);
      agent.destroy();
      return toEventId(last);
    },
  };
}

/** As the snippet makes them: time in base 36, then random characters. */
export function createEventId(): string {
  return `${Date.now().toString(36)}${BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(36)
    .padStart(19, '0')}`;
}

function toBatch(site: string, ids: readonly string[]) {
  const at = Date.now();
  const events = ids.map((id, index) => ({
    id,
    at: at + index,
    url: `https://shop.example/products/${index}`,
    kind: 'custom',
    name: 'add_to_cart',
    properties: { index },
  }));
  return { version: 1, site, sentAt: at, events };
}

/** The status of the answer; rejects where none came. */
export function post(url: string, body: string, address: string, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/events`, {
      method: 'POST',
      ...(agent && { agent }),
      timeout: 5_000,
      headers: {
        'content-type': 'text/plain',
        'content-length': Buffer.byteLength(body),
        'user-agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
        'accept-language': 'en',
        'x-forwarded-for': address,
      },
    });
    outgoing.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('No answer within 5 s')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
