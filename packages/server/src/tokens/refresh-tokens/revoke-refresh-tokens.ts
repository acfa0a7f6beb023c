import type { Database } from '../../platform/database/database.ts';
import { deletePayloads, listExcessRefreshGrants } from '../store.ts';

/** Live refresh tokens of one user and client (spec authentication §1.5). */
const tokenLimit = 200;
/** All that a family of tokens consists of. */
export const familyModels = ['RefreshToken', 'AccessToken', 'AuthorizationCode', 'DeviceCode', 'Grant'];

/** Keeps the newest refresh tokens of a user at a client; the oldest beyond the limit end with their families. */
export async function pruneRefreshTokens(
  database: Database,
  userId: string,
  clientId: string,
): Promise<void> {
  const grantIds = await listExcessRefreshGrants(database, userId, clientId, tokenLimit);
  if (grantIds.length > 0) await deletePayloads(database, { models: familyModels, grantIds });
}
