import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { CountedRows, OffsetPage } from '../platform/http/paging.ts';

/** A scope of an API, as callers name it. */
export interface PermissionName {
  readonly identifier: string;
  readonly name: string;
}

/** A scope that an API defines. */
export interface DefinedPermission extends PermissionName {
  readonly apiId: string;
  readonly isSystem: boolean;
}

export interface StoredPermission extends PermissionName {
  readonly apiName: string | null;
  readonly description: string | null;
}

export interface PermissionSource {
  readonly roleId: string | null;
  readonly roleName: string | null;
}

/** Whose permissions they are. */
export type Holder =
  | { readonly kind: 'role'; readonly id: string }
  | { readonly kind: 'user'; readonly id: string };

const tableOf = ({ kind }: Holder) => sql.table(kind === 'role' ? 'role_permissions' : 'user_permissions');
const isOf = ({ kind, id }: Holder) => sql`${sql.ref(kind === 'role' ? 'role_id' : 'user_id')} = ${id}`;

/** The scope's own description, out of the API's. */
const description = sql`(
  SELECT scope->>'description' FROM jsonb_array_elements(resource_servers.settings->'scopes') AS scope
  WHERE scope->>'value' = permission_name LIMIT 1)`;
const columns = sql`identifier, permission_name AS name, resource_servers.name AS "apiName", ${description} AS description`;

/** Those of the permissions that APIs define; the APIs are kept as they are until the transaction ends. */
export async function holdDefinedPermissions(
  transaction: Database,
  permissions: readonly PermissionName[],
): Promise<DefinedPermission[]> {
  const { rows } = await sql<DefinedPermission>`
    SELECT resource_servers.id AS "apiId", identifier, wanted.name, is_system AS "isSystem"
    FROM resource_servers JOIN ${unnest(permissions)} USING (identifier)
    WHERE settings->'scopes' @> jsonb_build_array(jsonb_build_object('value', wanted.name))
    ORDER BY resource_servers.id FOR SHARE OF resource_servers`.execute(transaction);
  return rows;
}

function unnest(permissions: readonly PermissionName[]): RawBuilder<unknown> {
  const identifiers = permissions.map(({ identifier }) => identifier);
  const names = permissions.map(({ name }) => name);
  return sql`(SELECT DISTINCT * FROM unnest(${identifiers}::text[], ${names}::text[]) AS sent (identifier, name)) AS wanted`;
}

/** @returns how many are new */
export async function insertPermissions(
  transaction: Database,
  holder: Holder,
  permissions: readonly DefinedPermission[],
): Promise<number> {
  const apiIds = permissions.map(({ apiId }) => apiId);
  const names = permissions.map(({ name }) => name);
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO ${tableOf(holder)} (${sql.ref(holder.kind === 'role' ? 'role_id' : 'user_id')}, resource_server_id, permission_name)
    SELECT ${holder.id}, api_id, name FROM unnest(${apiIds}::text[], ${names}::text[]) AS given (api_id, name)
    ON CONFLICT DO NOTHING`.execute(transaction);
  return Number(numAffectedRows);
}

/** @returns how many there were */
export async function deletePermissions(
  transaction: Database,
  holder: Holder,
  permissions: readonly PermissionName[],
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM ${tableOf(holder)} AS held USING resource_servers, ${unnest(permissions)}
    WHERE ${isOf(holder)} AND resource_servers.id = held.resource_server_id
      AND resource_servers.identifier = wanted.identifier AND held.permission_name = wanted.name`.execute(
    transaction,
  );
  return Number(numAffectedRows);
}

/** What a role has, or a user has of their own, by API and name. */
export async function listHeldPermissions(
  database: Database,
  holder: Holder,
  page?: OffsetPage,
): Promise<CountedRows<StoredPermission>> {
  const limit = page ? sql`LIMIT ${page.limit} OFFSET ${page.offset}` : sql``;
  const { rows } = await sql<StoredPermission>`
    SELECT ${columns} FROM ${tableOf(holder)} AS held
    JOIN resource_servers ON resource_servers.id = held.resource_server_id
    WHERE ${isOf(holder)} ORDER BY identifier, permission_name ${limit}`.execute(database);
  const { rows: counts } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM ${tableOf(holder)} WHERE ${isOf(holder)}`.execute(database);
  return { rows, total: counts[0]?.count ?? 0 };
}

/** A user's own permissions and those of their roles, a row for each source. */
const permissionsOfUser = (userId: string) => sql`(
  SELECT resource_server_id, permission_name, NULL AS role_id FROM user_permissions WHERE user_id = ${userId}
  UNION ALL
  SELECT resource_server_id, permission_name, role_permissions.role_id
  FROM user_roles JOIN role_permissions ON role_permissions.role_id = user_roles.role_id
  WHERE user_roles.user_id = ${userId})`;

/** Each permission of a user once, with its sources: their own first, then roles by name. */
export async function listPermissionsOfUser(
  database: Database,
  userId: string,
  page: OffsetPage,
): Promise<CountedRows<StoredPermission & { readonly sources: readonly PermissionSource[] }>> {
  const { rows } = await sql<StoredPermission & { sources: PermissionSource[] }>`
    SELECT ${columns}, sources
    FROM (
      SELECT resource_server_id, permission_name, 
        json_agg(json_build_object('roleId', role_id, 'roleName', roles.name) ORDER BY role_id IS NOT NULL, roles.name) AS sources
      FROM ${permissionsOfUser(userId)} AS held LEFT JOIN roles ON roles.id = held.role_id
      GROUP BY resource_server_id, permission_name
    ) AS held JOIN resource_servers ON resource_servers.id = held.resource_server_id
    ORDER BY identifier, permission_name LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  const { rows: counts } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM (
      SELECT DISTINCT resource_server_id, permission_name FROM ${permissionsOfUser(userId)} AS held) AS each`.execute(
    database,
  );
  return { rows, total: counts[0]?.count ?? 0 };
}

/** Names of what a user may do at one API. */
export async function listPermissionNames(
  database: Database,
  userId: string,
  identifier: string,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT DISTINCT permission_name AS name FROM ${permissionsOfUser(userId)} AS held
    WHERE resource_server_id = (SELECT id FROM resource_servers WHERE identifier = ${identifier}) ORDER BY name`.execute(
    database,
  );
  return rows.map(({ name }) => name);
}
