/** Numbers, times and dates as a reader of one language writes them. A missing value is "–", never 0 and never NaN. */
export type Format = ReturnType<typeof createFormat>;

const NONE = '–';

export function createFormat(locale: string) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const hundredths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signedTenths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const signed = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const gigabytes = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'gigabyte',
    maximumFractionDigits: 1,
  });
  const list = new Intl.ListFormat(locale, { type: 'disjunction' });
  const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  const languages = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' });
  const dates = dateFormats(locale);

  return {
    locale,
    list: (parts: string[]) => list.format(parts),
    number: (value: Missing) => (isNumber(value) ? whole.format(value) : NONE),
    oneDecimal: (value: Missing) => (isNumber(value) ? tenths.format(value) : NONE),
    /** −1.84 → "−1.8", with the minus of typography. */
    signedTenths: (value: Missing) => (isNumber(value) ? signedTenths.format(value).replace('-', '−') : NONE),
    decimal: (value: Missing) => (isNumber(value) ? decimal.format(value) : NONE),
    /** With all its digits, though they be zero: 0.1 → "0.10"; with a unit as durations bear it: "2.48s". */
    toDigits: (value: Missing, digits: number, unit: 's' | 'ms' | '' = '') =>
      isNumber(value) ? toDigits(value, digits, unit, locale) : NONE,
    /** 1,234 stays; 12,345 becomes "12.3k". Show the exact number beside it, as a title. */
    compact: (value: Missing) =>
      !isNumber(value)
        ? NONE
        : Math.abs(value) < 10_000
          ? whole.format(value)
          : compact.format(value).replace('K', 'k'),
    /** From a fraction: 0.0421 → "4.2%". */
    percent: (fraction: Missing) => (isNumber(fraction) ? percent.format(fraction) : NONE),
    /** From fractions: 0.2, 0.314 → "20.0–31.4%". */
    percents: (low: Missing, high: Missing) =>
      isNumber(low) && isNumber(high) ? `${hundredths.format(low * 100)}–${percent.format(high)}` : NONE,
    /** From a fraction: 0.12 → "+12.0%". */
    change: (fraction: Missing) => (isNumber(fraction) ? signed.format(fraction) : NONE),
    gigabytes: (bytes: Missing) => (isNumber(bytes) ? gigabytes.format(bytes / 1e9) : NONE),
    duration: (ms: Missing) => (isNumber(ms) ? duration(ms, locale) : NONE),
    money: (amount: Missing, currency: string) => (isNumber(amount) ? money(amount, currency, locale) : NONE),
    country: (code: string) => nameOf(regions, code),
    language: (code: string) => nameOf(languages, code),
    ...dates,
  };
}

type Missing = number | null | undefined;

function isNumber(value: Missing): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Intl throws for what is no code at all ("XX1"); a name it does not know is shown as it came. */
function nameOf(names: Intl.DisplayNames, code: string): string {
  if (code === '') return '';
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

function money(amount: number, currency: string, locale: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return new Intl.NumberFormat(locale).format(amount);
  const digits = Math.abs(amount) >= 1_000 ? { maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(amount);
}

function toDigits(value: number, digits: number, unit: string, locale: string): string {
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number.format(value)}${unit && unitGap(locale)}${unit}`;
}

/** Between a number and its unit. */
function unitGap(locale: string): string {
  return locale.startsWith('en') ? '' : '\u00a0';
}

/** The two largest units, as short as the language takes them: "2m 17s" in English, "2 min 17 s" elsewhere. */
function duration(ms: number, locale: string): string {
  const gap = unitGap(locale);
  const minute = locale.startsWith('en') ? 'm' : 'min';
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const unit = (value: number, symbol: string) => `${number.format(value)}${gap}${symbol}`;
  if (ms > 0 && ms < 1_000) return unit(Math.round(ms), 'ms');
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return unit(ms < 9_950 ? ms / 1_000 : seconds, 's');
  if (seconds < 3_600) return `${unit(Math.floor(seconds / 60), minute)} ${unit(seconds % 60, 's')}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${unit(Math.floor(minutes / 60), 'h')} ${unit(minutes % 60, minute)}`;
  const hours = Math.round(minutes / 60);
  return `${unit(Math.floor(hours / 24), 'd')} ${unit(hours % 24, 'h')}`;
}

/** Local dates are `2026-11-22`, without a zone; instants are ISO strings or milliseconds, shown in the site's zone. */
function dateFormats(locale: string) {
  const inUtc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const day = inUtc({ day: 'numeric', month: 'short' });
  const dayYear = inUtc({ day: 'numeric', month: 'short', year: 'numeric' });
  const weekday = inUtc({ weekday: 'short', day: 'numeric', month: 'short' });
  const month = inUtc({ month: 'long', year: 'numeric' });
  const monthShort = inUtc({ month: 'short', year: 'numeric' });
  const hour = inUtc({ hour: 'numeric', minute: '2-digit' });
  const at = (date: string) => new Date(`${date.slice(0, 10)}T00:00:00Z`);

  return {
    day: (date: string) => day.format(at(date)),
    dayYear: (date: string) => dayYear.format(at(date)),
    weekday: (date: string) => weekday.format(at(date)),
    month: (date: string) => month.format(at(date)),
    monthShort: (date: string) => monthShort.format(at(date)),
    /** Both ends included. */
    range: (from: string, to: string) =>
      from === to ? dayYear.format(at(from)) : dayYear.formatRange(at(from), at(to)),
    /** Of a local date-time `2026-11-22 14:00:00` or `…T14:00`, as it stands. */
    hour: (local: string) => hour.format(new Date(`${local.slice(0, 16).replace(' ', 'T')}:00Z`)),
    /** Of an instant, in a time zone. */
    time: (instant: string | number, timeZone: string) =>
      new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'medium' }).format(new Date(instant)),
    dateTime: (instant: string | number, timeZone: string) =>
      new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(
        new Date(instant),
      ),
  };
}
