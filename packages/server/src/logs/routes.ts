import * as operations from '@muster/contract';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { linkNext, linkPages } from '../platform/http/page-links.ts';
import type { LogDependencies } from './dependencies.ts';
import { getLog } from './get-log.ts';
import { listLogs } from './list-logs.ts';
import { listUserLogs } from './list-user-logs.ts';
import { readLogsFrom } from './read-logs-from.ts';

/** Registers `/logs`, `/logs/{id}` and `/users/{id}/logs`. */
export function registerLogRoutes(api: ManagementApi, dependencies: LogDependencies): void {
  api.handle(operations.listLogs, async ({ query, caller, url }) => {
    const { from, take, ...page } = query;
    if (from === undefined && take === undefined)
      return { status: 200, body: await listLogs(dependencies, page, caller) };
    const checkpoint = { ...(from === undefined ? {} : { from }), ...(take === undefined ? {} : { take }) };
    const { logs, next } = await readLogsFrom(dependencies, checkpoint, caller);
    return { status: 200, body: logs, headers: { link: linkNext(url, next) } };
  });

  api.handle(operations.getLog, async ({ parameters, caller }) => ({
    status: 200,
    body: await getLog(dependencies, parameters.id, caller),
  }));

  api.handle(operations.listUserLogs, async ({ parameters, query, url }) => {
    const { body, shown } = await listUserLogs(dependencies, parameters.id, query);
    return { status: 200, body, headers: { link: linkPages(url, shown) } };
  });
}
