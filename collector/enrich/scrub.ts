/** Takes out of texts what must not be stored: e-mail addresses and card numbers that sites leak into their URLs. */

const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+/gi;
const DIGITS = /\d(?:[ -]?\d|%20\d|\+\d){12,18}/g;

/** The text with `[email]` and `[card]` in their place. Never throws. */
export function scrub(text: string): string {
  let scrubbed = text;
  if (text.includes('@') || text.includes('%40')) scrubbed = scrubbed.replace(EMAIL, '[email]');
  // A card has at least 13 digits: most texts are too short, or are passed at the first look.
  if (text.length >= 13)
    scrubbed = scrubbed.replace(DIGITS, (digits) => (isCard(digits) ? '[card]' : digits));
  return scrubbed;
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
