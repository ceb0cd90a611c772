import type { EventKind } from '../collector/protocol.ts';
import { isOutside } from './is-outside.ts';
import type { Act, Start } from './lazy.ts';

const DOWNLOADS =
  'pdf|zip|rar|7z|t?gz|dmg|exe|msi|pkg|apk|deb|rpm|iso|docx?|xlsx?|pptx?|od[tsp]|csv|rtf|txt|epub|mp[34]|wav|mov|avi|wmv';

/** What one act sets off (a label's second click, the submit after a click) follows within the same moment. */
const ONE_ACT_MS = 50;

type Found = { kind: EventKind; fields: object; properties?: Record<string, string> } | undefined;

/**
 * Counts clicks on tagged elements, on outbound links and on downloads, and form submits; where several apply, the first
 * named. By mouse, keyboard, with modifiers, on child elements, in SVG, through open shadow roots; never delays or
 * prevents what an act does.
 */
export function watchActs(
  record: Parameters<Start>[0],
  cleanUrl: Parameters<Start>[2],
  settings: Parameters<Start>[3],
  acts: Act[],
): void {
  let actedAt = -ONE_ACT_MS;

  const count = (act: Act) => {
    const { timeStamp } = act.event;
    if (timeStamp - actedAt < ONE_ACT_MS) return;
    const found = act.event.type === 'submit' ? submitted(act) : clicked(act);
    if (!found) return;
    actedAt = timeStamp;
    record(found.kind, found.fields, found.properties);
  };

  const clicked = ({ event, path }: Act): Found => {
    // Right and further buttons navigate nowhere.
    if (event instanceof MouseEvent && event.button > 1) return;
    const link = find<HTMLAnchorElement>(path, 'a,area');
    // A click into a tagged form is not its submit; the middle button only opens links.
    const tagged = (link || event.type === 'click') && find(path, '[data-footfall-event]:not(form)');
    if (tagged) return named(tagged);
    if (!link) return;
    const address = addressOf(link);
    const target = cleanUrl(address).slice(0, 1_000);
    if (isOutside(address)) return isOwn(address) ? undefined : { kind: 'outbound_link', fields: { target } };
    return isDownload(link, address) ? { kind: 'file_download', fields: { target } } : undefined;
  };

  const isOwn = (address: string) =>
    !!settings.domains &&
    RegExp(`^(.+\\.)?(${settings.domains})$`).test(new URL(address, location.href).hostname);

  const isDownload = (link: Element, address: string) =>
    link.hasAttribute('download') ||
    RegExp(`\\.(${settings.downloads || DOWNLOADS})$`, 'i').test(new URL(address, location.href).pathname);

  for (const act of acts) count(act);
  // From here on the tag's list is our ear.
  acts.push = (act) => {
    count(act);
    return 0;
  };
}

function submitted({ path }: Act): Found {
  const form = find(path, 'form');
  if (form?.hasAttribute('data-footfall-event')) return named(form);
  // Attributes, for inputs named `id` or `action` hide the form's properties.
  const [id, name, action] = ['id', 'name', 'action'].map((attribute) => form?.getAttribute(attribute));
  const target = id || name || new URL(action || '', location.href).pathname;
  return { kind: 'form_submit', fields: { target: target.slice(0, 1_000) } };
}

/** The custom event that an element's attributes describe. */
function named(tagged: Element): Found {
  const properties: Record<string, string> = {};
  for (const { name, value } of tagged.attributes) {
    const property = name.split('data-footfall-prop-')[1];
    if (property) properties[property] = value;
  }
  const name = tagged.getAttribute('data-footfall-event')?.slice(0, 100);
  return name ? { kind: 'custom', fields: { name }, properties } : undefined;
}

function find<Found extends Element = Element>(path: EventTarget[], selector: string): Found | undefined {
  // The selector names the kind of element; documents and shadow roots stand in the path too, and lack `matches`.
  return path.find((node): node is Found => node instanceof Element && node.matches(selector));
}

/** An SVG link's `href` is an object. */
function addressOf(link: HTMLAnchorElement | SVGAElement): string {
  return typeof link.href === 'string' ? link.href : link.href.baseVal;
}
