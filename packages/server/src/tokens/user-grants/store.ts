import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { CountedRows, OffsetPage } from '../../platform/http/paging.ts';

/** What a user allowed an application to do at an API. */
export interface UserGrant {
  readonly id: string;
  readonly userId: string;
  readonly clientId: string;
  /** '' for the profile alone. */
  readonly audience: string;
  readonly scope: readonly string[];
}

interface UserGrantRow {
  id: string;
  user_id: string;
  client_id: string;
  audience: string;
  scope: string[];
}

export interface UserGrantFilter {
  readonly id?: string | undefined;
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly audience?: string | undefined;
}

function matching(filter: UserGrantFilter): RawBuilder<unknown> {
  return sql`${filter.id === undefined ? sql`true` : sql`id = ${filter.id}`}
    AND ${filter.userId === undefined ? sql`true` : sql`user_id = ${filter.userId}`}
    AND ${filter.clientId === undefined ? sql`true` : sql`client_id = ${filter.clientId}`}
    AND ${filter.audience === undefined ? sql`true` : sql`audience = ${filter.audience}`}`;
}

export async function findUserGrant(
  database: Database,
  key: { readonly userId: string; readonly clientId: string; readonly audience: string },
): Promise<UserGrant | undefined> {
  const { rows } = await sql<UserGrantRow>`SELECT * FROM user_grants WHERE ${matching(key)}`.execute(
    database,
  );
  return rows[0] && toGrant(rows[0]);
}

/** Adds scopes to what the user has allowed already. */
export async function upsertUserGrant(transaction: Database, grant: UserGrant): Promise<void> {
  await sql`
    INSERT INTO user_grants (id, user_id, client_id, audience, scope)
    VALUES (${grant.id}, ${grant.userId}, ${grant.clientId}, ${grant.audience}, ${[...grant.scope]})
    ON CONFLICT ON CONSTRAINT user_grants_user_client_audience_key DO UPDATE SET updated_at = now(), scope = ARRAY(
      SELECT DISTINCT unnest(user_grants.scope || excluded.scope)
    )`.execute(transaction);
}

export async function listUserGrantRows(
  database: Database,
  filter: UserGrantFilter,
  page: OffsetPage,
): Promise<CountedRows<UserGrant>> {
  const { rows } = await sql<UserGrantRow>`
    SELECT * FROM user_grants WHERE ${matching(filter)} ORDER BY created_at, id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM user_grants WHERE ${matching(filter)}`.execute(database);
  return { rows: rows.map(toGrant), total: counts[0]?.count ?? 0 };
}

/** @returns the grants that went */
export async function deleteUserGrantRows(
  transaction: Database,
  filter: UserGrantFilter,
): Promise<UserGrant[]> {
  const { rows } =
    await sql<UserGrantRow>`DELETE FROM user_grants WHERE ${matching(filter)} RETURNING *`.execute(
      transaction,
    );
  return rows.map(toGrant);
}

function toGrant(row: UserGrantRow): UserGrant {
  return {
    id: row.id,
    userId: row.user_id,
    clientId: row.client_id,
    audience: row.audience,
    scope: row.scope,
  };
}
