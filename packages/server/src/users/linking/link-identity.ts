import type { BodyOf, linkIdentity as operation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import {
  InvalidBodyError,
  PreconditionFailedError,
  UnownedResourceError,
} from '../../platform/http/errors.ts';
import { UserNotFoundError } from '../errors.ts';
import { lockUser, lockUsers } from '../locks-store.ts';
import { describeUserOfEvent } from '../log-events.ts';
import { type PresentedIdentity, presentIdentities, presentUser } from '../present-user.ts';
import { primaryIdentity, type User } from '../user.ts';
import { deleteUserRow, updateIdentityProfile, updateUserRow } from '../writes-store.ts';
import type { LinkingDependencies } from './dependencies.ts';
import { IdentityAlreadyLinkedError, LinkProofRequiredError, LinkRefusedError } from './errors.ts';
import { composeProfileData } from './profile-data.ts';
import { readLinkToken } from './read-link-token.ts';
import { findIdentityPlaces, isConnectionConfigured, moveIdentities } from './store.ts';

export interface LinkContext extends ChangeContext {
  readonly ifMatch?: readonly string[] | undefined;
}

/**
 * Makes another user's identities further ones of this user (spec users-and-search §11): the other user, their metadata, sessions
 * and tokens are gone, and whoever signs in by one of those identities is this user.
 * @returns the identities of the user as the API shows them, and the user's new version
 * @throws UserNotFoundError, PreconditionFailedError, UnownedResourceError, InvalidBodyError, LinkRefusedError,
 *   LinkProofRequiredError, IdentityAlreadyLinkedError, ProtectedAccountError, LastOwnerError
 */
export async function linkIdentity(
  dependencies: LinkingDependencies,
  userId: string,
  input: BodyOf<typeof operation>,
  context: LinkContext,
): Promise<{ identities: PresentedIdentity[]; version: number }> {
  assertMayLink(context.caller, userId, input);
  return dependencies.database.transaction().execute(async (transaction) => {
    const otherId = await findOther(dependencies, transaction, userId, input, context.caller);
    const locked = await lockUsers(transaction, [userId, otherId]);
    const stored = locked.find((user) => user.userId === userId);
    const other = locked.find((user) => user.userId === otherId);
    if (!stored) throw new UserNotFoundError();
    if (!other) throw new LinkRefusedError('unknownAccount');
    if (context.ifMatch && !context.ifMatch.includes(String(stored.version)))
      throw new PreconditionFailedError();
    await dependencies.guard.assertMayChange(transaction, context.caller, [userId, otherId]);
    await dependencies.guard.assertMayGo(transaction, [otherId]);
    return mergeUsers(dependencies, transaction, stored, other, context);
  });
}

function assertMayLink(caller: Caller, userId: string, input: BodyOf<typeof operation>): void {
  const { link_with: proof, ...named } = input;
  if (proof !== undefined && Object.keys(named).length > 0)
    throw new InvalidBodyError('link_with goes alone: leave out provider, user_id and connection_id.');
  if (proof === undefined && (named.provider === undefined || named.user_id === undefined))
    throw new InvalidBodyError(
      'Name the account by provider and user_id, or send its ID token as link_with.',
    );
  if (caller.scopes.has('update:users')) return;
  if (caller.subject !== userId) throw new UnownedResourceError();
  if (proof === undefined) throw new LinkProofRequiredError();
}

/** The id of the user whose account is to be linked. */
async function findOther(
  dependencies: LinkingDependencies,
  transaction: Database,
  userId: string,
  input: BodyOf<typeof operation>,
  caller: Caller,
): Promise<string> {
  if (input.link_with !== undefined) {
    const subject = await readLinkToken(input.link_with, {
      issuer: `${dependencies.presentation.publicUrl}/`,
      clientId: caller.clientId,
      getKeys: dependencies.getKeys,
    });
    if (subject === userId) throw new LinkRefusedError('sameUser');
    return subject;
  }
  const { provider = '', user_id: sent = '', connection_id: connectionId } = input;
  const id = sent.startsWith(`${provider}|`) ? sent.slice(provider.length + 1) : sent;
  const places = await findIdentityPlaces(transaction, { provider, userId: id, connectionId });
  const [place, another] = places;
  if (!place) {
    if (!(await isConnectionConfigured(transaction, provider, connectionId)))
      throw new LinkRefusedError('unknownConnection');
    throw new LinkRefusedError('unknownIdentity');
  }
  if (another)
    throw new InvalidBodyError(
      'Several connections of this provider have the id: name one by connection_id.',
    );
  if (place.ownerId === userId && place.position === 0) throw new LinkRefusedError('sameUser');
  if (place.position > 0) throw new IdentityAlreadyLinkedError();
  return place.ownerId;
}

async function mergeUsers(
  dependencies: LinkingDependencies,
  transaction: Database,
  stored: User,
  other: User,
  context: LinkContext,
): Promise<{ identities: PresentedIdentity[]; version: number }> {
  const identity = primaryIdentity(other);
  await updateIdentityProfile(transaction, other.userId, identity, composeProfileData(other, identity));
  const own = primaryIdentity(stored);
  if (stored.identities.length === 1)
    await updateIdentityProfile(transaction, stored.userId, own, composeProfileData(stored, own));
  await moveIdentities(transaction, other.userId, stored.userId);
  await deleteUserRow(transaction, other.userId);
  const joined = await lockUser(transaction, stored.userId);
  if (!joined) throw new Error('a locked user is gone');
  const { version } = await updateUserRow(transaction, joined);
  const identities = presentIdentities(joined);
  const details = {
    ...context,
    before: presentUser(stored, dependencies.presentation),
    after: presentUser({ ...joined, version }, dependencies.presentation),
    about: describeUserOfEvent(stored),
  };
  await appendLogEvent(
    transaction,
    describeManagementChange({ ...details, statusCode: 201, response: identities }),
  );
  return { identities, version };
}
