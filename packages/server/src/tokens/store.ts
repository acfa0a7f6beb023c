import { sql } from 'kysely';
import type { AdapterPayload } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';

interface PayloadRow {
  payload: AdapterPayload;
  consumed_at: Date | null;
}

/** @param expiresIn seconds; 0 or undefined keeps the record until it is destroyed */
export async function upsertPayload(
  database: Database,
  model: string,
  id: string,
  payload: AdapterPayload,
  expiresIn: number | undefined,
): Promise<void> {
  const lifetime = expiresIn ? sql`now() + make_interval(secs => ${expiresIn})` : sql`NULL`;
  await sql`
    INSERT INTO oidc_payloads (model, id, payload, grant_id, user_code, uid, expires_at)
    VALUES (${model}, ${id}, ${JSON.stringify(payload)}, ${payload.grantId ?? null}, ${payload.userCode ?? null}, ${payload.uid ?? null}, ${lifetime})
    ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, user_code = excluded.user_code,
      uid = excluded.uid, expires_at = excluded.expires_at`.execute(database);
}

export async function findPayload(
  database: Database,
  model: string,
  key: { readonly id: string } | { readonly userCode: string } | { readonly uid: string },
): Promise<AdapterPayload | undefined> {
  const matches =
    'id' in key
      ? sql`id = ${key.id}`
      : 'userCode' in key
        ? sql`user_code = ${key.userCode}`
        : sql`uid = ${key.uid}`;
  const { rows } = await sql<PayloadRow>`
    SELECT payload, consumed_at FROM oidc_payloads
    WHERE model = ${model} AND ${matches} AND (expires_at IS NULL OR expires_at > now())`.execute(database);
  const row = rows[0];
  if (!row) return undefined;
  return row.consumed_at === null
    ? row.payload
    : { ...row.payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) };
}

export async function consumePayload(database: Database, model: string, id: string): Promise<void> {
  await sql`UPDATE oidc_payloads SET consumed_at = now() WHERE model = ${model} AND id = ${id}`.execute(
    database,
  );
}

export async function deletePayload(database: Database, model: string, id: string): Promise<void> {
  await sql`DELETE FROM oidc_payloads WHERE model = ${model} AND id = ${id}`.execute(database);
}

export async function deletePayloadsOfGrant(database: Database, grantId: string): Promise<void> {
  await sql`DELETE FROM oidc_payloads WHERE grant_id = ${grantId}`.execute(database);
}
