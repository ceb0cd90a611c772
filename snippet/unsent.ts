import { toBody } from './body.ts';
import type { StartLater } from './lazy.ts';

const KEY = 'footfall-unsent';
const RETRY_MS = 4_000;
/** A guest fills neither memory nor storage: the last few batches. */
const KEPT_BATCHES = 9;

/**
 * Tries a batch that failed once more, and keeps it until it has arrived: in memory, and on the device where the visitor
 * has granted that. What failed twice is sent again when the network is back, and by the next page. Repeats bear the
 * same event ids, and count once.
 */
export function keepUnsent(
  identity: Parameters<StartLater>[4],
  leaving: Parameters<StartLater>[5],
  deliver: Parameters<StartLater>[6],
  unsent: object[],
  door: () => string | URL,
): void {
  const kept = new Set<object>();
  const tried = new WeakSet<object>();
  const underWay = new Set<object>();

  const store = () => {
    try {
      if (identity.anonymousId && kept.size) localStorage.setItem(KEY, JSON.stringify([...kept]));
      else localStorage.removeItem(KEY);
    } catch {
      // Blocked or full: memory must do.
    }
  };
  const retry = async (batch: object) => {
    tried.add(batch);
    // The collector corrects clocks by the time of this very try.
    Object.assign(batch, { sentAt: Date.now() });
    underWay.add(batch);
    await deliver(batch);
    // What failed again is not under way any more.
    if (underWay.delete(batch)) kept.delete(batch);
    store();
  };
  const fail = (batch: object) => {
    const isLast = tried.has(batch) || document.hidden || !window.fetch;
    underWay.delete(batch);
    kept.add(batch);
    for (const oldest of kept) if (kept.size > KEPT_BATCHES) kept.delete(oldest);
    store();
    // The last resort, whose word is not taken for it: blockers let a beacon vanish and answer true.
    if (isLast) navigator.sendBeacon?.(door(), toBody(batch));
    else setTimeout(retryOnce, RETRY_MS, batch);
    return 0;
  };
  const retryOnce = (batch: object) => {
    if (!tried.has(batch)) retry(batch);
  };
  const retryKept = () => {
    for (const batch of kept) if (!underWay.has(batch)) retry(batch);
  };

  if (identity.anonymousId) for (const batch of readStored()) kept.add(batch);
  retryKept();
  unsent.splice(0).forEach(fail);
  unsent.push = fail;
  addEventListener('online', retryKept);
  leaving.push((isOver) => {
    // A consent withdrawn meanwhile takes them off the device.
    store();
    // There may be no later.
    if (!isOver) kept.forEach(retryOnce);
  });
}

function readStored(): object[] {
  try {
    const batches: unknown = JSON.parse(localStorage.getItem(KEY) || '[]');
    return Array.isArray(batches) ? batches.slice(-KEPT_BATCHES) : [];
  } catch {
    return [];
  }
}
