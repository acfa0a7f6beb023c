import { randomBytes } from 'node:crypto';
import type { Connection } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { ensureUserWithPassword, type PasswordHashCost } from '../users/index.ts';
import { countAdministrators, insertAdministrator } from './store.ts';

/**
 * Makes the first administrator, with the role `owner`, when there is none yet. Meant for the bootstrap
 * transaction. A user who exists under the address becomes the administrator and keeps their password.
 * @returns the address and the password to tell the operator once, if one was made up; otherwise undefined
 */
export async function ensureAdministrator(
  transaction: Database,
  wanted: {
    readonly email: string;
    readonly password: string | undefined;
    readonly hashCost: PasswordHashCost;
    readonly connection: Connection;
  },
): Promise<{ email: string; password: string } | undefined> {
  if ((await countAdministrators(transaction)) > 0) return undefined;
  const password = wanted.password ?? randomBytes(15).toString('base64url');
  const { userId, isNew } = await ensureUserWithPassword(transaction, wanted.connection, {
    email: wanted.email,
    password,
    hashCost: wanted.hashCost,
  });
  await insertAdministrator(transaction, userId, 'owner');
  return wanted.password === undefined && isNew ? { email: wanted.email, password } : undefined;
}
