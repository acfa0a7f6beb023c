import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Foreign keys are checked row by row, which takes 40 % of the time of a COPY. Where the role may (superusers, and roles
 * that were granted SET on the parameter), rows whose references are known to be there are written without.
 */
export async function skipReferenceChecks(transaction: Database, isSkipping: boolean): Promise<void> {
  await sql`
    SELECT set_config('session_replication_role', ${isSkipping ? 'replica' : 'origin'}, true)
    WHERE has_parameter_privilege('session_replication_role', 'SET')`.execute(transaction);
}
