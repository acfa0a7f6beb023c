import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Does a part of a transaction to learn what comes of it: what it wrote is undone. */
export async function rehearse<Result>(transaction: Database, work: () => Promise<Result>): Promise<Result> {
  await sql`SAVEPOINT rehearsal`.execute(transaction);
  const result = await work();
  await sql`ROLLBACK TO SAVEPOINT rehearsal`.execute(transaction);
  await sql`RELEASE SAVEPOINT rehearsal`.execute(transaction);
  return result;
}

/** Does a part of a transaction that may fail without it: what the part wrote before it rejected is undone. */
export async function withinSavepoint<Result>(
  transaction: Database,
  work: () => Promise<Result>,
): Promise<Result> {
  await sql`SAVEPOINT part`.execute(transaction);
  try {
    const result = await work();
    await sql`RELEASE SAVEPOINT part`.execute(transaction);
    return result;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT part`.execute(transaction);
    await sql`RELEASE SAVEPOINT part`.execute(transaction);
    throw error;
  }
}
