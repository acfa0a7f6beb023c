import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export interface DayCount {
  /** `YYYYMMDD`, UTC. */
  readonly day: string;
  readonly logins: number;
  readonly signups: number;
  readonly leaked_passwords: number;
  /** The log ids of the first and the last event that were counted. */
  readonly first_id: string;
  readonly last_id: string;
}

/**
 * Counts events of the log by day; days without any are left out. The day is part of every log id, so the
 * index `logs_statistics` alone answers this, and partitions outside the range are not looked at.
 * @param range days as `YYYYMMDD`, `to` not included
 */
export async function countEventsByDay(
  database: Database,
  range: { readonly from: string; readonly to: string },
): Promise<DayCount[]> {
  const { rows } = await sql<DayCount>`
    SELECT substr(log_id, 4, 8) AS day,
      count(*) FILTER (WHERE type = 's') AS logins,
      count(*) FILTER (WHERE type = 'ss') AS signups,
      count(*) FILTER (WHERE type NOT IN ('s', 'ss')) AS leaked_passwords,
      min(log_id) AS first_id, max(log_id) AS last_id
    FROM logs
    WHERE type IN ('s', 'ss', 'pwd_leak', 'signup_pwd_leak', 'reset_pwd_leak')
      AND log_id >= ${`900${range.from}`} AND log_id < ${`900${range.to}`}
    GROUP BY 1`.execute(database);
  return rows;
}

/** Failed logins by day, as `countEventsByDay` counts: what was wrong (`f`), the password (`fp`) or the user (`fu`). */
export async function countFailedLoginsByDay(
  database: Database,
  range: { readonly from: string; readonly to: string },
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ day: string; failures: number }>`
    SELECT substr(log_id, 4, 8) AS day, count(*) AS failures FROM logs
    WHERE type IN ('f', 'fp', 'fu') AND log_id >= ${`900${range.from}`} AND log_id < ${`900${range.to}`}
    GROUP BY 1`.execute(database);
  return new Map(rows.map(({ day, failures }) => [day, failures]));
}

export interface HourCount {
  /** `YYYYMMDDHH`, UTC. */
  readonly hour: string;
  readonly logins: number;
  readonly signups: number;
  readonly failed_logins: number;
}

/**
 * As `countEventsByDay`, by hour. Each condition has an index of its own: together they would read the log itself.
 * @param from the first hour, `YYYYMMDDHH`
 */
export async function countEventsByHour(database: Database, from: string): Promise<HourCount[]> {
  const { rows } = await sql<HourCount>`
    SELECT hour, sum(logins)::int AS logins, sum(signups)::int AS signups, sum(failed_logins)::int AS failed_logins
    FROM (
      SELECT substr(log_id, 4, 10) AS hour, count(*) FILTER (WHERE type = 's') AS logins,
        count(*) FILTER (WHERE type = 'ss') AS signups, 0 AS failed_logins
      FROM logs
      WHERE type IN ('s', 'ss', 'pwd_leak', 'signup_pwd_leak', 'reset_pwd_leak') AND log_id >= ${`900${from}`}
      GROUP BY 1
      UNION ALL
      SELECT substr(log_id, 4, 10), 0, 0, count(*) FROM logs
      WHERE type IN ('f', 'fp', 'fu') AND log_id >= ${`900${from}`} GROUP BY 1
    ) AS counts GROUP BY hour`.execute(database);
  return rows;
}

/**
 * Reads a table of users/ because it is one number of a report, found in an index alone; the module's door
 * would carry it for this caller only.
 */
export async function countUsersLoggedInSince(database: Database, days: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM users WHERE last_login > now() - ${days} * interval '1 day'`.execute(
    database,
  );
  return rows[0]?.count ?? 0;
}
