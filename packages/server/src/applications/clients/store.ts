import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { Checkpoint, CountedRows, OffsetPage } from '../../platform/http/paging.ts';

/** A client as stored: `settings` are the properties of the wire record that have no column. */
export interface ClientRecord {
  readonly clientId: string;
  readonly name: string;
  readonly isGlobal: boolean;
  readonly isFirstParty: boolean;
  readonly appType: string | null;
  /** Encrypted; see `secretContext`. */
  readonly secret: Buffer | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ClientRow {
  client_id: string;
  name: string;
  is_global: boolean;
  is_first_party: boolean;
  app_type: string | null;
  client_secret: Buffer | null;
  settings: Record<string, unknown>;
  created_at: Date;
}

const selectClient = sql`SELECT client_id, name, is_global, is_first_party, app_type, client_secret, settings, created_at FROM clients`;

export async function findClientRecord(
  database: Database,
  clientId: string,
): Promise<ClientRecord | undefined> {
  const { rows } = await sql<ClientRow>`${selectClient} WHERE client_id = ${clientId}`.execute(database);
  return rows[0] && toClientRecord(rows[0]);
}

export async function lockClientRecord(
  transaction: Database,
  clientId: string,
): Promise<ClientRecord | undefined> {
  const { rows } = await sql<ClientRow>`${selectClient} WHERE client_id = ${clientId} FOR UPDATE`.execute(
    transaction,
  );
  return rows[0] && toClientRecord(rows[0]);
}

export interface ClientFilter {
  readonly isGlobal?: boolean;
  readonly isFirstParty?: boolean;
  readonly appTypes?: readonly string[];
}

const matches = (filter: ClientFilter) => sql`
  ${filter.isGlobal === undefined ? sql`true` : sql`is_global = ${filter.isGlobal}`}
  AND ${filter.isFirstParty === undefined ? sql`true` : sql`is_first_party = ${filter.isFirstParty}`}
  AND ${filter.appTypes === undefined ? sql`true` : sql`app_type = ANY(${[...filter.appTypes]})`}`;

export async function listClientRecords(
  database: Database,
  filter: ClientFilter,
  page: OffsetPage,
): Promise<CountedRows<ClientRecord>> {
  const { rows } = await sql<ClientRow>`
    ${selectClient} WHERE ${matches(filter)} ORDER BY created_at, client_id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM clients WHERE ${matches(filter)}`.execute(database);
  return { rows: rows.map(toClientRecord), total: counts[0]?.count ?? 0 };
}

export async function listClientRecordsAfter(
  database: Database,
  filter: ClientFilter,
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<(ClientRecord & { checkpoint: Checkpoint })[]> {
  const after = checkpoint
    ? sql`(created_at, client_id) > (${checkpoint.createdAt}::timestamptz, ${checkpoint.id})`
    : sql`true`;
  const { rows } = await sql<ClientRow>`
    ${selectClient} WHERE ${matches(filter)} AND ${after} ORDER BY created_at, client_id LIMIT ${limit}`.execute(
    database,
  );
  return rows.map((row) => ({
    ...toClientRecord(row),
    checkpoint: { createdAt: row.created_at.toISOString(), id: row.client_id },
  }));
}

/** Inserts, or with `replace` brings a client of the same id to exactly this state. */
/** @returns whether the client was made now; false: it was there, and has this secret now */
export async function insertClient(
  transaction: Database,
  client: ClientRecord,
  mode: 'insert' | 'replace' = 'insert',
): Promise<boolean> {
  const { rows } = await sql<{ is_new: boolean }>`
    INSERT INTO clients (client_id, name, is_global, is_first_party, app_type, client_secret, settings)
    VALUES (${client.clientId}, ${client.name}, ${client.isGlobal}, ${client.isFirstParty}, ${client.appType}, ${client.secret},
      ${JSON.stringify(client.settings)})
    ${mode === 'insert' ? sql`` : sql`ON CONFLICT (client_id) DO UPDATE SET client_secret = excluded.client_secret, updated_at = now()`}
    RETURNING xmax = 0 AS is_new`.execute(transaction);
  return rows[0]?.is_new === true;
}

export async function updateClientRow(transaction: Database, client: ClientRecord): Promise<void> {
  await sql`
    UPDATE clients SET name = ${client.name}, is_first_party = ${client.isFirstParty}, app_type = ${client.appType},
      client_secret = ${client.secret}, settings = ${JSON.stringify(client.settings)}, updated_at = now()
    WHERE client_id = ${client.clientId}`.execute(transaction);
}

/** Replaces the aliases of a client; one that another client has fails on the primary key. */
export async function replaceClientAliases(
  transaction: Database,
  clientId: string,
  aliases: readonly string[],
): Promise<void> {
  await sql`DELETE FROM client_aliases WHERE client_id = ${clientId}`.execute(transaction);
  if (aliases.length > 0) {
    await sql`INSERT INTO client_aliases (alias, client_id) SELECT unnest(${[...new Set(aliases)]}::text[]), ${clientId}`.execute(
      transaction,
    );
  }
}

export async function deleteClientRow(transaction: Database, clientId: string): Promise<void> {
  await sql`DELETE FROM clients WHERE client_id = ${clientId}`.execute(transaction);
}

export async function insertGlobalClient(transaction: Database, client: ClientRecord): Promise<void> {
  await sql`
    INSERT INTO clients (client_id, name, is_global, is_first_party, client_secret, settings)
    SELECT ${client.clientId}, ${client.name}, true, true, ${client.secret}, ${JSON.stringify(client.settings)}
    WHERE NOT EXISTS (SELECT 1 FROM clients WHERE is_global)`.execute(transaction);
}

/** Origins and callbacks of every client, for CORS. */
export async function listAllowedOrigins(database: Database): Promise<string[]> {
  const { rows } = await sql<{ origin: string }>`
    SELECT DISTINCT origin FROM clients, LATERAL jsonb_array_elements_text(
      coalesce(settings -> 'allowed_origins', '[]') || coalesce(settings -> 'web_origins', '[]') || coalesce(settings -> 'callbacks', '[]')
    ) AS origin`.execute(database);
  return rows.map((row) => row.origin);
}

export function toClientRecord(row: ClientRow): ClientRecord {
  return {
    clientId: row.client_id,
    name: row.name,
    isGlobal: row.is_global,
    isFirstParty: row.is_first_party,
    appType: row.app_type,
    secret: row.client_secret,
    settings: row.settings,
  };
}
