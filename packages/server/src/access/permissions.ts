import type {
  addRolePermissions as addOperation,
  BodyOf,
  listRolePermissions as listOperation,
  QueryOf,
  RolePermission,
  UserPermission,
} from '@muster/contract';
import type { Static } from 'typebox';
import { appendLogEvent, describeManagementChange, type ManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { readList } from '../platform/http/paging.ts';
import { describeUserOfEvent, findUser, lockUsers, UserNotFoundError } from '../users/index.ts';
import { PermissionNotFoundError, RoleNotFoundError, SystemPermissionError } from './errors.ts';
import {
  deletePermissions,
  type Holder,
  holdDefinedPermissions,
  insertPermissions,
  listHeldPermissions,
  listPermissionsOfUser,
  type PermissionName,
  type StoredPermission,
} from './permissions-store.ts';
import { findStoredRole, lockStoredRole } from './store.ts';

type PermissionsQuery = QueryOf<typeof listOperation>;

/** @throws RoleNotFoundError */
export async function listRolePermissions(
  database: Database,
  roleId: string,
  query: PermissionsQuery,
  url: URL,
): Promise<unknown> {
  if (!(await findStoredRole(database, roleId))) throw new RoleNotFoundError();
  const { body } = await readList(
    { readByOffset: (page) => listHeldPermissions(database, { kind: 'role', id: roleId }, page) },
    { key: 'permissions', query, url, present },
  );
  return body;
}

/** @throws UserNotFoundError */
export async function listUserPermissions(
  database: Database,
  userId: string,
  query: PermissionsQuery,
  url: URL,
): Promise<unknown> {
  if (!(await findUser(database, userId))) throw new UserNotFoundError();
  const { body } = await readList(
    { readByOffset: (page) => listPermissionsOfUser(database, userId, page) },
    {
      key: 'permissions',
      query,
      url,
      present: (permission): Static<typeof UserPermission> => ({
        ...present(permission),
        sources: permission.sources.map(({ roleId, roleName }) => ({
          source_id: roleId ?? '',
          source_name: roleName ?? '',
          source_type: roleId === null ? 'DIRECT' : 'ROLE',
        })),
      }),
    },
  );
  return body;
}

export interface PermissionChange {
  readonly kind: 'add' | 'remove';
  readonly holder: Holder;
  readonly permissions: BodyOf<typeof addOperation>['permissions'];
}

/**
 * Gives a role or a user permissions, or takes them, all or none, with an event where something changes.
 * @throws RoleNotFoundError, UserNotFoundError, PermissionNotFoundError, SystemPermissionError
 */
export async function changePermissions(
  database: Database,
  { kind, holder, permissions }: PermissionChange,
  context: ChangeContext & { readonly statusCode: number },
): Promise<void> {
  const names = permissions.map(
    ({ resource_server_identifier: identifier, permission_name: name }): PermissionName => ({
      identifier,
      name,
    }),
  );
  await database.transaction().execute(async (transaction) => {
    const about = await lockHolder(transaction, holder);
    const listed = async () =>
      (await listHeldPermissions(transaction, holder)).rows.map(
        ({ identifier, name }) => `${identifier} - ${name}`,
      );
    const before = await listed();
    const changed =
      kind === 'add'
        ? await addDefined(transaction, holder, names)
        : await deletePermissions(transaction, holder, names);
    if (changed === 0) return;
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        before: { permissions: before },
        after: { permissions: await listed() },
        ...(about ? { about } : {}),
      }),
    );
  });
}

/** @returns what an event says of a user; nothing of a role */
async function lockHolder(
  transaction: Database,
  { kind, id }: Holder,
): Promise<ManagementChange['about'] | undefined> {
  if (kind === 'role') {
    if (!(await lockStoredRole(transaction, id))) throw new RoleNotFoundError();
    return undefined;
  }
  const [user] = await lockUsers(transaction, [id]);
  if (!user) throw new UserNotFoundError();
  return describeUserOfEvent(user);
}

async function addDefined(
  transaction: Database,
  holder: Holder,
  names: readonly PermissionName[],
): Promise<number> {
  const defined = await holdDefinedPermissions(transaction, names);
  const missing = names.find(
    ({ identifier, name }) =>
      !defined.some((permission) => permission.identifier === identifier && permission.name === name),
  );
  if (missing) throw new PermissionNotFoundError(missing);
  if (defined.some(({ isSystem }) => isSystem)) throw new SystemPermissionError();
  return insertPermissions(transaction, holder, defined);
}

function present({
  identifier,
  name,
  apiName,
  description,
}: StoredPermission): Static<typeof RolePermission> {
  return {
    resource_server_identifier: identifier,
    permission_name: name,
    ...(apiName === null ? {} : { resource_server_name: apiName }),
    ...(description === null ? {} : { description }),
  };
}
