import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export type KeyStatus = 'current' | 'next' | 'previous' | 'revoked';

export interface SigningKeyRecord {
  readonly kid: string;
  readonly algorithm: string;
  readonly public_jwk: Readonly<Record<string, unknown>>;
  /** PEM. */
  readonly certificate: string;
  readonly private_key: Buffer;
  readonly status: KeyStatus;
  readonly current_since: Date | null;
  readonly current_until: Date | null;
  readonly revoked_at: Date | null;
}

/** Current, next, then the previous ones, newest first; the revoked ones last. */
export async function listKeyRecords(database: Database): Promise<SigningKeyRecord[]> {
  const { rows } = await sql<SigningKeyRecord>`
    SELECT kid, algorithm, public_jwk, certificate, private_key, status, current_since, current_until, revoked_at FROM signing_keys
    ORDER BY array_position(ARRAY['current', 'next', 'previous', 'revoked'], status), created_at DESC`.execute(
    database,
  );
  return rows;
}

export async function insertKey(
  transaction: Database,
  key: Pick<SigningKeyRecord, 'kid' | 'algorithm' | 'public_jwk' | 'certificate' | 'private_key' | 'status'>,
): Promise<void> {
  await sql`
    INSERT INTO signing_keys (kid, algorithm, public_jwk, certificate, private_key, status, current_since)
    VALUES (${key.kid}, ${key.algorithm}, ${JSON.stringify(key.public_jwk)}, ${key.certificate}, ${key.private_key}, ${key.status},
      CASE WHEN ${key.status}::text = 'current' THEN now() END)`.execute(transaction);
}

const keyLock = 4_707_203_002;

/**
 * Holds rotations and revocations back until the transaction ends. Not by locking the rows: a rotation adds one,
 * which those who wait have not seen.
 */
export async function lockKeys(transaction: Database): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${keyLock})`.execute(transaction);
}

/** Next becomes current, current becomes previous. */
export async function promoteNextKey(transaction: Database): Promise<void> {
  await sql`UPDATE signing_keys SET status = 'previous', current_until = now() WHERE status = 'current'`.execute(
    transaction,
  );
  await sql`UPDATE signing_keys SET status = 'current', current_since = now() WHERE status = 'next'`.execute(
    transaction,
  );
}

export async function markKeyRevoked(transaction: Database, kid: string): Promise<void> {
  await sql`UPDATE signing_keys SET status = 'revoked', revoked_at = now() WHERE kid = ${kid} AND status = 'previous'`.execute(
    transaction,
  );
}
