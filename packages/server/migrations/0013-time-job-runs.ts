import { type Kysely, sql } from 'kysely';

/** When the run that works on a job began, and where: its speed is its own, whatever time passed before. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE jobs ADD COLUMN run_started_at timestamptz(3), ADD COLUMN run_checkpoint jsonb`.execute(
    database,
  );
}
