import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import { createStatement } from '../platform/database/statement.ts';
import type { Checkpoint, CountedRows, OffsetPage } from '../platform/http/paging.ts';

/** A connection as stored: `settings` are the root properties of the wire record that have no column. */
export interface ConnectionRecord {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabledClients: readonly string[];
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
}

interface ConnectionRow {
  id: string;
  name: string;
  strategy: string;
  options: Record<string, unknown>;
  settings: Record<string, unknown>;
  enabled_clients: string[];
  created_at: Date;
  deleted_at: Date | null;
}

const selectConnection = sql`
  SELECT id, name, strategy, options, settings, created_at, deleted_at, ARRAY(
    SELECT client_id FROM connection_clients WHERE connection_clients.connection_id = connections.id ORDER BY created_at, client_id
  ) AS enabled_clients
  FROM connections`;

export async function findConnectionRecordByName(
  database: Database,
  name: string,
): Promise<ConnectionRecord | undefined> {
  const { rows } =
    await sql<ConnectionRow>`${selectConnection} WHERE name = ${name} AND deleted_at IS NULL`.execute(
      database,
    );
  return rows[0] && toRecord(rows[0]);
}

const selectConnectionsOfClient = createStatement<'client_id', ConnectionRow>(
  (parameter) => sql`
    ${selectConnection} WHERE deleted_at IS NULL
      AND id IN (SELECT connection_id FROM connection_clients WHERE client_id = ${parameter('client_id')})
    ORDER BY created_at, id`,
);

export async function listConnectionRecordsOfClient(
  database: Database,
  clientId: string,
): Promise<ConnectionRecord[]> {
  return (await selectConnectionsOfClient(database, { client_id: clientId })).map(toRecord);
}

/** Also finds a connection that is being deleted. */
export async function findConnectionRecord(
  database: Database,
  id: string,
): Promise<ConnectionRecord | undefined> {
  const { rows } = await sql<ConnectionRow>`${selectConnection} WHERE id = ${id}`.execute(database);
  return rows[0] && toRecord(rows[0]);
}

export async function lockConnectionRecord(
  transaction: Database,
  id: string,
): Promise<ConnectionRecord | undefined> {
  const { rows } =
    await sql<ConnectionRow>`${selectConnection} WHERE id = ${id} FOR UPDATE OF connections`.execute(
      transaction,
    );
  return rows[0] && toRecord(rows[0]);
}

export interface ConnectionFilter {
  readonly strategies?: readonly string[];
  readonly name?: string;
}

const matches = (filter: ConnectionFilter) => sql`
  deleted_at IS NULL
  AND ${filter.strategies === undefined ? sql`true` : sql`strategy = ANY(${[...filter.strategies]})`}
  AND ${filter.name === undefined ? sql`true` : sql`name = ${filter.name}`}`;

export async function listConnectionRecords(
  database: Database,
  filter: ConnectionFilter,
  page: OffsetPage,
): Promise<CountedRows<ConnectionRecord>> {
  const { rows } = await sql<ConnectionRow>`
    ${selectConnection} WHERE ${matches(filter)} ORDER BY created_at, id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM connections WHERE ${matches(filter)}`.execute(database);
  return { rows: rows.map(toRecord), total: counts[0]?.count ?? 0 };
}

