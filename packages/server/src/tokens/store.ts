import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { AdapterPayload } from 'oidc-provider';
import { composeLogInsert, type LogColumn, type LogEvent, toLogValues } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import {
  createStatement,
  type Parameter,
  prefixValues,
  type Statement,
  withPrefix,
} from '../platform/database/statement.ts';

/** What is kept beside a payload for the Management API. */
export type PayloadDetails = Readonly<Record<string, unknown>>;

export interface PayloadRecord {
  readonly payload: AdapterPayload;
  readonly sealedId: Buffer | null;
  readonly details: PayloadDetails;
  readonly grantId: string | null;
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly sessionId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly consumedAt: Date | null;
  readonly expiresAt: Date | null;
}

interface PayloadRow {
  payload: AdapterPayload;
  sealed_id: Buffer | null;
  details: Record<string, unknown>;
  grant_id: string | null;
  user_id: string | null;
  client_id: string | null;
  session_id: string | null;
  created_at: Date;
  updated_at: Date;
  consumed_at: Date | null;
  expires_at: Date | null;
}

export interface NewPayload {
  readonly payload: AdapterPayload;
  readonly sealedId: Buffer | undefined;
  /** Kept where the record, or the one that it goes on from, has none. */
  readonly initial: PayloadDetails;
  /** Merged into what is there. */
  readonly current: PayloadDetails;
  readonly sessionId: string | undefined;
  /** Seconds; 0 or undefined keeps the record until it is destroyed. */
  readonly expiresIn: number | undefined;
}

