import * as operations from '@muster/contract';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { changePermissions, listRolePermissions, listUserPermissions } from './permissions.ts';
import { assignRoleUsers, listRoleUsers, type RoleUsersDependencies } from './role-users.ts';
import { createRole, deleteRole, getRole, listRoles, updateRole } from './roles.ts';
import { changeUserRoles, listUserRoles } from './user-roles.ts';

/** Registers `/roles` and what is below it, `/users/{id}/roles` and `/users/{id}/permissions`. */
export function registerAccessRoutes(api: ManagementApi, dependencies: RoleUsersDependencies): void {
  registerRoleRoutes(api, dependencies);
  registerPermissionRoutes(api, dependencies);
}

function registerRoleRoutes(api: ManagementApi, dependencies: RoleUsersDependencies): void {
  const { database } = dependencies;

  api.handle(operations.listRoles, async ({ query, url }) => ({
    status: 200,
    body: await listRoles(database, query, url),
  }));

  api.handle(operations.createRole, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.createRole.summary };
    return { status: 200, body: await createRole(database, body, context) };
  });

  api.handle(operations.getRole, async ({ parameters }) => ({
    status: 200,
    body: await getRole(database, parameters.id),
  }));

  api.handle(operations.updateRole, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateRole.summary };
    return { status: 200, body: await updateRole(database, parameters.id, body, context) };
  });

  api.handle(operations.deleteRole, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteRole.summary };
    await deleteRole(database, parameters.id, context);
    return { status: 200, body: {} };
  });

  api.handle(operations.listRoleUsers, async ({ parameters, query, url }) => ({
    status: 200,
    body: await listRoleUsers(dependencies, parameters.id, query, url),
  }));

  api.handle(operations.assignRoleUsers, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.assignRoleUsers.summary };
    await assignRoleUsers(database, parameters.id, body.users, context);
    return { status: 200, body: {} };
  });

  api.handle(operations.listUserRoles, async ({ parameters, query, url }) => ({
    status: 200,
    body: await listUserRoles(database, parameters.id, query, url),
  }));

  api.handle(operations.assignUserRoles, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.assignUserRoles.summary };
    const change = { kind: 'assign', roles: body.roles } as const;
    await changeUserRoles(database, parameters.id, change, context);
    return { status: 204, body: undefined };
  });

  api.handle(operations.removeUserRoles, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.removeUserRoles.summary };
    const change = { kind: 'remove', roles: body.roles } as const;
    await changeUserRoles(database, parameters.id, change, context);
    return { status: 204, body: undefined };
  });
}

function registerPermissionRoutes(
  api: ManagementApi,
  { database }: Pick<RoleUsersDependencies, 'database'>,
): void {
  api.handle(operations.listRolePermissions, async ({ parameters, query, url }) => ({
    status: 200,
    body: await listRolePermissions(database, parameters.id, query, url),
  }));

  api.handle(operations.listUserPermissions, async ({ parameters, query, url }) => ({
    status: 200,
    body: await listUserPermissions(database, parameters.id, query, url),
  }));

  for (const [operation, holder] of [
    [operations.addRolePermissions, 'role'],
    [operations.addUserPermissions, 'user'],
  ] as const)
    api.handle(operation, async ({ parameters, body, caller, summary }) => {
      const context = { caller, summary, title: operation.summary, statusCode: 201 };
      const change = { kind: 'add', holder: { kind: holder, id: parameters.id }, ...body } as const;
      await changePermissions(database, change, context);
      return { status: 201, body: {} };
    });

  for (const [operation, holder] of [
    [operations.removeRolePermissions, 'role'],
    [operations.removeUserPermissions, 'user'],
  ] as const)
    api.handle(operation, async ({ parameters, body, caller, summary }) => {
      const context = { caller, summary, title: operation.summary, statusCode: 204 };
      const change = { kind: 'remove', holder: { kind: holder, id: parameters.id }, ...body } as const;
      await changePermissions(database, change, context);
      return { status: 204, body: undefined };
    });
}
