import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { CountedRows, OffsetPage } from '../../platform/http/paging.ts';

/** A public key of a device, or a refresh token as such a list shows it. */
export interface DeviceCredential {
  readonly id: string;
  readonly deviceName: string | null;
  readonly deviceId: string | null;
  readonly userId: string;
  readonly clientId: string | null;
  readonly isRotating: boolean;
}

interface CredentialRow {
  id: string;
  device_name: string | null;
  device_id: string | null;
  user_id: string;
  client_id: string | null;
  is_rotating: boolean;
}

export interface DeviceFilter {
  readonly kind: 'public_key' | 'refresh_token' | 'rotating_refresh_token';
  readonly userId: string | undefined;
  readonly clientId: string | undefined;
}

/** A refresh token counts as rotating once it has rotated. */
export async function listDeviceCredentialRows(
  database: Database,
  filter: DeviceFilter,
  page: OffsetPage,
): Promise<CountedRows<DeviceCredential>> {
  const rotated = sql`coalesce((payload ->> 'rotations')::integer, 0) > 0`;
  const source =
    filter.kind === 'public_key'
      ? sql`SELECT id, device_name, device_id, user_id, client_id, false AS is_rotating, created_at FROM device_credentials`
      : sql`SELECT grant_id AS id, details ->> 'last_user_agent' AS device_name, NULL AS device_id, user_id, client_id,
          ${rotated} AS is_rotating, created_at
        FROM oidc_payloads WHERE model = 'RefreshToken' AND consumed_at IS NULL AND (expires_at IS NULL OR expires_at > now())
          AND ${filter.kind === 'rotating_refresh_token' ? rotated : sql`true`}`;
  const matches = sql`${filter.userId === undefined ? sql`true` : sql`user_id = ${filter.userId}`}
    AND ${filter.clientId === undefined ? sql`true` : sql`client_id = ${filter.clientId}`}`;
  const { rows } = await sql<CredentialRow>`
    SELECT * FROM (${source}) AS credentials WHERE ${matches} ORDER BY created_at, id LIMIT ${page.limit} OFFSET ${page.offset}`.execute(
    database,
  );
  const { rows: counts } = await sql<{
    count: number;
  }>`SELECT count(*) AS count FROM (${source}) AS credentials WHERE ${matches}`.execute(database);
  return {
    rows: rows.map((row) => ({
      id: row.id,
      deviceName: row.device_name,
      deviceId: row.device_id,
      userId: row.user_id,
      clientId: row.client_id,
      isRotating: row.is_rotating,
    })),
    total: counts[0]?.count ?? 0,
  };
}

/** A device that has such a credential fails on its constraint. */
export async function insertDeviceCredential(
  transaction: Database,
  credential: {
    readonly id: string;
    readonly userId: string;
    readonly clientId: string | null;
    readonly deviceName: string;
    readonly deviceId: string;
    readonly value: string;
  },
): Promise<void> {
  await sql`
    INSERT INTO device_credentials (id, user_id, client_id, device_name, device_id, value)
    VALUES (${credential.id}, ${credential.userId}, ${credential.clientId}, ${credential.deviceName}, ${credential.deviceId},
      ${credential.value})`.execute(transaction);
}

/** @param userId only a credential of this user @returns whose it was; undefined when there was none */
export async function deleteDeviceCredentialRow(
  transaction: Database,
  id: string,
  userId: string | undefined,
): Promise<string | undefined> {
  const { rows } = await sql<{ user_id: string }>`
    DELETE FROM device_credentials WHERE id = ${id} AND ${userId === undefined ? sql`true` : sql`user_id = ${userId}`}
    RETURNING user_id`.execute(transaction);
  return rows[0]?.user_id;
}
