/** Requests of visitors each of whom is new: an address, a browser and a page of their own. */
import { Agent, request } from 'node:http';

export type Door = { url: string; site: string };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let lastId = 0;

/** The status of the answer; rejects where none came. */
export function sendVisitor({ url, site }: Door, visitor: number): Promise<number> {
  lastId += 1;
  const now = Date.now();
  const event = {
    kind: 'page_view',
    id: `${now.toString(36)}${lastId.toString(36).padStart(12, '0')}`,
    at: now,
    url: `https://shop.example/products/${visitor}?utm_campaign=${visitor}`,
    referrer: `https://blog-${visitor}.example.com/`,
  };
  const body = JSON.stringify({ version: 1, site, sentAt: now, events: [event] });
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/events`, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': `Mozilla/5.0 (X11; Linux x86_64; ${visitor}) Gecko/20100101 Firefox/${100 + (visitor % 50)}.0`,
        'accept-language': 'en-GB,en;q=0.9',
        'x-forwarded-for': `${100 + (visitor >>> 16)}.${(visitor >>> 8) & 255}.${visitor & 255}.7`,
      },
    });
    outgoing.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends them as fast as 64 connections are answered; how many were answered with what. */
export async function sendVisitors(door: Door, from: number, to: number): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let next = from;
  const sendOnAndOn = async () => {
    while (next < to) {
      next += 1;
      const status = await sendVisitor(door, next);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 64 }, sendOnAndOn));
  return statuses;
}

/** Sends at a steady rate until stopped, whether answered or not: how late each 202 came is then not hidden. */
export function sendSteadily(door: Door, perSecond: number, from: number) {
  const latencies: number[] = [];
  const refused: number[] = [];
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; sent < due; sent += 1) {
      // As it was to be sent, not when this timer came to it.
      const dueAt = startedAt + (sent / perSecond) * 1_000;
      const sending = sendVisitor(door, from + sent).then((status) => {
        latencies.push(performance.now() - dueAt);
        if (status !== 202) refused.push(status);
        running.delete(sending);
      });
      running.add(sending);
    }
  }, 2);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return { latencies: latencies.sort((a, b) => a - b), refused };
    },
  };
}
