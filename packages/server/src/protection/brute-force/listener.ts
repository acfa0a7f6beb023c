import type { Database } from '../../platform/database/database.ts';
import type { User, UserListener } from '../../users/index.ts';
import { deleteFailures } from './failures-store.ts';
import { listLoginNames } from './login-key.ts';

/**
 * Forgets wrong passwords, and with them blocks, where what they were counted for is over: another password, a name that was
 * nobody's and is somebody's now, a user who is gone.
 */
export function createBruteForceListener(): UserListener {
  const forget = async (transaction: Database, { user }: { readonly user: User }) => {
    await deleteFailures(transaction, listLoginNames(user));
  };
  return { userCreated: forget, passwordChanged: forget, userDeleted: forget };
}
