import type { Caller } from '../platform/http/caller.ts';
import { UnownedResourceError } from '../platform/http/errors.ts';
import type { UserDependencies } from './dependencies.ts';
import { UserNotFoundError } from './errors.ts';
import { type PresentedUser, presentUser } from './present-user.ts';
import { findUser } from './store.ts';

/**
 * Reads one user.
 * @throws UserNotFoundError; UnownedResourceError for a user's own token on another id
 */
export async function getUser(
  dependencies: UserDependencies,
  userId: string,
  caller: Caller,
): Promise<{ presented: PresentedUser; version: number }> {
  const isOwn = caller.subject === userId;
  if (!caller.scopes.has('read:users') && !caller.scopes.has('read:user_idp_tokens') && !isOwn)
    throw new UnownedResourceError();
  const user = await findUser(dependencies.database, userId);
  if (!user) throw new UserNotFoundError();
  return { presented: presentUser(user, dependencies.presentation), version: user.version };
}
