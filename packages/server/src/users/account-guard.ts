import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';

/**
 * Keeps accounts that may do more than a caller out of their hands. Asked by every operation that changes what a user signs in
 * by, shows what signs in as them, or ends what they have; profiles and metadata are everybody's who may change users.
 */
export interface AccountGuard {
  /** Whether the caller may do so to all of these users. */
  mayChange(database: Database, caller: Caller, userIds: readonly string[]): Promise<boolean>;

  /** @throws ApiError 403 when the caller may not */
  assertMayChange(database: Database, caller: Caller, userIds: readonly string[]): Promise<void>;

  /** Those of these users who are administrators: what they sign in by is changed by name, never by a file. */
  listAdministrators(database: Database, userIds: readonly string[]): Promise<ReadonlySet<string>>;

  /** Before users, held by the transaction, are deleted or blocked. @throws ApiError 409 when nobody could take their place */
  assertMayGo(transaction: Database, userIds: readonly string[]): Promise<void>;
}
