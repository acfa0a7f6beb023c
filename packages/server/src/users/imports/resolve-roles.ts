import { assignUserRoles, removeUserRoles } from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ImportedAttributes } from './check-attributes.ts';
import type { ImportedRoles } from './imported-roles.ts';
import type { PreparedRow } from './prepare-row.ts';
import type { RowError, RowFate } from './row-error.ts';

/** What whoever started an import may do about roles. */
export interface RoleRights {
  readonly mayAssignRoles: boolean;
  /** Whether rows may also take roles that users have. */
  readonly mayRemoveRoles: boolean;
}

/** The scopes that a caller gives and takes roles with one by one. */
export function readRoleRights(scopes: ReadonlySet<string>): RoleRights {
  return {
    mayAssignRoles: assignUserRoles.scopes.some((scope) => scopes.has(scope)),
    mayRemoveRoles: removeUserRoles.scopes.some((scope) => scopes.has(scope)),
  };
}

/** A row with roles of an import whose caller may not give any. */
export function* checkRoleRights(
  { roles }: ImportedAttributes,
  { mayAssignRoles }: RoleRights,
): Generator<RowError> {
  if (roles === undefined || mayAssignRoles) return;
  const message = `A row with roles needs the scope ${assignUserRoles.scopes.join(' or ')}; whoever started the import had neither.`;
  yield { code: 'NOT_PASSED', message, path: 'roles' };
}

/** Of a row that leaves a user without a role that they have. */
export const removalRefused: RowError = {
  code: 'NOT_PASSED',
  message: `The row takes roles from the user, which needs the scope ${removeUserRoles.scopes.join(' or ')}; whoever started the import had neither.`,
  path: 'roles',
};

/** Finds the roles that rows name; one that names a role which there is not fails. Asks nothing where no row has any. */
export async function resolveRoles(
  database: Database,
  rows: readonly PreparedRow[],
  roles: ImportedRoles,
): Promise<Resolution<PreparedRow>> {
  const names = new Set(rows.flatMap(({ attributes }) => attributes.roles ?? []));
  const ids = names.size > 0 ? await roles.findIds(database, [...names]) : new Map<string, string>();
  const found = failWhere(rows, ({ attributes }) => attributes.roles?.findIndex((name) => !ids.has(name)));
  return { ...found, rows: found.rows.map((row) => withRoles(row, ids)) };
}

/** Fails rows whose roles were deleted since they were found. Asks nothing where no row has any. */
export async function withoutGoneRoles<Row extends PreparedRow>(
  transaction: Database,
  rows: readonly Row[],
  roles: ImportedRoles,
): Promise<Resolution<Row>> {
  const ids = new Set(rows.flatMap(({ roleIds = [] }) => roleIds));
  if (ids.size === 0) return { rows, failed: [] };
  const known = await roles.listKnown(transaction, [...ids]);
  if (known.size === ids.size) return { rows, failed: [] };
  return failWhere(rows, ({ roleIds }) => roleIds?.findIndex((id) => !known.has(id)));
}

interface Resolution<Row> {
  readonly rows: readonly Row[];
  readonly failed: readonly RowFate[];
}

/** @param findUnknown the place of a role that there is not */
function failWhere<Row extends PreparedRow>(
  rows: readonly Row[],
  findUnknown: (row: Row) => number | undefined,
): Resolution<Row> {
  const passed: Row[] = [];
  const failed: RowFate[] = [];
  for (const row of rows) {
    const place = findUnknown(row) ?? -1;
    if (place < 0) passed.push(row);
    else
      failed.push({
        row: row.row,
        line: row.line,
        fate: 'failed',
        errors: [
          { code: 'ROLE_NOT_FOUND', message: 'There is no role of this name.', path: `roles[${place}]` },
        ],
        source: row.attributes,
      });
  }
  return { rows: passed, failed };
}

function withRoles(row: PreparedRow, ids: ReadonlyMap<string, string>): PreparedRow {
  const { roles } = row.attributes;
  return roles === undefined ? row : { ...row, roleIds: roles.flatMap((name) => ids.get(name) ?? []) };
}
