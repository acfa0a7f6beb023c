import * as operations from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { deleteAdministrator, listAdministrators, setAdministrator } from './administrators.ts';

/** Registers `/administrators`: who may come into the dashboard. */
export function registerAdministratorRoutes(
  api: ManagementApi,
  { database }: { readonly database: Database },
): void {
  api.handle(operations.listAdministrators, async () => ({
    status: 200,
    body: { administrators: await listAdministrators(database) },
  }));

  api.handle(operations.setAdministrator, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.setAdministrator.summary };
    return { status: 200, body: await setAdministrator(database, parameters.id, body.role, context) };
  });

  api.handle(operations.deleteAdministrator, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteAdministrator.summary };
    await deleteAdministrator(database, parameters.id, context);
    return { status: 204, body: undefined };
  });
}
