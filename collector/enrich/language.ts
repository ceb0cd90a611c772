import { toOwnText } from './own-text.ts';
import { createRecent } from './recent.ts';

const FIRST_TAG = /^\s*([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}|\d{3}))?\s*(?:[,;]|$)/i;
const MAX_TEXT = 100;
const languages = createRecent<string, string>(200);

/** The first of the browser's languages, like `de` or `pt-BR`; '' if it names none. Never throws. */
export function toLanguage(acceptLanguage: string | undefined): string {
  if (acceptLanguage === undefined) return '';
  const known = languages.get(acceptLanguage);
  if (known !== undefined) return known;
  const language = readLanguage(acceptLanguage);
  if (acceptLanguage.length <= MAX_TEXT) languages.set(toOwnText(acceptLanguage), toOwnText(language));
  return language;
}

function readLanguage(acceptLanguage: string): string {
  const match = FIRST_TAG.exec(acceptLanguage);
  if (match?.[1] === undefined) return '';
  const language = match[1].toLowerCase();
  return match[2] === undefined ? language : `${language}-${match[2].toUpperCase()}`;
}
