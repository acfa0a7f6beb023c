import type { BruteForceProtection } from '@muster/contract';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export async function findSettings(
  database: Database,
  mode: 'read' | 'lock' = 'read',
): Promise<BruteForceProtection> {
  const { rows } = await sql<BruteForceProtection>`
    SELECT enabled, shields, allowlist, mode, max_attempts FROM brute_force_protection
    ${mode === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(database);
  if (!rows[0]) throw new Error('the settings of brute-force protection are missing');
  return rows[0];
}

/** @param networks the allowlist as PostgreSQL's `inet` takes it */
export async function saveSettings(
  transaction: Database,
  settings: BruteForceProtection,
  networks: readonly string[],
): Promise<void> {
  await sql`
    UPDATE brute_force_protection SET enabled = ${settings.enabled}, shields = ${settings.shields}::text[],
      allowlist = ${settings.allowlist}::text[], allowed_networks = ${networks}::inet[], mode = ${settings.mode},
      max_attempts = ${settings.max_attempts}, updated_at = now()`.execute(transaction);
}
