import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';

export type StoredSettings = Readonly<Record<string, unknown>>;

/** @returns whether the row was made now; false: it was there */
export async function insertTenant(transaction: Database, fingerprint: string): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO tenant_settings (secret_key_fingerprint) VALUES (${fingerprint}) ON CONFLICT DO NOTHING RETURNING id`.execute(
    transaction,
  );
  return rows.length > 0;
}

export async function getSecretKeyFingerprint(database: Database): Promise<string | undefined> {
  const { rows } = await sql<{
    secret_key_fingerprint: string;
  }>`SELECT secret_key_fingerprint FROM tenant_settings`.execute(database);
  return rows[0]?.secret_key_fingerprint;
}

/** An expression for statements that are about something else and need the tenant's settings too. */
export const storedSettings = sql<StoredSettings>`(SELECT settings FROM tenant_settings)`;

export async function getStoredSettings(
  database: Database,
  mode: 'read' | 'lock' = 'read',
): Promise<StoredSettings> {
  const { rows } = await sql<{ settings: StoredSettings }>`
    SELECT settings FROM tenant_settings ${mode === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(database);
  return rows[0]?.settings ?? {};
}

export async function updateStoredSettings(transaction: Database, settings: StoredSettings): Promise<void> {
  await sql`UPDATE tenant_settings SET settings = ${JSON.stringify(settings)}, updated_at = now()`.execute(
    transaction,
  );
}
