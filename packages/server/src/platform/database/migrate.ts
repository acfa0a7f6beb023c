import { type Migration, type MigrationResultSet, Migrator } from 'kysely';
import * as createDirectory from '../../../migrations/0001-create-directory.ts';
import * as createUserSearch from '../../../migrations/0002-create-user-search.ts';
import * as indexLinkedUsers from '../../../migrations/0003-index-linked-users.ts';
import * as createJobs from '../../../migrations/0004-create-jobs.ts';
import * as createMail from '../../../migrations/0005-create-mail.ts';
import * as createSessions from '../../../migrations/0007-create-sessions.ts';
import * as createBranding from '../../../migrations/0008-create-branding.ts';
import * as indexFailedLogins from '../../../migrations/0009-index-failed-logins.ts';
import * as createPictures from '../../../migrations/0010-create-pictures.ts';
import * as grantMessageSecrets from '../../../migrations/0011-grant-message-secrets.ts';
import * as createDeletedUsers from '../../../migrations/0012-create-deleted-users.ts';
import * as timeJobRuns from '../../../migrations/0013-time-job-runs.ts';
import * as createBruteForceProtection from '../../../migrations/0014-create-brute-force-protection.ts';
import * as createDashboardPreferences from '../../../migrations/0015-create-dashboard-preferences.ts';
import * as raiseSearchEntries from '../../../migrations/0016-raise-search-entries.ts';
import * as createJobUsers from '../../../migrations/0017-create-job-users.ts';
import * as createRoles from '../../../migrations/0018-create-roles.ts';
import * as indexUserRoles from '../../../migrations/0019-index-user-roles.ts';
import * as freeUserRoles from '../../../migrations/0020-free-user-roles.ts';
import type { Database } from './database.ts';

/** Every migration there is, oldest first. Names never change once released. */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-create-directory': createDirectory,
  '0002-create-user-search': createUserSearch,
  '0003-index-linked-users': indexLinkedUsers,
  '0004-create-jobs': createJobs,
  '0005-create-mail': createMail,
  '0007-create-sessions': createSessions,
  '0008-create-branding': createBranding,
  '0009-index-failed-logins': indexFailedLogins,
  '0010-create-pictures': createPictures,
  '0011-grant-message-secrets': grantMessageSecrets,
  '0012-create-deleted-users': createDeletedUsers,
  '0013-time-job-runs': timeJobRuns,
  '0014-create-brute-force-protection': createBruteForceProtection,
  '0015-create-dashboard-preferences': createDashboardPreferences,
  '0016-raise-search-entries': raiseSearchEntries,
  '0017-create-job-users': createJobUsers,
  '0018-create-roles': createRoles,
  '0019-index-user-roles': indexUserRoles,
  '0020-free-user-roles': freeUserRoles,
};

/** The database was migrated by a newer Muster; this one must not touch it. */
export class NewerSchemaError extends Error {
  constructor(options: { cause: unknown }) {
    super(
      'The database was migrated by a newer version of Muster. Start that version, or restore a backup from before the upgrade.',
      options,
    );
    this.name = 'NewerSchemaError';
  }
}

/**
 * Brings the schema up to date: forwards only, all pending migrations in one transaction, under an advisory
 * lock, so that any number of processes may start at once on one database.
 * @returns the names of the migrations that were applied
 * @throws NewerSchemaError when the database knows migrations that this build does not
 */
export async function migrate(database: Database): Promise<string[]> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'schema_migrations',
    migrationLockTableName: 'schema_migrations_lock',
  });
  const { error, results }: MigrationResultSet = await migrator.migrateToLatest();
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message)) {
    throw new NewerSchemaError({ cause: error });
  }
  if (error) throw error;
  return (results ?? []).map((result) => result.migrationName);
}
