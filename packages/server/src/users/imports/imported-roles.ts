import type { LogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { User } from '../user.ts';

/** What an import needs of roles, which belong to a floor above users. */
export interface ImportedRoles {
  /** Ids of the roles that have exactly these names; names of none are missing. */
  findIds(database: Database, names: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** Those of these ids that a role has. */
  listKnown(database: Database, roleIds: readonly string[]): Promise<ReadonlySet<string>>;

  /** Ids of the roles of each of these users who has any. */
  listIds(database: Database, userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;

  /**
   * Gives roles to users whom the transaction has made, with their search entries.
   * @throws RoleGoneError when one of them was deleted meanwhile
   */
  give(transaction: Database, members: readonly RolesOfUser[]): Promise<void>;

  /**
   * Makes these the roles of users whom the transaction holds, with an event in the history of each; their search entries are the
   * caller's to write.
   * @param event what the events have in common
   * @throws RoleGoneError when one of them was deleted meanwhile
   */
  replace(
    transaction: Database,
    changes: readonly (RolesOfUser & { readonly user: User })[],
    event: LogEvent,
  ): Promise<void>;
}

/** A role was deleted while rows that give it were written: nothing of them may stay. */
export class RoleGoneError extends Error {}

export interface RolesOfUser {
  readonly userId: string;
  readonly roleIds: readonly string[];
}
