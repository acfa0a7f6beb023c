import type { Database } from '../../platform/database/database.ts';
import { currentAlgorithm, hashPassword, isCurrentHash, type PasswordHashCost } from './hash.ts';
import { verifyStoredPassword } from './imported/index.ts';
import { type CredentialKey, findPasswordHash, replaceEqualHash } from './store.ts';

let unknownUserHash: { readonly cost: PasswordHashCost; readonly hash: Promise<string> } | undefined;

/** A hash that nobody's password has, of today's cost. */
function hashOfNobody(cost: PasswordHashCost): Promise<string> {
  if (unknownUserHash?.cost !== cost)
    unknownUserHash = { cost, hash: hashPassword('nobody has this password', cost) };
  return unknownUserHash.hash;
}

/** Characters of the longest password that can be set; the time of some hashes grows with the password. */
const longestPassword = 4096;

export interface PasswordDependencies {
  readonly database: Database;
  /** What hashes of today cost. */
  readonly hashCost: PasswordHashCost;
}

/**
 * Whether the password is the identity's own. A good one whose hash came from elsewhere, or is of older parameters, is
 * hashed anew. Without an identity, or one without a password, it takes as long as with one of today's. The empty
 * password is nobody's, whatever was imported: directories keep the hash of nothing for accounts without a password.
 */
export async function authenticateWithPassword(
  dependencies: PasswordDependencies,
  key: CredentialKey | undefined,
  password: string,
): Promise<boolean> {
  const stored = key && (await findPasswordHash(dependencies.database, key));
  return verifyOwnPassword(dependencies, key, stored, password);
}

/** The same for who has read the hash already. @param stored absent: there is none */
export async function verifyOwnPassword(
  { database, hashCost }: PasswordDependencies,
  key: CredentialKey | undefined,
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const isPossible = password !== '' && password.length <= longestPassword;
  if (!key || stored === undefined || !isPossible) {
    await verifyStoredPassword(password.slice(0, longestPassword), await hashOfNobody(hashCost));
    return false;
  }
  if (!(await verifyStoredPassword(password, stored))) return false;
  if (!isCurrentHash(stored, hashCost)) {
    const hash = await hashPassword(password, hashCost);
    await replaceEqualHash(database, key, stored, { hash, algorithm: currentAlgorithm });
  }
  return true;
}
