import type { listDailyStatistics as listDailyStatisticsOperation, QueryOf } from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import { InvalidDayError, RangeTooLongError, ReversedRangeError } from './errors.ts';
import { countEventsByDay, countFailedLoginsByDay } from './store.ts';

const day = 86_400_000;
const defaultDays = 30;
const maximumDays = 366;

export interface DailyStatistics {
  readonly date: string;
  readonly logins: number;
  readonly signups: number;
  readonly leaked_passwords: number;
  readonly failed_logins: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One entry for every day of the range (UTC), also where nothing happened. */
export async function listDailyStatistics(
  database: Database,
  input: QueryOf<typeof listDailyStatisticsOperation>,
): Promise<DailyStatistics[]> {
  const to = input.to === undefined ? Math.floor(Date.now() / day) * day : readDay('to', input.to);
  const from = input.from === undefined ? to - (defaultDays - 1) * day : readDay('from', input.from);
  if (from > to) throw new ReversedRangeError();
  if ((to - from) / day >= maximumDays) throw new RangeTooLongError(maximumDays);
  const range = { from: printDay(from), to: printDay(to + day) };
  const [counts, failures] = await Promise.all([
    countEventsByDay(database, range),
    countFailedLoginsByDay(database, range),
  ]);
  const countOf = new Map(counts.map((count) => [count.day, count]));
  return Array.from({ length: (to - from) / day + 1 }, (_, index) => {
    const midnight = from + index * day;
    const date = new Date(midnight).toISOString();
    const count = countOf.get(printDay(midnight));
    return {
      date,
      logins: count?.logins ?? 0,
      signups: count?.signups ?? 0,
      leaked_passwords: count?.leaked_passwords ?? 0,
      failed_logins: failures.get(printDay(midnight)) ?? 0,
      created_at: count ? readTimeOfLogId(count.first_id) : date,
      updated_at: count ? readTimeOfLogId(count.last_id) : date,
    };
  });
}

/** `YYYYMMDD`; refuses days that no calendar has, and the year 9999, whose last day has no next one here. */
function readDay(name: string, text: string): number {
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const time = Date.parse(`${date}T00:00:00.000Z`);
  if (Number.isNaN(time) || printDay(time) !== text || text.startsWith('9999') || text.startsWith('0'))
    throw new InvalidDayError(name, text);
  return time;
}

function printDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}

/** A log id is `900`, then the time in UTC from year to millisecond. */
function readTimeOfLogId(logId: string): string {
  return logId.replace(/^900(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3}).*$/, '$1-$2-$3T$4:$5:$6.$7Z');
}
