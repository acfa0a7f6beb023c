import {
  applyMetadata,
  assertExpected,
  describeUpdate,
  type UpdatedUser,
  type UpdateUserContext,
} from './compose-update.ts';
import type { UserDependencies } from './dependencies.ts';
import { assertProfileSize } from './profile-size.ts';
import { findUserForChange } from './store.ts';
import type { UpdateUserInput } from './update-rules.ts';
import { updateUserRowWithEvent } from './writes-store.ts';

/** Whether nothing but the user's own row, its search entry and one log event has to be written. */
export function changesMetadataAlone(input: UpdateUserInput): boolean {
  return Object.keys(input).every((field) => field === 'user_metadata' || field === 'app_metadata');
}

/**
 * Changes metadata, which most changes are, without holding the user: one statement reads, and one writes unless somebody else
 * has written meanwhile. A transaction that holds the user goes to the database twice as often.
 * @returns undefined when somebody has; nothing is written then
 * @throws UserNotFoundError, PreconditionFailedError, ProfileTooLargeError
 */
export async function updateMetadata(
  dependencies: UserDependencies,
  userId: string,
  input: UpdateUserInput,
  context: UpdateUserContext,
): Promise<UpdatedUser | undefined> {
  const { database } = dependencies;
  const { user: stored, changedAt } = assertExpected(await findUserForChange(database, userId), context);
  const changed = { ...stored };
  applyMetadata(changed, input);
  assertProfileSize(changed, dependencies.config.profileLimit);
  const { user, presented, event } = describeUpdate(dependencies, stored, changed, changedAt, context);
  return (await updateUserRowWithEvent(database, user, event)) ? { user, presented } : undefined;
}
