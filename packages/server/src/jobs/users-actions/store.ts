import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export type UserFate = 'changed' | 'unchanged' | 'failed';

/** Notes users behind those that the job has, each once. @returns how many are new */
export async function noteJobUsers(
  transaction: Database,
  jobId: string,
  noted: number,
  userIds: readonly string[],
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO job_users (job_id, number, user_id)
    SELECT ${jobId}, ${noted} + row_number() OVER (ORDER BY place), user_id
    FROM (
      SELECT user_id, min(place) AS place FROM unnest(${[...userIds]}::text[]) WITH ORDINALITY AS wanted (user_id, place)
      GROUP BY user_id
    ) AS wanted
    WHERE NOT EXISTS (
      SELECT FROM job_users AS known WHERE known.job_id = ${jobId} AND known.user_id = wanted.user_id
    )`.execute(transaction);
  return Number(numAffectedRows);
}

/** Notes the users that another job changed. @returns how many there are */
export async function noteChangedUsers(
  transaction: Database,
  jobId: string,
  changedBy: string,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO job_users (job_id, number, user_id)
    SELECT ${jobId}, row_number() OVER (ORDER BY number), user_id
    FROM job_users WHERE job_id = ${changedBy} AND fate = 'changed'`.execute(transaction);
  return Number(numAffectedRows);
}

/** Users of the job behind a number, in order. */
export async function listJobUsers(
  database: Database,
  jobId: string,
  after: number,
  limit: number,
): Promise<{ number: number; userId: string }[]> {
  const { rows } = await sql<{ number: number; userId: string }>`
    SELECT number, user_id AS "userId" FROM job_users
    WHERE job_id = ${jobId} AND number > ${after} ORDER BY number LIMIT ${limit}`.execute(database);
  return rows;
}

/** Says what came of a user, and why where it failed. */
export async function setUserFate(
  transaction: Database,
  jobId: string,
  user: { readonly number: number; readonly userId: string },
  fate: UserFate,
  failure?: { readonly code: string; readonly message: string },
): Promise<void> {
  await sql`UPDATE job_users SET fate = ${fate} WHERE job_id = ${jobId} AND number = ${user.number}`.execute(
    transaction,
  );
  if (failure)
    await sql`
      INSERT INTO job_errors (job_id, "row", line, "user", errors)
      VALUES (${jobId}, ${user.number}, ${user.number}, ${JSON.stringify({ user_id: user.userId })}, ${JSON.stringify([failure])})`.execute(
      transaction,
    );
}
