import { type Kysely, sql } from 'kysely';

/**
 * Links and codes in mails that wait have a scope of their own. Machines that may change the team have read them until now,
 * and go on.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`UPDATE client_grants SET settings = jsonb_set(settings, '{scope}', settings -> 'scope' || '["read:message_secrets"]')
    WHERE settings -> 'scope' @> '["read:email_provider", "update:administrators"]'`.execute(database);
}
