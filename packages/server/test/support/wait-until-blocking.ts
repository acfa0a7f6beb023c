import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Database } from '../../src/platform/database/database.ts';

/** Waits until somebody waits for a lock that the transaction holds. */
export async function waitUntilBlocking(transaction: Database): Promise<void> {
  await expect
    .poll(async () => {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`.execute(
        transaction,
      );
      return rows[0]?.count;
    })
    .toBeGreaterThan(0);
}
