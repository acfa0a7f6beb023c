import * as operations from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import type { UserDependencies } from '../dependencies.ts';
import { listDeletedUsers } from './list-deleted-users.ts';
import { purgeDeletedUser } from './purge-deleted-user.ts';
import { restoreUser } from './restore-user.ts';

/** Registers `/deleted-users`. */
export function registerDeletedUserRoutes(api: ManagementApi, dependencies: UserDependencies): void {
  api.handle(operations.listDeletedUsers, async ({ query }) => ({
    status: 200,
    body: await listDeletedUsers(dependencies.database, query),
  }));

  api.handle(operations.restoreUser, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.restoreUser.summary };
    const { user, presented } = await restoreUser(dependencies, parameters.id, context);
    return { status: 200, body: presented, headers: { etag: `"${user.version}"` } };
  });

  api.handle(operations.purgeDeletedUser, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.purgeDeletedUser.summary };
    await purgeDeletedUser(dependencies.database, parameters.id, context);
    return { status: 204, body: undefined };
  });
}
