import type { Database } from '../../platform/database/database.ts';
import { currentAlgorithm, hashPassword, isCurrentHash } from './hash.ts';
import { verifyStoredPassword } from './imported/index.ts';
import { type CredentialKey, findPasswordHash, replaceEqualHash } from './store.ts';

let unknownUserHash: Promise<string> | undefined;

/** Characters of the longest password that can be set; the time of some hashes grows with the password. */
const longestPassword = 4096;

/**
 * Whether the password is the identity's own. A good one whose hash came from elsewhere, or is of older parameters, is
 * hashed anew. Without an identity, or one without a password, it takes as long as with one of today's. The empty
 * password is nobody's, whatever was imported: directories keep the hash of nothing for accounts without a password.
 */
export async function authenticateWithPassword(
  database: Database,
  key: CredentialKey | undefined,
  password: string,
): Promise<boolean> {
  const stored = key && (await findPasswordHash(database, key));
  return verifyOwnPassword(database, key, stored, password);
}

/** The same for who has read the hash already. @param stored absent: there is none */
export async function verifyOwnPassword(
  database: Database,
  key: CredentialKey | undefined,
  stored: string | undefined,
  password: string,
): Promise<boolean> {
  const isPossible = password !== '' && password.length <= longestPassword;
  if (!key || stored === undefined || !isPossible) {
    unknownUserHash ??= hashPassword('nobody has this password');
    await verifyStoredPassword(password.slice(0, longestPassword), await unknownUserHash);
    return false;
  }
  if (!(await verifyStoredPassword(password, stored))) return false;
  if (!isCurrentHash(stored)) {
    const hash = await hashPassword(password);
    await replaceEqualHash(database, key, stored, { hash, algorithm: currentAlgorithm });
  }
  return true;
}
