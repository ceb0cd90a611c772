/** Core Web Vitals as Google's own library measures them; loaded when the page is idle. */
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { Start } from './lazy.ts';

export const start: Start = (record, _flush, cleanUrl, _settings, _identity, leaving) => {
  /** What has changed since the last event, by the page's address: soft navigations are reported after the fact. */
  const changed = new Map<string, Record<string, number>>();
  /** The last value of each metric by its id, which a new page view (soft navigation, restore) begins anew. */
  const sent = new Map<string, number>();
  let shown = cleanUrl(location.href);

  const note = ({ id, name, value, navigationURL }: MetricType) => {
    const url = navigationURL ? cleanUrl(navigationURL) : shown;
    if (sent.get(id) !== value) changed.set(url, { ...changed.get(url), [name.toLowerCase()]: value });
    sent.set(id, value);
  };
  // Every change, so that what is known travels with the page's engagement; the last word is a change like any other.
  const options = { reportAllChanges: true, reportSoftNavs: true };
  for (const measure of [onLCP, onINP, onCLS, onFCP]) measure(note, options);
  // A soft navigation has no first byte: the library would call it 0.
  onTTFB(note);

  leaving.push((isOver) => {
    for (const [url, values] of changed) {
      // Of a page that has been left, only the address is known.
      record('web_vitals', url === shown ? values : { ...values, url, pageView: undefined, seq: undefined });
    }
    changed.clear();
    if (isOver) shown = cleanUrl(location.href);
  });
};
