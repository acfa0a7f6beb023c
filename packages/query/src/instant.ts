/** A stretch of time in milliseconds since 1970, `end` exclusive. */
export interface Period {
  readonly start: number;
  readonly end: number;
  /** How the period is written when it is shorter than a time of day: `2017`, `2017-12` or `2017-12-15`. */
  readonly isDate: boolean;
}

const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|z|[+-]\d\d:?\d\d)?)?)?)?$/;

/**
 * Reads a date or a part of one as the period it stands for: `2017`, `2017-12`, `2017-12-15`,
 * `2017-12-15T10:30`, down to the millisecond, UTC unless it names an offset (ISO 8601).
 * @returns `undefined` for anything else, such as the 31st of June
 */
export function readPeriod(text: string): Period | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  const m = month === undefined ? 0 : Number(month) - 1;
  const d = day === undefined ? 1 : Number(day);
  const start = utc(y, m, d, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0));
  const date = new Date(start);
  const isReal =
    date.getUTCFullYear() === y &&
    date.getUTCMonth() === m &&
    date.getUTCDate() === d &&
    date.getUTCHours() === Number(hour ?? 0) &&
    date.getUTCMinutes() === Number(minute ?? 0) &&
    date.getUTCSeconds() === Number(second ?? 0);
  if (!isReal) return undefined;
  const isDate = hour === undefined;
  if (month === undefined) return { start, end: utc(y + 1, 0, 1), isDate };
  if (day === undefined) return { start, end: utc(y, m + 1, 1), isDate };
  if (hour === undefined) return { start, end: utc(y, m, d + 1), isDate };
  const offset = readOffset(zone);
  if (offset === undefined) return undefined;
  const milliseconds = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  const length =
    second === undefined ? 60_000 : fraction === undefined ? 1_000 : 10 ** (3 - Math.min(3, fraction.length));
  const from = start + milliseconds - offset;
  return { start: from, end: from + length, isDate };
}

function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day); // Date.UTC would read the years 0 to 99 as 1900 to 1999
  return date.setUTCHours(hour, minute, second);
}

/** @returns milliseconds east of UTC; none for an offset of more than 18 hours, which no place has */
function readOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (minutes > 59 || hours * 60 + minutes > 18 * 60) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The text of the year, month or day that follows a date, in the same form; after 9999 a text above all dates. */
export function nextDateText(text: string, period: Period): string {
  const next = new Date(period.end).toISOString();
  return next.startsWith('+') ? '\u{10FFFF}' : next.slice(0, text.length);
}
