import type { Connection } from '../connections/index.ts';
import { appendLogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { newUserId } from '../platform/ids.ts';
import { identityProfile } from './compose-user.ts';
import { normalizeEmail, uniqueIdentifiers } from './identifiers.ts';
import { currentAlgorithm, hashPassword, type PasswordHashCost } from './passwords/hash.ts';
import { insertPasswordHash } from './passwords/store.ts';
import { findUserIdByIdentifier } from './store.ts';
import { insertUser } from './writes-store.ts';

/**
 * Finds the database user with an e-mail address or makes one, verified, with the given password. For the
 * bootstrap: no policy is asked, the operator chose the password.
 */
export async function ensureUserWithPassword(
  transaction: Database,
  connection: Connection,
  wanted: { readonly email: string; readonly password: string; readonly hashCost: PasswordHashCost },
): Promise<{ userId: string; isNew: boolean }> {
  const email = normalizeEmail(wanted.email, connection);
  const existing = await findUserIdByIdentifier(transaction, connection.id, email);
  if (existing !== undefined) return { userId: existing, isNew: false };
  const id = newUserId();
  const userId = `${connection.strategy}|${id}`;
  await insertUser(transaction, {
    userId,
    email,
    emailVerified: true,
    identity: {
      connectionId: connection.id,
      connection: connection.name,
      provider: connection.strategy,
      userId: id,
      isSocial: false,
      profile: identityProfile({ email, emailVerified: true }),
      ...uniqueIdentifiers({ email }, connection),
    },
  });
  const key = { userId, connectionId: connection.id, providerUserId: id };
  await insertPasswordHash(transaction, key, {
    hash: await hashPassword(wanted.password, wanted.hashCost),
    algorithm: currentAlgorithm,
  });
  await appendLogEvent(transaction, {
    type: 'sapi',
    description: 'Create the first administrator',
    userId,
    userName: email,
  });
  return { userId, isNew: true };
}
