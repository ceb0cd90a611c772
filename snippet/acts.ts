import type { EventKind } from '../collector/protocol.ts';
import { cleanUrl } from './clean-url.ts';
import { listen } from './guard.ts';
import { isOutside } from './is-outside.ts';
import { record } from './pages.ts';
import { settings } from './settings.ts';

const DOWNLOADS = '(doc|xls|ppt)x?|pdf|csv|txt|zip|rar|7z|gz|exe|dmg|mp[34]';

/** Until then, by the events' own clock, what happens is part of one act: a label's second click, the submit after a click. */
let oneActUntil: number;

/**
 * Counts clicks on tagged elements, on outbound links and on downloads, and form submits; where several apply, the first
 * named. By mouse, keyboard, with modifiers, on child elements, in SVG, through open shadow roots; never delays or
 * prevents what an act does.
 */
export const watchActs = () => {
  listen('click auxclick submit', (event: MouseEvent) => {
    const form = event.type > 'd' ? 'form' : '';
    // Documents and shadow roots stand in the path too, and lack `matches`.
    const find = (selector: string) =>
      (event.composedPath() as Element[]).find((node) => node.matches?.(selector));
    // Most clicks are on none of these, and end here.
    if (!find(form || 'a,area,[data-footfall-event]')) return;
    const link = find(form || 'a,area');
    // A click into a tagged form is not its submit.
    const tagged = find(`${form || ':not(form)'}[data-footfall-event]`);
    const element = (tagged || link) as Element;
    // Attributes, for SVG's `href` is an object, and inputs named `id` or `action` hide the form's properties.
    const get = (name: string) => element.getAttribute(name);
    const url = new URL(get('href') || get('xlink:href') || get('action') || '', document.baseURI);
    const kind: EventKind | '' = tagged
      ? 'custom'
      : form
        ? 'form_submit'
        : isOutside(url)
          ? 'outbound_link'
          : find('[download]') || RegExp(`\\.(${settings.downloads || DOWNLOADS})$`, 'i').test(url.pathname)
            ? 'file_download'
            : '';
    const properties: Record<string, string> = {};
    element.getAttributeNames().forEach((name) => {
      const property = name.split('data-footfall-prop-')[1];
      if (property) properties[property] = get(name) as string;
    });
    // The middle button opens links, and does nothing else; right and further buttons navigate nowhere.
    if (!kind || event.timeStamp < oneActUntil || event.button > (link ? 1 : 0)) return;
    oneActUntil = event.timeStamp + 50;
    record(
      kind,
      tagged
        ? { name: get('data-footfall-event') }
        : { target: form ? get('id') || get('name') || url.pathname : cleanUrl(url.href) },
      properties,
    );
  });
};
