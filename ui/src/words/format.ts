/**
 * Numbers, dates and plurals through Intl. The locale is set once per language; every screen formats here, so that
 * a number looks the same everywhere and in every language.
 */
let locale = 'en-GB';

/** Sets the locale used by every formatter of this module. */
export function setLocale(next: string): void {
  locale = next;
}

/** Grouped digits: 4,812,331. */
export function number(value: number, digits?: number): string {
  return new Intl.NumberFormat(
    locale === 'en-GB' ? 'en-US' : locale,
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits },
  ).format(value);
}

/** A fraction 0..1 as percent: 0.987 -> 98.7 %. */
export function percent(fraction: number, digits = 1): string {
  return `${number(fraction * 100, digits)} %`;
}

/** An allele frequency: exactly 0 is "0", small values in scientific notation with a real superscript. */
export function frequency(value: number): string {
  if (value === 0) return '0';
  if (value >= 0.01) return number(value, 3);
  const [mantissa = '', exponent = '0'] = value.toExponential(1).split('e');
  return `${mantissa}×10${superscript(Number(exponent))}`;
}

function superscript(value: number): string {
  return String(value)
    .replace(/-/g, '⁻')
    .replace(/[0-9]/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
}

/**
 * A calendar date in ISO form, the one form that nobody can read as month-day or day-month. A bare date
 * (`2026-11-21`) is passed through untouched: it has no time zone and must not move by one.
 */
export function date(value: string): string {
  if (/^\d{4}(-\d{2}(-\d{2})?)?$/.test(value)) return value;
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) return value;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${parsed.getFullYear()}-${two(parsed.getMonth() + 1)}-${two(parsed.getDate())}`;
}

/** A moment in local time with its zone: 2026-11-21 11:58 UTC. Unreadable input comes back as it was. */
export function dateTime(value: string): string {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) return value;
  const zone = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' })
    .formatToParts(parsed)
    .find((part) => part.type === 'timeZoneName')?.value;
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(
    parsed,
  );
  return `${date(value)} ${time}${zone ? ` ${zone}` : ''}`;
}

/** Seconds as the two largest units: 4 s, 3 min 20 s, 2 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${number(hours)} h ${minutes % 60} min` : `${number(hours)} h`;
}

/** Bytes in decimal units: 12.4 GB. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${number(size, unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** The forms of a countable phrase; languages with more forms than English add theirs. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Picks the plural form of the locale. */
export function plural(count: number, forms: PluralForms): string {
  return forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
}

/** "a, b and c" in the locale's way. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(items);
}
