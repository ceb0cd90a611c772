const FIRST_TAG = /^\s*([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}|\d{3}))?\s*(?:[,;]|$)/i;

/** The first of the browser's languages, like `de` or `pt-BR`; '' if it names none. Never throws. */
export function toLanguage(acceptLanguage: string | undefined): string {
  const match = acceptLanguage === undefined ? null : FIRST_TAG.exec(acceptLanguage);
  if (match?.[1] === undefined) return '';
  const language = match[1].toLowerCase();
  return match[2] === undefined ? language : `${language}-${match[2].toUpperCase()}`;
}
