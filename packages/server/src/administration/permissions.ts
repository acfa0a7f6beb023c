import { managementScopes } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import { findAdministratorRole } from './store.ts';

/** What each role lets its holder do at the Management API. */
const scopesOfRole = {
  owner: () => true,
  administrator: () => true,
  support: (scope: string) =>
    /^read:/.test(scope) ||
    [
      'update:users',
      'create:user_tickets',
      'delete:sessions',
      'delete:refresh_tokens',
      'delete:grants',
    ].includes(scope),
  auditor: (scope: string) => /^read:/.test(scope) && !/keys|secrets|idp_tokens/.test(scope),
} as const;

/** The scopes of the Management API that a user has as an administrator; none for everybody else. */
export async function listAdministratorScopes(
  database: Database,
  userId: string,
): Promise<readonly string[]> {
  const role = await findAdministratorRole(database, userId);
  return role === undefined ? [] : managementScopes.filter(scopesOfRole[role]);
}
