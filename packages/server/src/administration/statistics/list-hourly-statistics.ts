import type { Database } from '../../platform/database/database.ts';
import { countEventsByHour } from './store.ts';

const hour = 3_600_000;

export interface HourlyStatistics {
  readonly date: string;
  readonly logins: number;
  readonly signups: number;
  readonly failed_logins: number;
}

/** One entry for each of so many hours up to now, also where nothing happened. */
export async function listHourlyStatistics(database: Database, hours: number): Promise<HourlyStatistics[]> {
  const first = (Math.floor(Date.now() / hour) - hours + 1) * hour;
  const counts = await countEventsByHour(database, printHour(first));
  const countOf = new Map(counts.map((count) => [count.hour, count]));
  return Array.from({ length: hours }, (_, index) => {
    const start = first + index * hour;
    const count = countOf.get(printHour(start));
    return {
      date: new Date(start).toISOString(),
      logins: count?.logins ?? 0,
      signups: count?.signups ?? 0,
      failed_logins: count?.failed_logins ?? 0,
    };
  });
}

function printHour(time: number): string {
  return new Date(time).toISOString().slice(0, 13).replaceAll(/[-T]/g, '');
}
