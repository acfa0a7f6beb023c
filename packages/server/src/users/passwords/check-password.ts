import type { PasswordPolicy } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { PasswordRefusedError } from '../errors.ts';
import { isCommonPassword } from './dictionary.ts';
import { verifyStoredPassword } from './imported/index.ts';
import { containsPersonalData, judgeStrength, type PersonalData } from './policy.ts';
import { type CredentialKey, listPasswordHashes } from './store.ts';

/**
 * Holds a new password against the connection's policy: strength, dictionary, personal data and, for an
 * existing user, history. Outside any transaction: comparing with old hashes takes milliseconds of CPU each.
 * @throws PasswordRefusedError naming the first rule that was broken
 */
export async function checkPassword(
  database: Database,
  password: string,
  policy: PasswordPolicy,
  person: PersonalData,
  existing?: CredentialKey,
): Promise<void> {
  const verdict = judgeStrength(password, policy);
  if (!verdict.verified) throw new PasswordRefusedError('PasswordStrengthError', verdict);
  if (
    policy.dictionary &&
    (await isCommonPassword(password, policy.dictionary.size, policy.dictionary.words))
  ) {
    throw new PasswordRefusedError('PasswordDictionaryError');
  }
  if (policy.refusesPersonalData && containsPersonalData(password, person, policy.personalFields)) {
    throw new PasswordRefusedError('PasswordNoUserInfoError');
  }
  if (existing && policy.historySize > 0) {
    // The current password is the first of the last n.
    const hashes = await listPasswordHashes(database, existing, policy.historySize - 1);
    for (const hash of hashes) {
      if (await verifyStoredPassword(password, hash)) throw new PasswordRefusedError('PasswordHistoryError');
    }
  }
}
