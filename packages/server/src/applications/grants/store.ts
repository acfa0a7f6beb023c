import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { Checkpoint, CountedRows, OffsetPage } from '../../platform/http/paging.ts';

/** A client grant as stored: `settings` hold `scope` and the other wire properties without a column. */
export interface ClientGrantRecord {
  readonly id: string;
  readonly clientId: string | null;
  readonly audience: string;
  readonly subjectType: string;
  readonly isSystem: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ClientGrantRow {
  id: string;
  client_id: string | null;
  audience: string;
  subject_type: string;
  is_system: boolean;
  settings: Record<string, unknown>;
  created_at: Date;
}

const selectGrant = sql`SELECT id, client_id, audience, subject_type, is_system, settings, created_at FROM client_grants`;

export async function findClientGrantRecord(
  database: Database,
  id: string,
): Promise<ClientGrantRecord | undefined> {
  const { rows } = await sql<ClientGrantRow>`${selectGrant} WHERE id = ${id}`.execute(database);
  return rows[0] && toGrantRecord(rows[0]);
}

export async function lockClientGrantRecord(
  transaction: Database,
  id: string,
): Promise<ClientGrantRecord | undefined> {
  const { rows } = await sql<ClientGrantRow>`${selectGrant} WHERE id = ${id} FOR UPDATE`.execute(transaction);
  return rows[0] && toGrantRecord(rows[0]);
}

export async function findGrantOfClient(
  database: Database,
  clientId: string,
  audience: string,
  subjectType: 'client' | 'user',
): Promise<ClientGrantRecord | undefined> {
  const { rows } = await sql<ClientGrantRow>`
    ${selectGrant} WHERE client_id = ${clientId} AND audience = ${audience} AND subject_type = ${subjectType}`.execute(
    database,
  );
  return rows[0] && toGrantRecord(rows[0]);
}

export async function listGrantsOfAudience(
  database: Database,
  audience: string,
): Promise<ClientGrantRecord[]> {
  const { rows } = await sql<ClientGrantRow>`${selectGrant} WHERE audience = ${audience}`.execute(database);
  return rows.map(toGrantRecord);
}

export interface ClientGrantFilter {
  readonly audience?: string;
  readonly clientId?: string;
  readonly subjectType?: string;
  readonly allowAnyOrganization?: boolean;
  readonly defaultFor?: string;
}

const matches = (filter: ClientGrantFilter) => sql`
  ${filter.audience === undefined ? sql`true` : sql`audience = ${filter.audience}`}
  AND ${filter.clientId === undefined ? sql`true` : sql`client_id = ${filter.clientId}`}
  AND ${filter.subjectType === undefined ? sql`true` : sql`subject_type = ${filter.subjectType}`}
  AND ${filter.defaultFor === undefined ? sql`true` : sql`settings ->> 'default_for' = ${filter.defaultFor}`}
  AND ${
    filter.allowAnyOrganization === undefined
      ? sql`true`
      : sql`coalesce((settings -> 'allow_any_organization')::boolean, false) = ${filter.allowAnyOrganization}`
  }`;

export async function listClientGrantRecords(
  database: Database,
  filter: ClientGrantFilter,
  page: OffsetPage,
): Promise<CountedRows<ClientGrantRecord>> {
  const { rows } = await sql<ClientGrantRow>`
    ${selectGrant} WHERE ${matches(filter)} ORDER BY created_at, id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM client_grants WHERE ${matches(filter)}`.execute(database);
  return { rows: rows.map(toGrantRecord), total: counts[0]?.count ?? 0 };
}

export async function listClientGrantRecordsAfter(
  database: Database,
  filter: ClientGrantFilter,
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<(ClientGrantRecord & { checkpoint: Checkpoint })[]> {
  const after = checkpoint
    ? sql`(created_at, id) > (${checkpoint.createdAt}::timestamptz, ${checkpoint.id})`
    : sql`true`;
  const { rows } = await sql<ClientGrantRow>`
    ${selectGrant} WHERE ${matches(filter)} AND ${after} ORDER BY created_at, id LIMIT ${limit}`.execute(
    database,
  );
  return rows.map((row) => ({
    ...toGrantRecord(row),
    checkpoint: { createdAt: row.created_at.toISOString(), id: row.id },
  }));
}

export async function insertClientGrant(transaction: Database, grant: ClientGrantRecord): Promise<void> {
  await sql`
    INSERT INTO client_grants (id, client_id, audience, subject_type, is_system, settings)
    VALUES (${grant.id}, ${grant.clientId}, ${grant.audience}, ${grant.subjectType}, ${grant.isSystem}, ${JSON.stringify(grant.settings)})`.execute(
    transaction,
  );
}

/** Makes the grant, or brings an existing one of the client and audience to these settings. */
export async function upsertClientGrant(transaction: Database, grant: ClientGrantRecord): Promise<void> {
  await sql`
    INSERT INTO client_grants (id, client_id, audience, subject_type, is_system, settings)
    VALUES (${grant.id}, ${grant.clientId}, ${grant.audience}, ${grant.subjectType}, ${grant.isSystem}, ${JSON.stringify(grant.settings)})
    ON CONFLICT ON CONSTRAINT client_grants_client_audience_key
      DO UPDATE SET settings = excluded.settings, updated_at = now()`.execute(transaction);
}

export async function updateClientGrantRow(transaction: Database, grant: ClientGrantRecord): Promise<void> {
  await sql`UPDATE client_grants SET settings = ${JSON.stringify(grant.settings)}, updated_at = now() WHERE id = ${grant.id}`.execute(
    transaction,
  );
}

export async function deleteClientGrantRow(transaction: Database, id: string): Promise<void> {
  await sql`DELETE FROM client_grants WHERE id = ${id}`.execute(transaction);
}

export function toGrantRecord(row: ClientGrantRow): ClientGrantRecord {
  return {
    id: row.id,
    clientId: row.client_id,
    audience: row.audience,
    subjectType: row.subject_type,
    isSystem: row.is_system,
    settings: row.settings,
  };
}
