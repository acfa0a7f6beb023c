import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { CountedRows, OffsetPage } from '../../platform/http/paging.ts';

/** An API as stored: `settings` are the properties of the wire record that have no column. */
export interface ResourceServerRecord {
  readonly id: string;
  readonly identifier: string;
  readonly name: string | null;
  readonly isSystem: boolean;
  readonly signingSecret: Buffer | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ResourceServerRow {
  id: string;
  identifier: string;
  name: string | null;
  is_system: boolean;
  signing_secret: Buffer | null;
  settings: Record<string, unknown>;
}

const selectApi = sql`SELECT id, identifier, name, is_system, signing_secret, settings FROM resource_servers`;

export async function findResourceServerRecord(
  database: Database,
  idOrIdentifier: string,
): Promise<ResourceServerRecord | undefined> {
  const { rows } = await sql<ResourceServerRow>`
    ${selectApi} WHERE id = ${idOrIdentifier} OR identifier = ${idOrIdentifier} ORDER BY id = ${idOrIdentifier} DESC LIMIT 1`.execute(
    database,
  );
  return rows[0] && toApiRecord(rows[0]);
}

export async function lockResourceServerRecord(
  transaction: Database,
  idOrIdentifier: string,
): Promise<ResourceServerRecord | undefined> {
  const { rows } = await sql<ResourceServerRow>`
    ${selectApi} WHERE id = ${idOrIdentifier} OR identifier = ${idOrIdentifier} ORDER BY id = ${idOrIdentifier} DESC LIMIT 1
    FOR UPDATE`.execute(transaction);
  return rows[0] && toApiRecord(rows[0]);
}

/** System APIs first, then by age. */
export async function listResourceServerRecords(
  database: Database,
  identifiers: readonly string[] | undefined,
  page: OffsetPage,
): Promise<CountedRows<ResourceServerRecord>> {
  const matches = identifiers === undefined ? sql`true` : sql`identifier = ANY(${[...identifiers]})`;
  const { rows } = await sql<ResourceServerRow>`
    ${selectApi} WHERE ${matches} ORDER BY is_system DESC, created_at, id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM resource_servers WHERE ${matches}`.execute(database);
  return { rows: rows.map(toApiRecord), total: counts[0]?.count ?? 0 };
}

export async function insertResourceServer(transaction: Database, api: ResourceServerRecord): Promise<void> {
  await sql`
    INSERT INTO resource_servers (id, identifier, name, is_system, signing_secret, settings)
    VALUES (${api.id}, ${api.identifier}, ${api.name}, ${api.isSystem}, ${api.signingSecret}, ${JSON.stringify(api.settings)})`.execute(
    transaction,
  );
}

export async function updateResourceServerRow(
  transaction: Database,
  api: ResourceServerRecord,
): Promise<void> {
  await sql`
    UPDATE resource_servers SET identifier = ${api.identifier}, name = ${api.name}, signing_secret = ${api.signingSecret},
      settings = ${JSON.stringify(api.settings)}, updated_at = now() WHERE id = ${api.id}`.execute(
    transaction,
  );
}

/** Takes from roles and users what the API does not define any more: a scope of that name would be another one. */
export async function deletePermissionsBeyond(
  transaction: Database,
  id: string,
  scopes: readonly string[],
): Promise<void> {
  for (const table of ['role_permissions', 'user_permissions'])
    await sql`
      DELETE FROM ${sql.table(table)}
      WHERE resource_server_id = ${id} AND NOT permission_name = ANY(${[...scopes]}::text[])`.execute(
      transaction,
    );
}

export async function deleteResourceServerRow(transaction: Database, id: string): Promise<void> {
  await sql`DELETE FROM resource_servers WHERE id = ${id}`.execute(transaction);
}

export async function findSystemApi(database: Database): Promise<ResourceServerRecord | undefined> {
  const { rows } =
    await sql<ResourceServerRow>`${selectApi} WHERE is_system ORDER BY created_at LIMIT 1`.execute(database);
  return rows[0] && toApiRecord(rows[0]);
}

export function toApiRecord(row: ResourceServerRow): ResourceServerRecord {
  return {
    id: row.id,
    identifier: row.identifier,
    name: row.name,
    isSystem: row.is_system,
    signingSecret: row.signing_secret,
    settings: row.settings,
  };
}
