import { managementScopes } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import { BeyondReachError } from './errors.ts';
import { type ClientGrantRecord, listGrantsOfAudience } from './grants/store.ts';
import { dashboardClientId } from './management-names.ts';

/**
 * Refuses scopes of the Management API that the caller could not have by themselves: whoever controls a client has what its
 * tokens may do.
 * @throws BeyondReachError
 */
export function assertWithinReach({ reach }: Caller, scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !reach.has(scope));
  if (missing.length > 0) throw new BeyondReachError(missing);
}

/** The scopes that a grant for the Management API gives. */
export function scopesOfGrant({ settings }: Pick<ClientGrantRecord, 'settings'>): readonly string[] {
  if (settings['allow_all_scopes'] === true) return managementScopes;
  return Array.isArray(settings['scope']) ? settings['scope'].map(String) : [];
}

/**
 * Finds out which clients may do more than the caller: by their grants, or as the dashboard, whose tokens may do whatever
 * their holders may.
 * @param audience the Management API's
 * @returns the scopes of a client that the caller lacks
 */
export async function findScopesBeyondReach(
  database: Database,
  audience: string,
  { reach }: Caller,
): Promise<(clientId: string) => readonly string[]> {
  const missing = (scopes: readonly string[]) => scopes.filter((scope) => !reach.has(scope));
  if (missing(managementScopes).length === 0) return () => [];
  const grants = await listGrantsOfAudience(database, audience);
  const beyond = new Map([[dashboardClientId, missing(managementScopes)]]);
  for (const grant of grants) {
    if (grant.clientId === null) continue;
    const known = beyond.get(grant.clientId) ?? [];
    beyond.set(grant.clientId, [...new Set([...known, ...missing(scopesOfGrant(grant))])]);
  }
  return (clientId) => beyond.get(clientId) ?? [];
}

/** @throws BeyondReachError when the client may do more than the caller */
export async function assertClientWithinReach(
  database: Database,
  audience: string,
  caller: Caller,
  clientId: string,
): Promise<void> {
  const beyond = await findScopesBeyondReach(database, audience, caller);
  assertWithinReach(caller, beyond(clientId));
}
