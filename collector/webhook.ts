import type { Alert } from './alerts.ts';
import type { Log } from './log.ts';

const PATIENCE_MS = 10_000;
const ATTEMPTS = 3;

/**
 * Posts each alert as JSON, `{"text", "state", "kind", "site", "since"}`: `text` is what chat programs show. Tries three
 * times; what fails then is in the log and the dashboard all the same.
 */
export function createWebhook(url: string, publicUrl: string, log: Log) {
  return async (alert: Alert, state: 'begins' | 'ends'): Promise<void> => {
    const text = `Footfall (${publicUrl})${state === 'ends' ? ': over' : ''}: ${alert.message}`;
    const since = new Date(alert.since).toISOString();
    const body = JSON.stringify({ text, state, kind: alert.kind, site: alert.siteId, since });
    let problem: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      problem = await post(url, body);
      if (problem === undefined) return;
      await new Promise((resume) => setTimeout(resume, attempt * 1_000).unref());
    }
    log('warn', 'The webhook could not be told', problem);
  };
}

/** What went wrong, undefined if nothing did. */
async function post(url: string, body: string): Promise<unknown> {
  try {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.arrayBuffer();
    return answer.ok ? undefined : new Error(`It answered ${answer.status}`);
  } catch (error) {
    return error;
  }
}

/** Trouble goes to the log always, and to the webhook if there is one. */
export function tellTrouble(url: string | undefined, publicUrl: string, log: Log) {
  const webhook = url === undefined ? undefined : createWebhook(url, publicUrl, log);
  return (alert: Alert, state: 'begins' | 'ends'): void => {
    if (state === 'begins') log('warn', alert.message);
    else log('info', `Over: ${alert.message}`);
    webhook?.(alert, state);
  };
}
