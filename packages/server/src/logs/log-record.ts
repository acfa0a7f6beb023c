import type { LogRow } from './store.ts';

/** An event on the wire. */
export type PresentedLog = Record<string, unknown>;

/** `log_id` twice, the date with milliseconds, keys without a value left out (spec extensions-and-protection §6.1). */
export function presentLog(row: LogRow): PresentedLog {
  const { log_id, date, details, ...texts } = row;
  const isMobile = readIsMobile(row.user_agent);
  return {
    _id: log_id,
    log_id,
    date: date.toISOString(),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== null)),
    ...(isMobile === undefined ? {} : { isMobile }),
    ...(details ? { details } : {}),
  };
}

/** Every browser calls itself Mozilla, and on a telephone also `Mobi` (MDN, browser detection); other programs do not tell. */
function readIsMobile(userAgent: string | null): boolean | undefined {
  return userAgent?.startsWith('Mozilla/') ? userAgent.includes('Mobi') : undefined;
}
