import type { ResolvedNode } from '@muster/query';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { createStatement, type Parameter } from '../platform/database/statement.ts';
import type { LogEvent } from './log-event.ts';
import { toLogCondition } from './search-store.ts';

const columns = [
  'type',
  'description',
  'user_id',
  'user_name',
  'client_id',
  'client_name',
  'connection',
  'connection_id',
  'strategy',
  'strategy_type',
  'ip',
  'user_agent',
  'hostname',
  'audience',
  'scope',
  'details',
] as const;

/** Columns of an event, in the order of its statements. */
export const logColumns: readonly LogColumn[] = columns;

/** A column of an event, which is also the name of its value in statements. */
export type LogColumn = (typeof columns)[number];

const insertEvent = createStatement<LogColumn, never>((parameter) => composeLogInsert(parameter));

/** Writes one event in the caller's transaction. */
export async function insertLogEvent(database: Database, event: LogEvent): Promise<void> {
  await insertEvent(database, toLogValues(event));
}

/** Writes many events in the caller's transaction, in one statement. */
export async function insertLogEvents(database: Database, events: readonly LogEvent[]): Promise<void> {
  if (events.length === 0) return;
  const typed = columns.map((column) => sql`${sql.ref(column)} ${typeOf(column)}`);
  const input = JSON.stringify(events.map((event) => ({ ...toLogValues(event), details: event.details })));
  await sql`INSERT INTO logs (${columnNames})
    SELECT ${columnNames} FROM jsonb_to_recordset(${input}::jsonb) AS input (${sql.join(typed)})`.execute(
    database,
  );
}

/**
 * The statement that writes an event, to be run or to stand in a common table expression beside the change that it
 * tells of. Its values are those of `toLogValues`.
 * @param source a common table expression: one event for each of its rows
 */
export function composeLogInsert(parameter: Parameter<LogColumn>, source?: string): RawBuilder<never> {
  const list = columns.map((column) => sql`${parameter(column)}::${typeOf(column)}`);
  const from = source === undefined ? sql`` : sql` FROM ${sql.ref(source)}`;
  return sql`INSERT INTO logs (${columnNames}) SELECT ${sql.join(list)}${from}`;
}

const typeOf = (column: LogColumn) => sql.raw(column === 'details' ? 'jsonb' : 'text');

/** An event as its statements take it. */
export function toLogValues(event: LogEvent): Record<LogColumn, string | null> {
  return {
    type: event.type,
    description: event.description ?? null,
    user_id: event.userId ?? null,
    user_name: event.userName ?? null,
    client_id: event.clientId ?? null,
    client_name: event.clientName ?? null,
    connection: event.connection ?? null,
    connection_id: event.connectionId ?? null,
    strategy: event.strategy ?? null,
    strategy_type: event.strategyType ?? null,
    ip: event.ip ?? null,
    user_agent: event.userAgent ?? null,
    hostname: event.hostname ?? null,
    audience: event.audience ?? null,
    scope: event.scope ?? null,
    details: event.details ? JSON.stringify(event.details) : null,
  };
}

const columnNames = sql.join(columns.map((column) => sql.ref(column)));

/** An event as it is stored; `null` is a value that it does not have. */
export type LogRow = {
  log_id: string;
  date: Date;
  type: string;
  details: Record<string, unknown> | null;
} & Record<Exclude<(typeof columns)[number], 'type' | 'details'>, string | null>;

const selectEvent = sql`SELECT logs.log_id, logs.date, ${sql.join(columns.map((column) => sql.ref(`logs.${column}`)))} FROM logs`;

/** Which events a reader may see or asks for. */
export interface LogFilter {
  readonly userId?: string;
  /** Only events that belong to some user. */
  readonly onlyOfUsers: boolean;
  readonly search?: ResolvedNode;
}

function matching(filter: LogFilter) {
  const search = filter.search === undefined ? sql`true` : toLogCondition(filter.search);
  if (filter.userId !== undefined) return sql`logs.user_id = ${filter.userId} AND ${search}`;
  return filter.onlyOfUsers ? sql`logs.user_id IS NOT NULL AND ${search}` : search;
}

export async function findLog(
  database: Database,
  logId: string,
  filter: LogFilter,
): Promise<LogRow | undefined> {
  const { rows } =
    await sql<LogRow>`${selectEvent} WHERE logs.log_id = ${logId} AND ${matching(filter)}`.execute(database);
  return rows[0];
}

/** One page by time of ingestion. The ids are found in an index alone; rows are read for the page only. */
export async function listLogPage(
  database: Database,
  filter: LogFilter,
  page: { readonly offset: number; readonly limit: number; readonly isOldestFirst: boolean },
): Promise<LogRow[]> {
  const direction = page.isOldestFirst ? sql`ASC` : sql`DESC`;
  const { rows } = await sql<LogRow>`${selectEvent} JOIN (
      SELECT logs.log_id FROM logs WHERE ${matching(filter)} ORDER BY logs.log_id ${direction} LIMIT ${page.limit} OFFSET ${page.offset}
    ) page ON page.log_id = logs.log_id ORDER BY logs.log_id ${direction}`.execute(database);
  return rows;
}

export async function countLogs(database: Database, filter: LogFilter): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM logs WHERE ${matching(filter)}`.execute(database);
  return rows[0]?.count ?? 0;
}

/**
 * The log id below which nothing will appear any more, for readers that must not miss an event.
 *
 * Transactions commit out of order, so an event may become visible after one with a higher id. Every id is made
 * after its transaction got a transaction id (next_log_id in the schema) and after that transaction's start; so
 * the start of the oldest running writer, or now, bounds all ids to come. Read the events in a later statement,
 * on the primary server and outside a transaction, as it must see what was committed meanwhile. A writer whose
 * start is hidden (another role, `track_activities` off) holds readers back until it ends.
 */
export async function findReadHorizon(database: Database): Promise<string> {
  const { rows } = await sql<{ horizon: string }>`
    SELECT '900' || to_char(least(statement_timestamp(), min(coalesce(xact_start, to_timestamp(0)))) AT TIME ZONE 'UTC',
      'YYYYMMDDHH24MISSMS') AS horizon
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND backend_xid IS NOT NULL`.execute(
    database,
  );
  const horizon = rows[0]?.horizon;
  if (horizon === undefined) throw new Error('PostgreSQL gave no read horizon');
  return horizon;
}

/** Events strictly after one id and before another, oldest first. */
export async function listLogsBetween(
  database: Database,
  filter: LogFilter,
  range: { readonly after: string; readonly before: string; readonly limit: number },
): Promise<LogRow[]> {
  const { rows } = await sql<LogRow>`${selectEvent}
    WHERE logs.log_id > ${range.after} AND logs.log_id < ${range.before} AND ${matching(filter)}
    ORDER BY logs.log_id LIMIT ${range.limit}`.execute(database);
  return rows;
}
