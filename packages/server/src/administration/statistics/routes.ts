import * as operations from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { countActiveUsers } from './count-active-users.ts';
import { listDailyStatistics } from './list-daily-statistics.ts';
import { listHourlyStatistics } from './list-hourly-statistics.ts';

/** Registers `/stats/daily`, `/stats/hourly` and `/stats/active-users`. */
export function registerStatisticsRoutes(
  api: ManagementApi,
  dependencies: { readonly database: Database },
): void {
  api.handle(operations.listDailyStatistics, async ({ query }) => ({
    status: 200,
    body: await listDailyStatistics(dependencies.database, query),
  }));
  api.handle(operations.listHourlyStatistics, async ({ query }) => ({
    status: 200,
    body: await listHourlyStatistics(dependencies.database, query.hours ?? 24),
  }));
  api.handle(operations.countActiveUsers, async () => ({
    status: 200,
    body: await countActiveUsers(dependencies.database),
  }));
}
