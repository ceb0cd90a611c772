/**
 * One visitor across a company's hosts (`data-domains`), where consent was granted: a link there carries the id for two
 * minutes. The page it leads to takes it up, unless the visitor is known, or has refused, there. Opt-in.
 */
import type { Start } from './lazy.ts';

const PARAMETER = '_ff';
const FRESH_MS = 120_000;

export const start: Start = (_record, _flush, _cleanUrl, settings, identity) => {
  takeUp(settings.global || 'footfall', identity);

  const hosts = RegExp(`^(.+\\.)?(${settings.domains})$`);
  const decorate = (event: Event) => {
    const link = event
      .composedPath()
      .find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement && !!node.href);
    if (!link || !identity.anonymousId || link.host === location.host || !hosts.test(link.hostname)) return;
    const url = new URL(link.href);
    url.searchParams.set(PARAMETER, `${Date.now().toString(36)}.${identity.anonymousId}`);
    link.href = url.href;
  };
  for (const type of ['click', 'auxclick'])
    addEventListener(type, decorate, { capture: true, passive: true });
};

function takeUp(global: string, identity: Parameters<Start>[4]): void {
  const url = new URL(location.href);
  const [time = '', id] = (url.searchParams.get(PARAMETER) || '').split('.');
  if (!id) return;
  url.searchParams.delete(PARAMETER);
  // A reload, or a copied address, must not carry the id further.
  history.replaceState(history.state, '', url.href);
  const isFresh = Math.abs(Date.now() - Number.parseInt(time, 36)) < FRESH_MS;
  if (!isFresh || identity.consent || !/^[0-9a-z]{19,40}$/.test(id)) return;
  localStorage.setItem('footfall', id);
  const api: unknown = Reflect.get(window, global);
  if (api instanceof Object) Reflect.get(api, 'consent')('granted');
}
