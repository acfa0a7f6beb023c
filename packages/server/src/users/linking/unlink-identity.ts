import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { PreconditionFailedError, UnownedResourceError } from '../../platform/http/errors.ts';
import { UserNotFoundError } from '../errors.ts';
import { lockUser } from '../locks-store.ts';
import { describeUserOfEvent } from '../log-events.ts';
import { type PresentedIdentity, presentIdentities, presentUser } from '../present-user.ts';
import { findUser } from '../store.ts';
import type { Identity } from '../user.ts';
import { insertUser, updateUserRow } from '../writes-store.ts';
import type { LinkingDependencies } from './dependencies.ts';
import { IdentityNotFoundError, LinkRefusedError, StandaloneUserExistsError } from './errors.ts';
import type { LinkContext } from './link-identity.ts';
import { readProfileData } from './profile-data.ts';
import { movePossessions, takeIdentity } from './store.ts';

/**
 * Makes an identity a user of its own again, with what is cached of its profile, its password and no metadata (spec
 * users-and-search §11.4).
 * @returns the remaining identities as the API shows them, and the user's new version
 * @throws UserNotFoundError, PreconditionFailedError, UnownedResourceError, LinkRefusedError, IdentityNotFoundError,
 *   StandaloneUserExistsError, ProtectedAccountError
 */
export async function unlinkIdentity(
  dependencies: LinkingDependencies,
  userId: string,
  wanted: { readonly provider: string; readonly userId: string },
  context: LinkContext,
): Promise<{ identities: PresentedIdentity[]; version: number }> {
  const { caller } = context;
  if (!caller.scopes.has('update:users') && caller.subject !== userId) throw new UnownedResourceError();
  return dependencies.database.transaction().execute(async (transaction) => {
    const stored = await lockUser(transaction, userId);
    if (!stored) throw new UserNotFoundError();
    if (context.ifMatch && !context.ifMatch.includes(String(stored.version)))
      throw new PreconditionFailedError();
    await dependencies.guard.assertMayChange(transaction, caller, [userId]);
    const [main, ...linked] = stored.identities;
    const isWanted = (identity: Identity) =>
      identity.provider === wanted.provider && identity.userId === wanted.userId;
    const identity = linked.find(isWanted);
    if (!identity) {
      if (main && isWanted(main)) throw new LinkRefusedError('mainIdentity');
      throw new IdentityNotFoundError();
    }
    await detach(transaction, userId, identity);
    const left = await lockUser(transaction, userId);
    if (!left) throw new Error('a locked user is gone');
    const { version } = await updateUserRow(transaction, left);
    const identities = presentIdentities(left);
    const after = presentUser({ ...left, version }, dependencies.presentation);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 200,
        response: identities,
        before: presentUser(stored, dependencies.presentation),
        after,
        about: describeUserOfEvent(stored),
      }),
    );
    return { identities, version };
  });
}

async function detach(transaction: Database, userId: string, identity: Identity): Promise<void> {
  const standaloneId = `${identity.provider}|${identity.userId}`;
  if (await findUser(transaction, standaloneId)) throw new StandaloneUserExistsError(standaloneId);
  const taken = await takeIdentity(transaction, userId, identity);
  await insertUser(transaction, {
    userId: standaloneId,
    ...readProfileData(identity.profile),
    identity: {
      ...identity,
      ...(taken.emailIdentifier === null ? {} : { emailIdentifier: taken.emailIdentifier }),
      ...(taken.usernameIdentifier === null ? {} : { usernameIdentifier: taken.usernameIdentifier }),
      ...(taken.phoneIdentifier === null ? {} : { phoneIdentifier: taken.phoneIdentifier }),
    },
  });
  await movePossessions(transaction, userId, standaloneId, identity, taken.tokens);
}
