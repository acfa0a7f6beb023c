import { dashboardClientId, findClientGrant } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Caller, TokenHolder } from '../platform/http/caller.ts';
import { SuspendedCallerError } from './errors.ts';
import { scopesOfRole } from './roles.ts';
import { findAdministratorRole, findStanding } from './store.ts';

/** Scopes that let people read and change themselves: everybody has those that their token names. */
const isOwn = (scope: string) => scope.includes(':current_user');

/**
 * The scopes of the Management API that a user has as an administrator, in a token for this client; none for everybody else.
 * Applications but the dashboard get them where a client grant says so, or any site that an administrator signs in to could
 * act as them.
 * @param audience the Management API's
 */
export async function listAdministratorScopes(
  database: Database,
  userId: string,
  { clientId, audience }: { readonly clientId: string; readonly audience: string },
): Promise<readonly string[]> {
  const role = await findAdministratorRole(database, userId);
  if (role === undefined) return [];
  const scopes = [...scopesOfRole[role]];
  if (clientId === dashboardClientId) return scopes;
  const granted = (await findClientGrant(database, clientId, audience, 'user'))?.scopes ?? [];
  return granted === 'all' ? scopes : scopes.filter((scope) => granted.includes(scope));
}

/**
 * Holds a person's token against what they may do now: a role that was taken, or a block, counts at once and not when the token
 * expires. Machines have the scopes that they come with.
 * @throws SuspendedCallerError when the person is gone or blocked
 */
export async function narrowToStanding(database: Database, holder: TokenHolder): Promise<Caller> {
  // Exactly: a user's id may end like this too.
  if (holder.subject === `${holder.clientId}@clients`)
    return { ...holder, reach: reachOfMachine(holder.scopes), isReadOnly: false };
  const standing = await findStanding(database, holder.subject);
  if (!standing) throw new SuspendedCallerError();
  const ofRole = standing.role === null ? noScopes : scopesOfRole[standing.role];
  const scopes = new Set([...holder.scopes].filter((scope) => isOwn(scope) || ofRole.has(scope)));
  return { ...holder, scopes, reach: ofRole, isReadOnly: standing.role === 'auditor' };
}

const noScopes: ReadonlySet<string> = new Set();
/** By the scopes of a token, which live as long as the token is remembered. */
const machineReaches = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/**
 * Machines hand on whatever administrators may, as the reference lets them. What is the owners' they need to hold themselves:
 * every administrator can make a machine.
 */
function reachOfMachine(scopes: ReadonlySet<string>): ReadonlySet<string> {
  const known = machineReaches.get(scopes);
  if (known) return known;
  const reach = new Set([...scopesOfRole.administrator, ...scopes]);
  machineReaches.set(scopes, reach);
  return reach;
}
