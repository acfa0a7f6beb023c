import * as operations from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { getDashboardPreferences, updateDashboardPreferences } from './dashboard-preferences.ts';

/** Registers `/dashboard/preferences`: what people chose for themselves. */
export function registerDashboardPreferenceRoutes(
  api: ManagementApi,
  { database }: { readonly database: Database },
): void {
  api.handle(operations.getDashboardPreferences, async ({ caller }) => ({
    status: 200,
    body: await getDashboardPreferences(database, caller),
  }));
  api.handle(operations.updateDashboardPreferences, async ({ caller, body }) => ({
    status: 200,
    body: await updateDashboardPreferences(database, caller, body),
  }));
}
