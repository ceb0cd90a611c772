import type { EventKind } from '../collector/protocol.ts';
import { listen } from './guard.ts';
import type { LooseProperties, Tracker } from './tracker.ts';

const DOWNLOADS =
  'pdf,zip,rar,7z,gz,dmg,exe,msi,pkg,apk,docx?,xlsx?,pptx?,csv,rtf,txt,mp3,mp4,wav,mov,avi,wmv';

/**
 * Counts outbound links, downloads, tagged elements and form submits. One act is one event: tagged over outbound over
 * download, and a click's own consequences (a label's second click, the submit of a form) are not counted again.
 * Listens on the window, early, so that a page's stopPropagation hides nothing; never delays, never prevents.
 */
export function watchClicks(tracker: Tracker): void {
  const isDownload = RegExp(
    `\\.(${(tracker.readSetting('downloads') || DOWNLOADS).replace(/,/g, '|')})$`,
    'i',
  );
  let hasActed: unknown;

  const act = (kind: EventKind, fields: object, properties: LooseProperties = {}) => {
    // What one act sets off follows in the same task.
    hasActed ||= setTimeout(() => (hasActed = 0));
    tracker.recordEvent(kind, fields, properties);
  };

  listen<MouseEvent | SubmitEvent>(
    window,
    'click auxclick submit',
    (event) => {
      // Right and further buttons navigate nowhere.
      if (hasActed || ('button' in event && event.button > 1)) return;
      const isSubmit = event.type === 'submit';
      // Through open shadow roots; nodes that are no elements lack what is looked for.
      const path = event.composedPath() as (Element & HTMLAnchorElement & HTMLFormElement)[];
      // A click into a tagged form is not its submit.
      const tagged = path.find(
        (node) => node.dataset?.footfallEvent && isSubmit >= /form/i.test(node.tagName),
      );
      const link = path.find((node) => node.matches?.('a,area'));

      if (tagged) {
        const properties: LooseProperties = {};
        for (const { name, value } of tagged.attributes) {
          const [, property] = name.split('data-footfall-prop-');
          if (property) properties[property] = value;
        }
        act('custom', { name: tagged.dataset.footfallEvent.slice(0, 100) }, properties);
      } else if (isSubmit) {
        const form = path[0]!;
        act('form_submit', {
          target: (
            form.getAttribute('id') ||
            form.getAttribute('name') ||
            new URL(form.action).pathname
          ).slice(0, 1_000),
        });
      } else if (link?.href) {
        // An SVG link's href is an object.
        const url = new URL(link.href.baseVal ?? link.href, location.href);
        const target = tracker.cleanAddress(url.href).slice(0, 1_000);
        if (url.host && url.host !== location.host) act('outbound_link', { target });
        else if (link.hasAttribute('download') || isDownload.test(url.pathname))
          act('file_download', { target });
      }
    },
    true,
  );
}
