import type { Format } from './format.ts';
import type { Words } from './pattern.ts';

/** "country" → "Country"; a property bears its own name: "property.plan" → "plan". */
export function nameOfField(field: string, words: Words): string {
  const known: Record<string, string> = words.dimensions;
  return known[field] ?? field.replace(/^(property|trait)[.:]/, '');
}

/** What a dimension's value is called on screen: country codes get names, an empty value says what is missing. */
export function nameOfValue(field: string, value: string, words: Words, format: Format): string {
  if (value === '') return field === 'source' || field === 'referrer' ? words.values.direct : words.app.none;
  if (field === 'country') return format.country(value);
  if (field === 'language') return format.language(value);
  const known: Record<string, string> =
    field === 'channel'
      ? words.channels
      : field === 'device'
        ? words.devices
        : field === 'consent'
          ? words.consents
          : field === 'identity'
            ? words.identities
            : {};
  // Channels come as GA4 writes them: "Organic Search".
  return known[value.toLowerCase().replaceAll(/[ -]/g, '_')] ?? value;
}
