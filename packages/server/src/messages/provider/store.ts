import type { EmailProviderName } from '@muster/contract';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export interface ProviderRecord {
  readonly name: EmailProviderName;
  readonly isEnabled: boolean;
  readonly defaultFromAddress: string | null;
  /** Encrypted JSON. */
  readonly credentials: Buffer;
  readonly settings: Readonly<Record<string, unknown>> | null;
}

interface ProviderRow {
  name: EmailProviderName;
  enabled: boolean;
  default_from_address: string | null;
  credentials: Buffer;
  settings: Record<string, unknown> | null;
}

export async function findProviderRecord(
  database: Database,
  mode: 'read' | 'lock' = 'read',
): Promise<ProviderRecord | undefined> {
  const { rows } = await sql<ProviderRow>`
    SELECT name, enabled, default_from_address, credentials, settings FROM email_provider
    ${mode === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(database);
  const row = rows[0];
  return (
    row && {
      name: row.name,
      isEnabled: row.enabled,
      defaultFromAddress: row.default_from_address,
      credentials: row.credentials,
      settings: row.settings,
    }
  );
}

/** A second provider fails on `email_provider_pkey`. */
export async function insertProvider(transaction: Database, record: ProviderRecord): Promise<void> {
  await sql`
    INSERT INTO email_provider (name, enabled, default_from_address, credentials, settings)
    VALUES (${record.name}, ${record.isEnabled}, ${record.defaultFromAddress}, ${record.credentials},
      ${record.settings && JSON.stringify(record.settings)})`.execute(transaction);
}

export async function updateProviderRow(transaction: Database, record: ProviderRecord): Promise<void> {
  await sql`
    UPDATE email_provider SET name = ${record.name}, enabled = ${record.isEnabled},
      default_from_address = ${record.defaultFromAddress}, credentials = ${record.credentials},
      settings = ${record.settings && JSON.stringify(record.settings)}, updated_at = now()`.execute(
    transaction,
  );
}

export async function deleteProviderRow(transaction: Database): Promise<void> {
  await sql`DELETE FROM email_provider`.execute(transaction);
}
