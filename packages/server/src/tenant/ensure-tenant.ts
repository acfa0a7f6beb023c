import type { Database } from '../platform/database/database.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { getSecretKeyFingerprint, insertTenant } from './store.ts';

/** The secrets in the database were encrypted with another key. */
export class SecretKeyMismatchError extends Error {
  constructor() {
    super(
      'The secret key is not the one that this database was set up with. Set MUSTER_SECRET_KEY to that key, or restore the file ' +
        'secret-key of the data folder.',
    );
    this.name = 'SecretKeyMismatchError';
  }
}

/**
 * Makes the tenant's row.
 * @returns whether this is the installation's first start
 * @throws SecretKeyMismatchError
 */
export async function ensureTenant(transaction: Database, secrets: SecretBox): Promise<boolean> {
  if (await insertTenant(transaction, secrets.fingerprint)) return true;
  if ((await getSecretKeyFingerprint(transaction)) !== secrets.fingerprint)
    throw new SecretKeyMismatchError();
  return false;
}
