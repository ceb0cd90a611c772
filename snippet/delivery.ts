import { guard } from './guard.ts';

/**
 * Brings events to the collector: gathers them for a moment, sends them together, tries a failed batch once more
 * and keeps it for better times. Repeats bear the same event ids, so that the collector counts them once.
 *
 * `describe` gives the batch's own fields, or nothing while none may leave. `keep` is told what is still unsent.
 */
export function createDelivery(
  endpoint: string,
  describe: () => object | undefined | false,
  keep: (unsent: string[]) => void,
) {
  // Events and batches wait as JSON, cut to what a batch may hold without being serialised again.
  let events: string[] = [];
  let unsent: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const deliver = (batch: string, isRetry?: boolean) => {
    // A string goes as text/plain: no preflight. The collector corrects clocks by `sentAt`, so a retry states its own.
    fetch(endpoint, { method: 'POST', body: `{"sentAt":${Date.now()},${batch}`, keepalive: true })
      .then((answer) => {
        if (answer.status === 429 || answer.status > 499) throw answer;
      })
      .catch(() => {
        // A guest does not fill the visitor's memory: the last few batches only.
        unsent = [...unsent, batch].slice(-9);
        keep(unsent);
        isRetry || setTimeout(resend, 4_000);
      });
  };

  const resend = () => {
    const batches = unsent;
    unsent = [];
    keep(unsent);
    for (const batch of batches) deliver(batch, true);
  };

  const flush = guard(() => {
    clearTimeout(timer);
    timer = undefined;
    const head = describe();
    while (head && events[0]) {
      // 9,000 characters and one event are at most 51 kB: the page's keepalive requests share 64 KiB.
      let batch = '';
      for (let count = 0; events[0] && count < 50 && batch.length < 9_000; count++)
        batch += `,${events.shift()}`;
      deliver(`${JSON.stringify(head).slice(1, -1)},"events":[${batch.slice(1)}]}`);
    }
  });

  return {
    pushEvent(event: object) {
      const text = JSON.stringify(event);
      // The collector refuses longer ones (LIMITS.eventBytes), and they would crowd out the rest.
      if (text.length < 8_000) events = [...events, text].slice(-200);
      timer ||= setTimeout(flush, 500);
    },
    flushEvents: flush,
    /** Tries again what failed, and what an earlier page left unsent. */
    resendBatches(left: string[] = []) {
      unsent = [...left, ...unsent];
      resend();
    },
    dropEvents() {
      events = [];
    },
  };
}
