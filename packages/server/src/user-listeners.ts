import { createMessageListener, type QueueDependencies } from './messages/index.ts';
import { createBruteForceListener } from './protection/index.ts';
import { createAccessListener } from './tokens/index.ts';
import type { UserListener } from './users/index.ts';

/** Who is told of changes of users, whichever process makes them. */
export function createUserListeners(dependencies: QueueDependencies): readonly UserListener[] {
  return [createMessageListener(dependencies), createAccessListener(), createBruteForceListener()];
}
