import { defaultPageSize, type listUserLogs as listUserLogsOperation, type QueryOf } from '@muster/contract';
import type { ShownPages } from '../platform/http/page-links.ts';
import type { LogDependencies } from './dependencies.ts';
import { type LogList, readIsOldestFirst } from './list-logs.ts';
import { presentLog } from './log-record.ts';
import { countLogs, listLogPage } from './store.ts';

/** The reference answers everything when no page is asked for, and everything ends there at a thousand events. */
const unpaged = { page: 0, perPage: 100, count: 10 };

/** The events of a user, newest first unless sorted, and where they stand in the list. An unknown user has none. */
export async function listUserLogs(
  dependencies: LogDependencies,
  userId: string,
  input: QueryOf<typeof listUserLogsOperation>,
): Promise<{ body: LogList; shown: ShownPages }> {
  const { database } = dependencies;
  const filter = { userId, onlyOfUsers: true };
  const isPaged = input.page !== undefined || input.per_page !== undefined;
  const pages = isPaged
    ? { page: input.page ?? 0, perPage: input.per_page ?? defaultPageSize, count: 1 }
    : unpaged;
  const offset = pages.page * pages.perPage;
  const limit = pages.perPage * pages.count;
  const isOldestFirst = readIsOldestFirst(input.sort);
  const [rows, total] = await Promise.all([
    limit === 0 ? [] : listLogPage(database, filter, { offset, limit, isOldestFirst }),
    countLogs(database, filter),
  ]);
  const logs = rows.map(presentLog);
  const body = input.include_totals ? { start: offset, limit, length: logs.length, logs, total } : logs;
  return { body, shown: { ...pages, total } };
}
