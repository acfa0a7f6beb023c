import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { escapeLike } from '../platform/database/like-pattern.ts';
import type { Checkpoint, CountedRows, OffsetPage } from '../platform/http/paging.ts';

export interface StoredRole {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
}

/** A database of one's own may have a locale whose lower() knows ASCII alone. */
const fold = (name: string) => name.toLowerCase();

const columns = sql`roles.id, roles.name, roles.description`;

export async function listStoredRoles(
  database: Database,
  nameFilter: string | undefined,
  page: OffsetPage,
): Promise<CountedRows<StoredRole>> {
  const hasName =
    nameFilter === undefined ? sql`true` : sql`folded_name LIKE ${`%${escapeLike(fold(nameFilter))}%`}`;
  const { rows } = await sql<StoredRole>`
    SELECT ${columns} FROM roles WHERE ${hasName}
    ORDER BY folded_name, name LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  const { rows: counts } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM roles WHERE ${hasName}`.execute(database);
  return { rows, total: counts[0]?.count ?? 0 };
}

export async function findStoredRole(database: Database, id: string): Promise<StoredRole | undefined> {
  const { rows } = await sql<StoredRole>`SELECT ${columns} FROM roles WHERE id = ${id}`.execute(database);
  return rows[0];
}

/** The same, holding the role until the transaction ends. */
export async function lockStoredRole(transaction: Database, id: string): Promise<StoredRole | undefined> {
  const { rows } = await sql<StoredRole>`SELECT ${columns} FROM roles WHERE id = ${id} FOR UPDATE`.execute(
    transaction,
  );
  return rows[0];
}

/** Those of these roles that there are, kept from going until the transaction ends. */
export async function holdRoles(transaction: Database, ids: readonly string[]): Promise<StoredRole[]> {
  const { rows } = await sql<StoredRole>`
    SELECT ${columns} FROM roles WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR KEY SHARE`.execute(
    transaction,
  );
  return rows;
}

/** Those of the ids that a role has. */
export async function listKnownRoles(database: Database, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM roles WHERE id = ANY(${[...ids]}::text[])`.execute(database);
  return rows.map(({ id }) => id);
}

/** Roles of exactly these names. */
export async function findRolesByName(database: Database, names: readonly string[]): Promise<StoredRole[]> {
  const { rows } = await sql<StoredRole>`
    SELECT ${columns} FROM roles WHERE name = ANY(${[...names]}::text[])`.execute(database);
  return rows;
}

/** A taken name fails on its constraint. */
export async function insertRole(transaction: Database, role: StoredRole): Promise<void> {
  await sql`INSERT INTO roles (id, name, folded_name, description)
    VALUES (${role.id}, ${role.name}, ${fold(role.name)}, ${role.description})`.execute(transaction);
}

/** A taken name fails on its constraint. */
export async function updateRoleRow(transaction: Database, role: StoredRole): Promise<void> {
  await sql`
    UPDATE roles SET name = ${role.name}, folded_name = ${fold(role.name)}, description = ${role.description}, updated_at = now()
    WHERE id = ${role.id}`.execute(transaction);
}

/**
 * Whoever has the role has it no more: rows of theirs without a role say nothing, until they are purged, and the search is told
 * rather than every entry of theirs written.
 */
export async function deleteRoleRow(transaction: Database, id: string): Promise<void> {
  await sql`INSERT INTO deleted_roles (id)
    SELECT ${id} WHERE EXISTS (SELECT FROM user_roles WHERE role_id = ${id})`.execute(transaction);
  await sql`DELETE FROM roles WHERE id = ${id}`.execute(transaction);
}

/** Deleted roles that rows of `user_roles` still name. */
export async function listDeletedRolesWithUsers(database: Database): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM deleted_roles WHERE EXISTS (SELECT FROM user_roles WHERE role_id = deleted_roles.id)
    ORDER BY deleted_at, id`.execute(database);
  return rows.map(({ id }) => id);
}

