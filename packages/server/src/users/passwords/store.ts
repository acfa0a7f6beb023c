import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

/** Which identity of which user a password signs in. */
export interface CredentialKey {
  readonly userId: string;
  readonly connectionId: string;
  readonly providerUserId: string;
}

/** The current hash first, then the replaced ones, newest first. */
export async function listPasswordHashes(
  database: Database,
  key: CredentialKey,
  replaced: number,
): Promise<string[]> {
  const { rows } = await sql<{ hash: string }>`
    (SELECT hash FROM credentials
      WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId})
    UNION ALL
    (SELECT hash FROM password_history
      WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}
      ORDER BY replaced_at DESC LIMIT ${replaced})`.execute(database);
  return rows.map((row) => row.hash);
}

/** Sets the hash and moves the one it replaces into the history, of which `keep` entries stay. */
export async function setPasswordHash(
  transaction: Database,
  key: CredentialKey,
  credential: { readonly hash: string; readonly algorithm: string },
  keep: number,
): Promise<void> {
  if (keep > 0) {
    await sql`
      INSERT INTO password_history (user_id, connection_id, provider_user_id, hash)
      SELECT user_id, connection_id, provider_user_id, hash FROM credentials
      WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}`.execute(
      transaction,
    );
  }
  await sql`
    DELETE FROM password_history WHERE ctid IN (
      SELECT ctid FROM password_history
      WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}
      ORDER BY replaced_at DESC OFFSET ${keep}
    )`.execute(transaction);
  await sql`
    INSERT INTO credentials (user_id, connection_id, provider_user_id, hash, algorithm)
    VALUES (${key.userId}, ${key.connectionId}, ${key.providerUserId}, ${credential.hash}, ${credential.algorithm})
    ON CONFLICT (user_id, connection_id, provider_user_id)
      DO UPDATE SET hash = excluded.hash, algorithm = excluded.algorithm, set_at = now()`.execute(
    transaction,
  );
}

/** A new user's first hash: one statement, there is no history yet. */
export async function insertPasswordHash(
  transaction: Database,
  key: CredentialKey,
  credential: { hash: string; algorithm: string },
): Promise<void> {
  await sql`
    INSERT INTO credentials (user_id, connection_id, provider_user_id, hash, algorithm)
    VALUES (${key.userId}, ${key.connectionId}, ${key.providerUserId}, ${credential.hash}, ${credential.algorithm})`.execute(
    transaction,
  );
}

/** The current hash of the identity. */
export async function findPasswordHash(database: Database, key: CredentialKey): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`
    SELECT hash FROM credentials
    WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}`.execute(
    database,
  );
  return rows[0]?.hash;
}

/**
 * Swaps a hash for another one of the same password; not when the password was changed meanwhile.
 * @returns whether it was
 */
export async function replaceEqualHash(
  database: Database,
  key: CredentialKey,
  old: string,
  credential: { readonly hash: string; readonly algorithm: string },
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE credentials SET hash = ${credential.hash}, algorithm = ${credential.algorithm}
    WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}
      AND hash = ${old}
    RETURNING user_id`.execute(database);
  return rows.length > 0;
}

export async function deletePasswordHash(transaction: Database, key: CredentialKey): Promise<void> {
  await sql`
    DELETE FROM credentials
    WHERE user_id = ${key.userId} AND connection_id = ${key.connectionId} AND provider_user_id = ${key.providerUserId}`.execute(
    transaction,
  );
}
