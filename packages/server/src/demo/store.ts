import { sql } from 'kysely';
import { holdConnections } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { skipReferenceChecks } from '../platform/database/reference-checks.ts';
import { rewriteEntries } from '../users/index.ts';
import type { DemoUser } from './make-demo-user.ts';

/** Inserts a batch; people who are there already (same seed, run before) are left as they are. */
export async function insertDemoUsers(
  transaction: Database,
  batch: readonly DemoUser[],
  connectionIds: ReadonlyMap<string, string>,
): Promise<number> {
  const users = JSON.stringify(batch.map(({ user }) => user));
  const identities = JSON.stringify(
    batch.map(({ identity, connection }) => ({ ...identity, connection_id: connectionIds.get(connection) })),
  );
  const inserted = await sql<{ user_id: string }>`
    INSERT INTO users SELECT * FROM jsonb_populate_recordset(NULL::users, ${users}::jsonb) ON CONFLICT DO NOTHING RETURNING user_id`.execute(
    transaction,
  );
  await holdConnections(transaction, new Set(connectionIds.values()));
  // Nobody was there: whatever follows refers to rows of this transaction, and to connections that stay until its end.
  const areAllNew = inserted.rows.length === batch.length;
  if (areAllNew) await skipReferenceChecks(transaction, true);
  await sql`
    INSERT INTO identities SELECT * FROM jsonb_populate_recordset(NULL::identities, ${identities}::jsonb) ON CONFLICT DO NOTHING`.execute(
    transaction,
  );
  await rewriteEntries(
    transaction,
    inserted.rows.map((row) => row.user_id),
  );
  if (areAllNew) await skipReferenceChecks(transaction, false);
  return inserted.rows.length;
}

/** Whether there are fewer users than that. */
export async function hasFewerUsersThan(database: Database, count: number): Promise<boolean> {
  const { rows } = await sql`SELECT FROM users OFFSET ${count - 1} LIMIT 1`.execute(database);
  return rows.length === 0;
}

/** Tells PostgreSQL what it holds now, without waiting for its own rounds. */
export async function analyzeUsers(database: Database): Promise<void> {
  await sql`VACUUM (ANALYZE) users, identities`.execute(database);
}
