import type { Database } from '../platform/database/database.ts';
import { purgeInBatches, startPurging } from '../platform/purging.ts';
import { deleteUserRolesOfDeletedRole, listDeletedRolesWithUsers } from './store.ts';

/** Deletes who had a role that is deleted, role by role. @returns how many rows went */
export async function purgeDeletedRoles(database: Database): Promise<number> {
  let total = 0;
  for (const roleId of await listDeletedRolesWithUsers(database))
    total += await purgeInBatches((limit) => deleteUserRolesOfDeletedRole(database, roleId, limit));
  return total;
}

export function startRoleMaintenance(options: {
  readonly database: Database;
  readonly logger: { error(details: { err: unknown }, message: string): void };
}): { stop(): Promise<void> } {
  return startPurging(
    () => purgeDeletedRoles(options.database),
    (error) => options.logger.error({ err: error }, 'who had deleted roles could not be purged'),
  );
}