/** Deletes some of the rows of a deleted role; those of users who are being deleted go with them. @returns how many went */
export async function deleteUserRolesOfDeletedRole(
  database: Database,
  id: string,
  limit: number,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM user_roles WHERE role_id = ${id} AND user_id IN (
      SELECT user_id FROM user_roles WHERE role_id = ${id} LIMIT ${limit} FOR UPDATE SKIP LOCKED)`.execute(
    database,
  );
  return Number(numAffectedRows);
}

export async function listRolesOfUser(
  database: Database,
  userId: string,
  page: OffsetPage,
): Promise<CountedRows<StoredRole>> {
  const { rows } = await sql<StoredRole>`
    SELECT ${columns} FROM user_roles JOIN roles ON roles.id = user_roles.role_id WHERE user_id = ${userId}
    ORDER BY folded_name, name LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  const { rows: counts } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM user_roles JOIN roles ON roles.id = user_roles.role_id
    WHERE user_id = ${userId}`.execute(database);
  return { rows, total: counts[0]?.count ?? 0 };
}

/** The roles of each of these users who has any, in the order of their names. */
export async function listRolesOfUsers(
  database: Database,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredRole[]>> {
  const { rows } = await sql<StoredRole & { userId: string }>`
    SELECT user_id AS "userId", ${columns} FROM user_roles JOIN roles ON roles.id = user_roles.role_id
    WHERE user_id = ANY(${[...userIds]}::text[]) ORDER BY folded_name, name`.execute(database);
  return Map.groupBy(rows, ({ userId }) => userId);
}

export interface RoleMember {
  readonly userId: string;
  readonly checkpoint: Checkpoint;
}

interface MemberRow {
  userId: string;
  since: Date;
}

const toMember = ({ userId, since }: MemberRow): RoleMember => ({
  userId,
  checkpoint: { createdAt: since.toISOString(), id: userId },
});

/** @param wantsTotal whether they are counted as well, which takes long for a role that a million have */
export async function listUsersOfRole(
  database: Database,
  roleId: string,
  page: OffsetPage,
  wantsTotal: boolean,
): Promise<CountedRows<RoleMember>> {
  const { rows } = await sql<MemberRow>`
    SELECT user_id AS "userId", created_at AS since FROM user_roles WHERE role_id = ${roleId}
    ORDER BY created_at, user_id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(database);
  if (!wantsTotal) return { rows: rows.map(toMember), total: 0 };
  const { rows: counts } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM user_roles WHERE role_id = ${roleId}`.execute(database);
  return { rows: rows.map(toMember), total: counts[0]?.count ?? 0 };
}

export async function listUsersOfRoleAfter(
  database: Database,
  roleId: string,
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<RoleMember[]> {
  const isAfter = checkpoint
    ? sql`(created_at, user_id) > (${checkpoint.createdAt}::timestamptz, ${checkpoint.id})`
    : sql`true`;
  const { rows } = await sql<MemberRow>`
    SELECT user_id AS "userId", created_at AS since FROM user_roles WHERE role_id = ${roleId} AND ${isAfter}
    ORDER BY created_at, user_id LIMIT ${limit}`.execute(database);
  return rows.map(toMember);
}

/** @returns the users who had one of the roles not yet */
export async function insertUserRoles(
  transaction: Database,
  userIds: readonly string[],
  roleIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ userId: string }>`
    INSERT INTO user_roles (user_id, role_id)
    SELECT given.user_id, role_id
    FROM unnest(${[...userIds]}::text[]) AS given (user_id), unnest(${[...roleIds]}::text[]) AS role_id
    ON CONFLICT DO NOTHING RETURNING user_id AS "userId"`.execute(transaction);
  return new Set(rows.map(({ userId }) => userId));
}

/** @returns the users who had one of the roles */
export async function deleteUserRoles(
  transaction: Database,
  userIds: readonly string[],
  roleIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ userId: string }>`
    DELETE FROM user_roles WHERE user_id = ANY(${[...userIds]}::text[]) AND role_id = ANY(${[...roleIds]}::text[])
    RETURNING user_id AS "userId"`.execute(transaction);
  return new Set(rows.map(({ userId }) => userId));
}

/** That a user has a role. */
export interface Membership {
  readonly userId: string;
  readonly roleId: string;
}

/** Of roles that the transaction holds. */
export async function insertMemberships(
  transaction: Database,
  memberships: readonly Membership[],
): Promise<void> {
  if (memberships.length === 0) return;
  await sql`INSERT INTO user_roles (user_id, role_id) SELECT * FROM ${toRows(memberships)} ON CONFLICT DO NOTHING`.execute(
    transaction,
  );
}

export async function deleteMemberships(
  transaction: Database,
  memberships: readonly Membership[],
): Promise<void> {
  if (memberships.length === 0) return;
  await sql`DELETE FROM user_roles USING ${toRows(memberships)} AS taken (user_id, role_id)
    WHERE user_roles.user_id = taken.user_id AND user_roles.role_id = taken.role_id`.execute(transaction);
}

function toRows(memberships: readonly Membership[]): RawBuilder<unknown> {
  return sql`unnest(${memberships.map(({ userId }) => userId)}::text[], ${memberships.map(({ roleId }) => roleId)}::text[])`;
}
