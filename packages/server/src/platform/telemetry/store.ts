import { sql } from 'kysely';
import type { Database } from '../database/database.ts';

/** One round trip to the database. */
export async function pingDatabase(database: Database): Promise<void> {
  await sql`SELECT 1`.execute(database);
}
