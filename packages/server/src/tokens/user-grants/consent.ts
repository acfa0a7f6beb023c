import type { ResourceServer } from '../../applications/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { newHexId } from '../../platform/ids.ts';
import { findUserGrant, upsertUserGrant } from './store.ts';

export interface ConsentQuestion {
  readonly userId: string;
  readonly clientId: string;
  readonly isFirstParty: boolean;
  readonly callback: string | undefined;
  readonly api: ResourceServer | undefined;
  /** What would be granted. */
  readonly scope: readonly string[];
  readonly publicUrl: string;
}

/** Whether the user must be asked before the application gets what it wants (spec authentication §1.2). */
export async function needsConsent(database: Database, question: ConsentQuestion): Promise<boolean> {
  const { api, isFirstParty, userId, clientId, scope } = question;
  const isImplied =
    isFirstParty && (!api || ((api.skipsConsentOfFirstParty || api.isSystem) && isVerifiable(question)));
  if (isImplied) return false;
  const grant = await findUserGrant(database, { userId, clientId, audience: api?.identifier ?? '' });
  return !grant || scope.some((name) => !grant.scope.includes(name));
}

/** Keeps what the user allowed, by saying so or by using one of the tenant's own applications. */
export async function keepConsent(database: Database, question: ConsentQuestion): Promise<void> {
  const { userId, clientId, api, scope } = question;
  const audience = api?.identifier ?? '';
  const known = await findUserGrant(database, { userId, clientId, audience });
  if (known && scope.every((name) => known.scope.includes(name))) return;
  await upsertUserGrant(database, { id: newHexId(), userId, clientId, audience, scope });
}

/** Nobody can claim a web address of somebody else, but any program on a device can listen on its localhost. */
function isVerifiable({ callback, publicUrl }: ConsentQuestion): boolean {
  if (callback === undefined || !URL.canParse(callback)) return true; // no browser is sent anywhere
  const url = new URL(callback);
  if (url.origin === publicUrl) return true;
  return /^https?:$/.test(url.protocol) && !/^(localhost|127\..*|\[::1\])$/.test(url.hostname);
}
