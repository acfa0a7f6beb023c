import * as operations from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import { compileFieldSelection } from '../platform/http/field-selection.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { getTenantSettings, updateTenantSettings } from './settings.ts';

/** Keys that come back whatever `fields` says (spec management-api §1.5). */
const alwaysShown = ['sandbox_version', 'sandbox_versions_available'];

/** Registers `/tenants/settings`. */
export function registerSettingsRoutes(
  api: ManagementApi,
  dependencies: { readonly database: Database },
): void {
  api.handle(operations.getTenantSettings, async ({ query }) => ({
    status: 200,
    body: compileFieldSelection(query, alwaysShown)(await getTenantSettings(dependencies.database)),
  }));

  api.handle(operations.updateTenantSettings, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateTenantSettings.summary };
    return { status: 200, body: await updateTenantSettings(dependencies.database, body, context) };
  });
}
