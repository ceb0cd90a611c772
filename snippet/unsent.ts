import type { Start } from './lazy.ts';

const KEY = 'footfall-unsent';
const RETRY_MS = 4_000;
/** A guest fills neither memory nor storage: the last few batches. */
const KEPT_BATCHES = 9;

/**
 * Tries a batch that failed once more, then keeps it: in memory, and on the device where the visitor has granted that.
 * Sent again when the network is back, and by the next page. Repeats bear the same event ids, and count once.
 */
export function keepUnsent(
  identity: Parameters<Start>[4],
  leaving: Parameters<Start>[5],
  deliver: Parameters<Start>[6],
  unsent: object[],
): void {
  const tried = new WeakSet<object>();
  let kept: object[] = [];

  const store = () => {
    try {
      if (identity.anonymousId && kept[0]) localStorage.setItem(KEY, JSON.stringify(kept));
      else localStorage.removeItem(KEY);
    } catch {
      // Blocked or full: memory must do.
    }
  };
  const retry = (batch: object) => {
    tried.add(batch);
    deliver(batch);
  };
  const fail = (batch: object) => {
    if (tried.has(batch)) {
      kept = [...kept, batch].slice(-KEPT_BATCHES);
      store();
    } else setTimeout(retry, RETRY_MS, batch);
    return 0;
  };
  const sendKept = () => {
    const batches = kept;
    kept = [];
    store();
    batches.forEach(retry);
  };

  if (identity.anonymousId) kept = readStored();
  sendKept();
  unsent.splice(0).forEach(fail);
  unsent.push = fail;
  addEventListener('online', sendKept);
  // A consent withdrawn meanwhile takes them off the device.
  leaving.push(store);
}

function readStored(): object[] {
  try {
    const batches: unknown = JSON.parse(localStorage.getItem(KEY) || '[]');
    return Array.isArray(batches) ? batches.slice(-KEPT_BATCHES) : [];
  } catch {
    return [];
  }
}
