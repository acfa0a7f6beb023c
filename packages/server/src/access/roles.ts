import type {
  BodyOf,
  createRole as createOperation,
  listRoles as listOperation,
  QueryOf,
  Role,
  updateRole as updateOperation,
} from '@muster/contract';
import type { Static } from 'typebox';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { violatedConstraint } from '../platform/database/violated-constraint.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { readList } from '../platform/http/paging.ts';
import { newPrefixedId } from '../platform/ids.ts';
import { RoleNameTakenError, RoleNotFoundError, UnknownRoleError } from './errors.ts';
import {
  deleteRoleRow,
  findStoredRole,
  insertRole,
  listKnownRoles,
  listStoredRoles,
  lockStoredRole,
  type StoredRole,
  updateRoleRow,
} from './store.ts';

export type PresentedRole = Static<typeof Role>;

export async function listRoles(
  database: Database,
  query: QueryOf<typeof listOperation>,
  url: URL,
): Promise<unknown> {
  const { body } = await readList(
    { readByOffset: (page) => listStoredRoles(database, query.name_filter, page) },
    { key: 'roles', query, url, present: presentRole },
  );
  return body;
}

/** @throws RoleNotFoundError */
export async function getRole(database: Database, id: string): Promise<PresentedRole> {
  const role = await findStoredRole(database, id);
  if (!role) throw new RoleNotFoundError();
  return presentRole(role);
}

/** @throws RoleNameTakenError */
export async function createRole(
  database: Database,
  { name, description }: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedRole> {
  const role: StoredRole = { id: newPrefixedId('rol'), name, description: description ?? null };
  const after = presentRole(role);
  await refuseTakenName(name, () =>
    database.transaction().execute(async (transaction) => {
      await insertRole(transaction, role);
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 200, response: after, after }),
      );
    }),
  );
  return after;
}

/** @throws RoleNotFoundError, RoleNameTakenError */
export function updateRole(
  database: Database,
  id: string,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<PresentedRole> {
  return refuseTakenName(input.name, () =>
    database.transaction().execute(async (transaction) => {
      const stored = await lockStoredRole(transaction, id);
      if (!stored) throw new RoleNotFoundError();
      const changed = { ...stored, ...input };
      await updateRoleRow(transaction, changed);
      const [before, after] = [presentRole(stored), presentRole(changed)];
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
      );
      return after;
    }),
  );
}

/** Whoever has the role has it no more; that is one event, however many they are. @throws RoleNotFoundError */
export async function deleteRole(database: Database, id: string, context: ChangeContext): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const stored = await lockStoredRole(transaction, id);
    if (!stored) throw new RoleNotFoundError();
    await deleteRoleRow(transaction, id);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, before: presentRole(stored), after: {} }),
    );
  });
}

/** For bodies that name roles. @throws UnknownRoleError */
export async function assertRolesExist(database: Database, ids: readonly string[]): Promise<void> {
  const known = new Set(await listKnownRoles(database, ids));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw new UnknownRoleError(unknown);
}

export function presentRole({ id, name, description }: StoredRole): PresentedRole {
  return { id, name, ...(description === null ? {} : { description }) };
}

async function refuseTakenName<Result>(
  name: string | undefined,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw violatedConstraint(cause) === 'roles_name_key' && name !== undefined
      ? new RoleNameTakenError(name, { cause })
      : cause;
  }
}
