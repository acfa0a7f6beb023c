import { managementScopes } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import { SuspendedCallerError } from './errors.ts';
import { type AdministratorRole, findAdministratorRole, findStanding } from './store.ts';

/** What each role lets its holder do at the Management API. */
const scopesOfRole: Readonly<Record<AdministratorRole, (scope: string) => boolean>> = {
  owner: () => true,
  administrator: (scope: string) => scope !== 'update:administrators',
  support: (scope: string) =>
    isReading(scope) ||
    [
      'update:users',
      'create:user_tickets',
      'delete:sessions',
      'delete:refresh_tokens',
      'delete:grants',
    ].includes(scope),
  auditor: isReading,
};
/** Reads, and no secret that would open more than it shows. */
function isReading(scope: string): boolean {
  return /^read:/.test(scope) && !/keys|secrets|idp_tokens/.test(scope);
}

/** Scopes that let people read and change themselves: everybody has those that their token names. */
const isOwn = (scope: string) => scope.includes(':current_user');

/** The scopes of the Management API that a user has as an administrator; none for everybody else. */
export async function listAdministratorScopes(
  database: Database,
  userId: string,
): Promise<readonly string[]> {
  const role = await findAdministratorRole(database, userId);
  return role === undefined ? [] : managementScopes.filter(scopesOfRole[role]);
}

/**
 * Holds a person's token against what they may do now: a role that was taken, or a block, counts at once and not when the token
 * expires. Machines pass as they are.
 * @throws SuspendedCallerError when the person is gone or blocked
 */
export async function narrowToStanding(database: Database, caller: Caller): Promise<Caller> {
  if (caller.subject.endsWith('@clients')) return caller;
  const standing = await findStanding(database, caller.subject);
  if (!standing) throw new SuspendedCallerError();
  const { role } = standing;
  const scopes = [...caller.scopes].filter(
    (scope) => isOwn(scope) || (role !== null && scopesOfRole[role](scope)),
  );
  return { ...caller, scopes: new Set(scopes) };
}
