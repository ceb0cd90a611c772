/** Says in the console what was sent, what the collector answered, and what was held back, and why (`data-debug`). */
import { isExcluded } from './excluded.ts';
import type { Start } from './lazy.ts';

export const start: Start = (_record, _flush, _cleanUrl, settings) => {
  const say = (text: string, ...details: unknown[]) => console.info(`[footfall] ${text}`, ...details);

  say(`Site "${settings.site}".`, settings);
  if (isExcluded()) say('Held back, all of it: this browser is excluded (localStorage.footfall_off).');
  watchRequests(settings, say);
  watchCalls(settings, say);
};

type Say = (text: string, ...details: unknown[]) => void;

function watchRequests(settings: Parameters<Start>[3], say: Say): void {
  const original = window.fetch;
  window.fetch = async (input, init) => {
    const body: unknown = init?.body;
    const isOurs =
      typeof body === 'string' && body.includes(`"site":"${settings.site}"`) && body.includes('"sentAt":');
    if (!isOurs) return original(input, init);
    const { events, ...batch } = JSON.parse(body);
    for (const event of events) say(`Sent ${event.name || event.kind}.`, event);
    say('… as a batch of', batch);
    try {
      const answer = await original(input, init);
      say(`The collector answered ${answer.status}.`, await answer.clone().text());
      return answer;
    } catch (error) {
      say('Not delivered; kept for another try.', error);
      throw error;
    }
  };
}

/** Tells of each call what becomes of it, and of the site's own hook what it dropped. */
function watchCalls(settings: Parameters<Start>[3], say: Say): void {
  const api: unknown = Reflect.get(window, settings.global || 'footfall');
  if (!(api instanceof Object)) return;
  const explain = () => {
    if (settings.consent === 'required')
      say("Held back: consent is required, and was not given (consent('granted')).");
    if (settings.consent === true) say('Held back: consent was denied.');
  };
  for (const [name, method] of Object.entries(api)) {
    if (typeof method !== 'function') continue;
    Reflect.set(api, name, (...details: unknown[]) => {
      say(`footfall.${name}`, ...details);
      const [hook] = details;
      const isHook = name === 'before' && typeof hook === 'function';
      const result = method(
        ...(isHook ? [watchHook((event) => Reflect.apply(hook, undefined, [event]), say)] : details),
      );
      explain();
      return result;
    });
  }
  explain();
}

function watchHook(hook: (event: unknown) => unknown, say: Say) {
  return (event: unknown) => {
    const kept = hook(event);
    if (!kept) say('Held back: the hook given to before() dropped it.', event);
    return kept;
  };
}
