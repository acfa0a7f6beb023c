import { defaultPageSize, type listLogs as listLogsOperation, type QueryOf } from '@muster/contract';
import type { Caller } from '../platform/http/caller.ts';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import { compileLogSearch } from './compile-search.ts';
import type { LogDependencies } from './dependencies.ts';
import { UnknownLogSortError } from './errors.ts';
import { type PresentedLog, presentLog } from './log-record.ts';
import { countLogs, type LogFilter, listLogPage } from './store.ts';

export type ListLogsInput = Omit<QueryOf<typeof listLogsOperation>, 'from' | 'take'>;
export type LogList =
  | PresentedLog[]
  | { start: number; limit: number; length: number; logs: PresentedLog[]; total: number };

/** These come back whatever was asked. */
const alwaysSelected = ['_id', 'log_id'];

/** A page of events, newest first unless sorted; every page is reachable and totals are exact. */
export async function listLogs(
  dependencies: LogDependencies,
  input: ListLogsInput,
  caller: Caller,
): Promise<LogList> {
  const { database } = dependencies;
  const filter = {
    ...filterFor(caller),
    ...(input.q === undefined ? {} : { search: compileLogSearch(input.q) }),
  };
  const limit = input.per_page ?? defaultPageSize;
  const offset = (input.page ?? 0) * limit;
  const isOldestFirst = readIsOldestFirst(input.sort);
  const [rows, total] = await Promise.all([
    limit === 0 ? [] : listLogPage(database, filter, { offset, limit, isOldestFirst }),
    input.include_totals ? countLogs(database, filter) : undefined,
  ]);
  const select = compileFieldSelection(input, alwaysSelected);
  const logs = rows.map((row) => select(presentLog(row)));
  return total === undefined ? logs : { start: offset, limit, length: logs.length, logs, total };
}

/** Who holds `read:logs_users` alone sees the events that belong to users (spec extensions-and-protection §6.2). */
export function filterFor(caller: Caller): LogFilter {
  return { onlyOfUsers: !caller.scopes.has('read:logs') };
}

/** Ids are made of the same clock as dates, so the order of ids is the order of dates. */
export function readIsOldestFirst(sort: string | undefined): boolean {
  if (!sort) return false;
  if (sort !== 'date:1' && sort !== 'date:-1') throw new UnknownLogSortError(sort);
  return sort === 'date:1';
}
