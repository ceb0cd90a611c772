import type { ImportBatch } from '../../collector/import-batch.ts';

export type Sending = {
  url: string;
  secret: string;
  /** Told after each answered request how many events have been acknowledged so far, repeats included. */
  onProgress?: (events: number) => void;
};

/** Two at a time: one travels while the other is written to disk. */
const REQUESTS_AT_ONCE = 2;
/** The doors look for new sites every few seconds. */
const SITE_PATIENCE_MS = 10_000;

/** Sends every batch through the collector's own door. Throws at the first answer that is not 202 with all accepted. */
export async function sendAll(batches: Iterable<ImportBatch>, sending: Sending): Promise<void> {
  const queue = batches[Symbol.iterator]();
  let acknowledged = 0;
  async function work(): Promise<void> {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      acknowledged += await send(next.value, sending);
      sending.onProgress?.(acknowledged);
    }
  }
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
}

async function send(batch: ImportBatch, { url, secret }: Sending): Promise<number> {
  const patientUntil = Date.now() + SITE_PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    const text = await answer.text();
    const isNewSite = answer.status === 404 && Date.now() < patientUntil;
    const waitSeconds = isNewSite ? 0.5 : Number(answer.headers.get('retry-after'));
    if (waitSeconds > 0) {
      await new Promise((resume) => setTimeout(resume, waitSeconds * 1_000));
      continue;
    }
    if (answer.status !== 202) throw new Error(`The collector answered ${answer.status}: ${text}`);
    // Our own collector's Receipt, checked by its own tests.
    const { accepted, refused } = JSON.parse(text) as { accepted: number; refused: { message: string }[] };
    if (refused[0])
      throw new Error(`The collector refused ${refused.length} events, the first: ${refused[0].message}`);
    return accepted;
  }
}
