import type { Database } from '../../platform/database/database.ts';
import { countUsersLoggedInSince } from './store.ts';

/** A user is active who logged in during the last 30 days. */
export async function countActiveUsers(database: Database): Promise<number> {
  return countUsersLoggedInSince(database, 30);
}
