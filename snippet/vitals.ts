/** Core Web Vitals as Google's own library measures them; loaded when the page is idle. */
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { Start } from './lazy.ts';

export const start: Start = (record, _flush, _cleanUrl, _settings, _identity, leaving) => {
  let values: Record<string, number> = {};
  /** The last value of each metric by its id, which a new page view (soft navigation, restore) begins anew. */
  const sent = new Map<string, number>();

  const note = ({ id, name, value }: MetricType) => {
    if (sent.get(id) !== value) values[name.toLowerCase()] = value;
    sent.set(id, value);
  };
  // Every change, so that what is known travels with the page's engagement; the last word is a change like any other.
  const options = { reportAllChanges: true, reportSoftNavs: true };
  for (const measure of [onLCP, onINP, onCLS, onFCP, onTTFB]) measure(note, options);

  leaving.push(() => {
    if (Object.keys(values)[0]) record('web_vitals', values);
    values = {};
  });
};
