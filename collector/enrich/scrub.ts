/** Takes out of texts what must not be stored: e-mail addresses and card numbers that sites leak into their URLs. */

const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+/gi;
const DIGITS = /\d(?:[ -]?\d|%20\d|\+\d){12,18}/g;

const CARD_DIGITS = 13;
const ZERO = 48;
const NINE = 57;

/** The text with `[email]` and `[card]` in their place. Never throws. */
export function scrub(text: string): string {
  let scrubbed = text;
  if (text.includes('@') || text.includes('%40')) scrubbed = scrubbed.replace(EMAIL, '[email]');
  if (mayHoldCard(text))
    scrubbed = scrubbed.replace(DIGITS, (digits) => (isCard(digits) ? '[card]' : digits));
  return scrubbed;
}

/** Counting is faster than the search, and most texts have no such number of digits. */
function mayHoldCard(text: string): boolean {
  if (text.length < CARD_DIGITS) return false;
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) digits += 1;
  }
  return digits >= CARD_DIGITS;
}

/** Luhn's check, so that order and product numbers stay. */
function isCard(text: string): boolean {
  const digits = text.replace(/%20/g, '').replace(/\D/g, '');
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return /^[2-6]/.test(digits) && sum % 10 === 0;
}