/** No salt: ids carry 128 random bits or more, and the hash must be found by an index. */
function hashId(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

const selectPayload = sql`SELECT payload, sealed_id, details, grant_id, user_id, client_id, session_id, created_at, updated_at,
  consumed_at, expires_at FROM oidc_payloads`;

/** A record to write, by the kind and id that `oidc-provider` gives it. */
export interface PayloadWrite {
  readonly model: string;
  readonly id: string;
  readonly record: NewPayload;
}

export async function upsertPayload(database: Database, write: PayloadWrite): Promise<void> {
  await statementFor([write.model], 'alone')(database, valuesOf([write]));
}

/** Writes records and the event that tells of them, in one statement: all of it commits, or nothing. */
export async function upsertPayloadsWithEvent(
  database: Database,
  writes: readonly PayloadWrite[],
  event: LogEvent,
): Promise<void> {
  const statement = statementFor(
    writes.map(({ model }) => model),
    'with event',
  );
  await statement(database, { ...valuesOf(writes), ...prefixValues(toLogValues(event), 'event_') });
}

/** The statements by what they write: few combinations of few models. */
const statements = new Map<string, Statement<string, unknown>>();

function statementFor(models: readonly string[], kind: 'alone' | 'with event'): Statement<string, unknown> {
  const key = `${models.join(' ')} ${kind}`;
  const known = statements.get(key);
  if (known) return known;
  const made = createStatement<string, unknown>((parameter) => {
    const upserts = models.map((model, index) =>
      composeUpsert(model, withPrefix<UpsertParameter, string>(parameter, prefixOf(index))),
    );
    if (kind === 'alone') return sql`${sql.join(upserts)}`;
    const written = upserts.map((upsert, index) => sql`${sql.ref(`written_${index}`)} AS (${upsert})`);
    return sql`WITH ${sql.join(written)} ${composeLogInsert(withPrefix<LogColumn, string>(parameter, 'event_'))}`;
  });
  statements.set(key, made);
  return made;
}

const prefixOf = (index: number) => `${index}_`;

function valuesOf(writes: readonly PayloadWrite[]): Record<string, unknown> {
  return Object.assign(
    {},
    ...writes.map((write, index) => prefixValues(toUpsertValues(write), prefixOf(index))),
  );
}

type UpsertParameter = keyof ReturnType<typeof toUpsertValues>;

function toUpsertValues({ model, id, record }: PayloadWrite) {
  const { payload } = record;
  return {
    model,
    id_hash: hashId(id),
    sealed_id: record.sealedId ?? null,
    payload: JSON.stringify(payload),
    grant_id: model === 'Grant' ? id : (payload.grantId ?? null),
    user_code: payload.userCode ?? null,
    uid: payload.uid ?? null,
    user_id: payload.accountId ?? null,
    client_id: payload.clientId ?? null,
    session_id: record.sessionId ?? null,
    initial: JSON.stringify(record.initial),
    current: JSON.stringify(record.current),
    // Without an end its time is null.
    lifetime: record.expiresIn || null,
  };
}

/** A rotated refresh token and a session under a fresh id go on from the newest record of their kind. */
const predecessorColumns: Readonly<Record<string, 'grant_id' | 'uid'>> = {
  RefreshToken: 'grant_id',
  Session: 'uid',
};

function composeUpsert(model: string, parameter: Parameter<UpsertParameter>): RawBuilder<unknown> {
  const shared = predecessorColumns[model];
  const predecessor = shared
    ? sql`WITH predecessor AS (
      SELECT details, created_at FROM oidc_payloads
      WHERE model = ${parameter('model')} AND ${sql.ref(shared)} = ${parameter(shared)} ORDER BY created_at DESC LIMIT 1
    )`
    : sql``;
  const details = shared ? sql`coalesce((SELECT details FROM predecessor), '{}')` : sql`'{}'::jsonb`;
  const createdAt = shared ? sql`coalesce((SELECT created_at FROM predecessor), now())` : sql`now()`;
  return sql`${predecessor}
    INSERT INTO oidc_payloads (model, id_hash, sealed_id, payload, grant_id, user_code, uid, user_id, client_id, session_id, details,
      created_at, expires_at)
    VALUES (${parameter('model')}, ${parameter('id_hash')}, ${parameter('sealed_id')}, ${parameter('payload')},
      ${parameter('grant_id')}, ${parameter('user_code')}, ${parameter('uid')}, ${parameter('user_id')},
      ${parameter('client_id')}, ${parameter('session_id')},
      ${parameter('initial')}::jsonb || ${details} || ${parameter('current')}::jsonb,
      ${createdAt}, now() + make_interval(secs => ${parameter('lifetime')}))
    ON CONFLICT (model, id_hash) DO UPDATE SET sealed_id = excluded.sealed_id, payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, user_id = excluded.user_id, client_id = excluded.client_id,
      session_id = excluded.session_id,
      details = ${parameter('initial')}::jsonb || oidc_payloads.details || ${parameter('current')}::jsonb, updated_at = now(),
      expires_at = excluded.expires_at`;
}

export async function findPayload(
  database: Database,
  model: string,
  key: { readonly id: string } | { readonly userCode: string } | { readonly uid: string },
): Promise<PayloadRecord | undefined> {
  const matches =
    'id' in key
      ? sql`id_hash = ${hashId(key.id)}`
      : 'userCode' in key
        ? sql`user_code = ${key.userCode}`
        : sql`uid = ${key.uid}`;
  const { rows } = await sql<PayloadRow>`
    ${selectPayload} WHERE model = ${model} AND ${matches} ORDER BY created_at DESC LIMIT 1`.execute(
    database,
  );
  return rows[0] && toRecord(rows[0]);
}

/**
 * @param leeway seconds in which what is consumed may be consumed again
 * @returns whether this call could: of several at once without leeway, one does
 */
export async function consumePayload(
  database: Database,
  model: string,
  id: string,
  leeway: number,
): Promise<boolean> {
  // By the clock and not by now(), which stands still while this waits for another one to use it up.
  const { rows } = await sql`
    UPDATE oidc_payloads SET consumed_at = coalesce(consumed_at, clock_timestamp())
    WHERE model = ${model} AND id_hash = ${hashId(id)} AND (
      consumed_at IS NULL OR (${leeway} > 0 AND consumed_at > clock_timestamp() - make_interval(secs => ${leeway}))
    )
    RETURNING model`.execute(database);
  return rows.length > 0;
}

/** Deletes a record with everything that came of the same grant. */
export async function deleteFamily(database: Database, model: string, id: string): Promise<void> {
  await sql`
    DELETE FROM oidc_payloads WHERE grant_id = (
      SELECT grant_id FROM oidc_payloads WHERE model = ${model} AND id_hash = ${hashId(id)}
    )`.execute(database);
}

/** Ends a record, which stays for its successor to go on from until it is swept. */
export async function retirePayload(database: Database, model: string, id: string): Promise<void> {
  await sql`
    UPDATE oidc_payloads SET consumed_at = now(), expires_at = now() WHERE model = ${model} AND id_hash = ${hashId(id)}`.execute(
    database,
  );
}

/** Notes that a token was used, for the record's last use; `expiresAt` moves the end. */
export async function touchPayload(
  database: Database,
  model: string,
  id: string,
  change: { readonly details: PayloadDetails; readonly expiresAt: Date | undefined },
): Promise<void> {
  await sql`
    UPDATE oidc_payloads SET updated_at = now(), details = details || ${JSON.stringify(change.details)}::jsonb,
      expires_at = coalesce(${change.expiresAt ?? null}, expires_at),
      payload = CASE WHEN ${change.expiresAt ?? null}::timestamptz IS NULL THEN payload
        ELSE payload || jsonb_build_object('exp', floor(extract(epoch FROM ${change.expiresAt ?? null}::timestamptz))) END
    WHERE model = ${model} AND id_hash = ${hashId(id)}`.execute(database);
}

export async function deletePayload(database: Database, model: string, id: string): Promise<void> {
  await sql`DELETE FROM oidc_payloads WHERE model = ${model} AND id_hash = ${hashId(id)}`.execute(database);
}

export async function deletePayloadsOfGrant(
  database: Database,
  model: string,
  grantId: string,
): Promise<void> {
  await sql`DELETE FROM oidc_payloads WHERE model = ${model} AND grant_id = ${grantId}`.execute(database);
}

/** Which records an operation is about; absent parts match all. */
export interface PayloadFilter {
  readonly models: readonly string[];
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly grantIds?: readonly string[] | undefined;
  readonly sessionId?: string | undefined;
  readonly uid?: string | undefined;
}

function matching(filter: PayloadFilter): RawBuilder<boolean> {
  const parts = [
    sql<boolean>`model = ANY(${[...filter.models]}::text[])`,
    ...(filter.userId === undefined ? [] : [sql<boolean>`user_id = ${filter.userId}`]),
    ...(filter.clientId === undefined ? [] : [sql<boolean>`client_id = ${filter.clientId}`]),
    ...(filter.grantIds === undefined ? [] : [sql<boolean>`grant_id = ANY(${[...filter.grantIds]}::text[])`]),
    ...(filter.sessionId === undefined ? [] : [sql<boolean>`session_id = ${filter.sessionId}`]),
    ...(filter.uid === undefined ? [] : [sql<boolean>`uid = ${filter.uid}`]),
  ];
  return sql<boolean>`${sql.join(parts, sql` AND `)}`;
}

/** Records that are neither used up nor expired, oldest first. */
export async function listPayloads(
  database: Database,
  filter: PayloadFilter,
  page: { readonly after?: { readonly createdAt: string; readonly id: string }; readonly limit: number },
): Promise<PayloadRecord[]> {
  const after = page.after
    ? sql`(created_at, coalesce(grant_id, uid)) > (${page.after.createdAt}::timestamptz, ${page.after.id})`
    : sql`true`;
  const { rows } = await sql<PayloadRow>`
    ${selectPayload} WHERE ${matching(filter)} AND ${after} AND consumed_at IS NULL AND (expires_at IS NULL OR expires_at > now())
    ORDER BY created_at, coalesce(grant_id, uid) LIMIT ${page.limit}`.execute(database);
  return rows.map(toRecord);
}

export async function deletePayloads(database: Database, filter: PayloadFilter): Promise<number> {
  const { rows } = await sql`DELETE FROM oidc_payloads WHERE ${matching(filter)} RETURNING model`.execute(
    database,
  );
  return rows.length;
}

/** Merges into the details of the records that the Management API shows as one. @returns whether there was any */
export async function updatePayloadDetails(
  database: Database,
  filter: PayloadFilter,
  details: PayloadDetails,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE oidc_payloads SET details = details || ${JSON.stringify(details)}::jsonb WHERE ${matching(filter)}
    RETURNING model`.execute(database);
  return rows.length > 0;
}

/** The grants of a user's oldest refresh tokens for a client beyond the newest `keep`. */
export async function listExcessRefreshGrants(
  database: Database,
  userId: string,
  clientId: string,
  keep: number,
): Promise<string[]> {
  const { rows } = await sql<{ grant_id: string }>`
    SELECT grant_id FROM oidc_payloads
    WHERE model = 'RefreshToken' AND user_id = ${userId} AND client_id = ${clientId} AND consumed_at IS NULL AND grant_id IS NOT NULL
    ORDER BY created_at DESC OFFSET ${keep}`.execute(database);
  return rows.map((row) => row.grant_id);
}

/** Expired records stay for a while: a device is told once that its code expired. @returns how many went */
export async function deleteExpiredPayloads(database: Database, limit: number): Promise<number> {
  const { rows } = await sql`
    DELETE FROM oidc_payloads WHERE (model, id_hash) IN (
      SELECT model, id_hash FROM oidc_payloads WHERE expires_at < now() - interval '1 hour' ORDER BY expires_at LIMIT ${limit}
    ) RETURNING model`.execute(database);
  return rows.length;
}

function toRecord(row: PayloadRow): PayloadRecord {
  return {
    payload: row.payload,
    sealedId: row.sealed_id,
    details: row.details,
    grantId: row.grant_id,
    userId: row.user_id,
    clientId: row.client_id,
    sessionId: row.session_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    consumedAt: row.consumed_at,
    expiresAt: row.expires_at,
  };
}

/** What is kept beside a grant; undefined when it is gone. */
export async function findGrantDetails(
  database: Database,
  grantId: string,
): Promise<PayloadDetails | undefined> {
  const { rows } = await sql<{ details: Record<string, unknown> }>`
    SELECT details FROM oidc_payloads WHERE model = 'Grant' AND grant_id = ${grantId}`.execute(database);
  return rows[0]?.details;
}

/** What is kept beside the grant of a user's last sign-in to a client. */
export async function findNewestGrantDetails(
  database: Database,
  userId: string,
  clientId: string,
): Promise<PayloadDetails | undefined> {
  const { rows } = await sql<{ details: Record<string, unknown> }>`
    SELECT details FROM oidc_payloads WHERE model = 'Grant' AND user_id = ${userId} AND client_id = ${clientId}
    ORDER BY created_at DESC LIMIT 1`.execute(database);
  return rows[0]?.details;
}

/** The grants of unused refresh tokens. @param resource only those for this API */
export async function listRefreshGrants(
  database: Database,
  filter: PayloadFilter,
  resource: string | undefined,
): Promise<string[]> {
  const { rows } = await sql<{ grant_id: string }>`
    SELECT DISTINCT grant_id FROM oidc_payloads
    WHERE ${matching(filter)} AND grant_id IS NOT NULL
      AND ${resource === undefined ? sql`true` : sql`payload -> 'resource' @> ${JSON.stringify(resource)}::jsonb`}`.execute(
    database,
  );
  return rows.map((row) => row.grant_id);
}