export async function listConnectionRecordsAfter(
  database: Database,
  filter: ConnectionFilter,
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<(ConnectionRecord & { checkpoint: Checkpoint })[]> {
  const after = checkpoint
    ? sql`(created_at, id) > (${checkpoint.createdAt}::timestamptz, ${checkpoint.id})`
    : sql`true`;
  const { rows } = await sql<ConnectionRow>`
    ${selectConnection} WHERE ${matches(filter)} AND ${after} ORDER BY created_at, id LIMIT ${limit}`.execute(
    database,
  );
  return rows.map((row) => ({
    ...toRecord(row),
    checkpoint: { createdAt: row.created_at.toISOString(), id: row.id },
  }));
}

export async function insertConnection(
  transaction: Database,
  connection: Pick<ConnectionRecord, 'id' | 'name' | 'strategy' | 'options' | 'settings'>,
): Promise<void> {
  await sql`
    INSERT INTO connections (id, name, strategy, options, settings)
    VALUES (${connection.id}, ${connection.name}, ${connection.strategy}, ${JSON.stringify(connection.options)},
      ${JSON.stringify(connection.settings)})`.execute(transaction);
}

/** For fixed names: makes the connection unless it is there. @returns its id */
export async function insertConnectionUnlessNamed(
  transaction: Database,
  connection: Pick<ConnectionRecord, 'id' | 'name' | 'strategy' | 'options' | 'settings'>,
): Promise<string> {
  await sql`
    INSERT INTO connections (id, name, strategy, options, settings)
    VALUES (${connection.id}, ${connection.name}, ${connection.strategy}, ${JSON.stringify(connection.options)},
      ${JSON.stringify(connection.settings)}) ON CONFLICT DO NOTHING`.execute(transaction);
  const { rows } = await sql<{
    id: string;
  }>`SELECT id FROM connections WHERE name = ${connection.name}`.execute(transaction);
  if (!rows[0]) throw new Error(`the connection ${connection.name} could not be made`);
  return rows[0].id;
}

export async function updateConnectionRow(
  transaction: Database,
  connection: Pick<ConnectionRecord, 'id' | 'options' | 'settings'>,
): Promise<void> {
  await sql`
    UPDATE connections SET options = ${JSON.stringify(connection.options)}, settings = ${JSON.stringify(connection.settings)}, updated_at = now()
    WHERE id = ${connection.id}`.execute(transaction);
}

/** Enables and disables clients. A client that does not exist fails on the foreign key. */
export async function changeEnabledClients(
  transaction: Database,
  id: string,
  change: { enable: readonly string[]; disable: readonly string[] },
): Promise<void> {
  if (change.disable.length > 0) {
    await sql`DELETE FROM connection_clients WHERE connection_id = ${id} AND client_id = ANY(${[...change.disable]})`.execute(
      transaction,
    );
  }
  if (change.enable.length > 0) {
    await sql`
      INSERT INTO connection_clients (connection_id, client_id) SELECT ${id}, unnest(${[...change.enable]}::text[])
      ON CONFLICT DO NOTHING`.execute(transaction);
  }
}

/** Those of the ids that no client has. */
export async function listUnknownClients(database: Database, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS sent (id, place)
    WHERE NOT EXISTS (SELECT 1 FROM clients WHERE client_id = sent.id) ORDER BY place`.execute(database);
  return rows.map((row) => row.id);
}

export async function hasUsers(database: Database, id: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM identities WHERE connection_id = ${id} LIMIT 1`.execute(database);
  return rows.length > 0;
}

export async function listEnabledClients(
  database: Database,
  id: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ client_id: string }>`
    SELECT client_id FROM connection_clients WHERE connection_id = ${id} AND client_id > ${after ?? ''} ORDER BY client_id LIMIT ${limit}`.execute(
    database,
  );
  return rows.map((row) => row.client_id);
}

/** @returns when the deletion began; a second call repeats the first one's time */
export async function markConnectionDeleted(transaction: Database, id: string): Promise<Date | undefined> {
  const { rows } = await sql<{ deleted_at: Date }>`
    UPDATE connections SET deleted_at = coalesce(deleted_at, now()) WHERE id = ${id} RETURNING deleted_at`.execute(
    transaction,
  );
  return rows[0]?.deleted_at;
}

export async function listDeletedConnections(database: Database): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM connections WHERE deleted_at IS NOT NULL`.execute(
    database,
  );
  return rows.map((row) => row.id);
}

/** Takes the row away, unless a user came in at the last moment. */
export async function deleteConnectionRow(transaction: Database, id: string): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM connections WHERE id = ${id} AND deleted_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM identities WHERE connection_id = ${id}) RETURNING id`.execute(
    transaction,
  );
  return rows.length > 0;
}

function toRecord(row: ConnectionRow): ConnectionRecord {
  return {
    id: row.id,
    name: row.name,
    strategy: row.strategy,
    options: row.options,
    settings: row.settings,
    enabledClients: row.enabled_clients,
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
  };
}

/** All connections, but for those that are being deleted. */
export async function listAllConnectionRecords(database: Database): Promise<ConnectionRecord[]> {
  const { rows } = await sql<ConnectionRow>`${selectConnection} WHERE deleted_at IS NULL`.execute(database);
  return rows.map(toRecord);
}

/** Keeps connections from being removed until the transaction ends. @throws when one of them is gone already */
export async function holdConnections(
  transaction: Database,
  connectionIds: ReadonlySet<string>,
): Promise<void> {
  const { rows } = await sql`
    SELECT FROM connections WHERE id = ANY(${[...connectionIds]}::text[]) ORDER BY id FOR KEY SHARE`.execute(
    transaction,
  );
  if (rows.length < connectionIds.size)
    throw new Error('a connection was removed while users were written into it');
}
