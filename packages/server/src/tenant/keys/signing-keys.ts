import type { JWK } from 'jose';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { ApiError } from '../../platform/http/errors.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { makeSigningKey, privateKeyContext } from './make-signing-key.ts';
import {
  insertKey,
  type KeyStatus,
  listKeyRecords,
  lockKeys,
  markKeyRevoked,
  promoteNextKey,
  type SigningKeyRecord,
} from './store.ts';

/** A usable key pair. */
export interface SigningKey {
  readonly kid: string;
  readonly status: KeyStatus;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

export interface KeyDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
}

/** Makes the current and the next key where they are missing. */
export async function ensureSigningKeys(
  transaction: Database,
  secrets: SecretBox,
  options: { readonly publicUrl: string },
): Promise<void> {
  const existing = new Set((await listKeyRecords(transaction)).map((key) => key.status));
  for (const status of ['current', 'next'] as const) {
    if (!existing.has(status))
      await insertKey(transaction, await makeSigningKey(secrets, options.publicUrl, status));
  }
}

/** Every key that tokens may still be verified with; the current one signs. Revoked keys are left out. */
export async function loadSigningKeys(database: Database, secrets: SecretBox): Promise<SigningKey[]> {
  const records = (await listKeyRecords(database)).filter((record) => record.status !== 'revoked');
  return records.map((record) => ({
    kid: record.kid,
    status: record.status,
    publicJwk: record.public_jwk,
    privateJwk: {
      ...JSON.parse(secrets.decrypt(record.private_key, privateKeyContext(record.kid))),
      kid: record.kid,
      alg: 'RS256',
      use: 'sig',
    },
  }));
}

/** The certificate of the current key, PEM; what clients show as the tenant's. */
export async function currentCertificate(database: Database): Promise<{ certificate: string } | undefined> {
  const record = (await listKeyRecords(database)).find((key) => key.status === 'current');
  return record && { certificate: record.certificate };
}

/** All keys as records, for presentation. */
export const listSigningKeyRecords = (database: Database): Promise<SigningKeyRecord[]> =>
  listKeyRecords(database);

/** Next becomes current, and a new next is made. Verifiers know it already: next was published before. */
export async function rotateSigningKeys(
  dependencies: KeyDependencies,
  context: ChangeContext,
): Promise<{ cert: string; kid: string }> {
  const fresh = await makeSigningKey(dependencies.secrets, dependencies.publicUrl, 'next');
  return dependencies.database.transaction().execute(async (transaction) => {
    await lockKeys(transaction);
    await promoteNextKey(transaction);
    await insertKey(transaction, fresh);
    const current = (await listKeyRecords(transaction)).find((key) => key.status === 'current');
    if (!current) throw new Error('no signing key is current after a rotation');
    const answer = { cert: current.certificate, kid: current.kid };
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 201, response: answer }),
    );
    return answer;
  });
}

/**
 * Revokes a previous key for good.
 * @throws SigningKeyNotFoundError, SigningKeyInUseError
 */
export async function revokeSigningKey(
  dependencies: KeyDependencies,
  kid: string,
  context: ChangeContext,
): Promise<{ cert: string; kid: string }> {
  return dependencies.database.transaction().execute(async (transaction) => {
    await lockKeys(transaction);
    const record = (await listKeyRecords(transaction)).find((key) => key.kid === kid);
    if (!record) throw new SigningKeyNotFoundError();
    if (record.status === 'current' || record.status === 'next') throw new SigningKeyInUseError();
    await markKeyRevoked(transaction, kid);
    const answer = { cert: record.certificate, kid };
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: answer }),
    );
    return answer;
  });
}

export class SigningKeyNotFoundError extends ApiError {
  constructor() {
    super(404, 'inexistent_key', 'The signing key does not exist.');
  }
}

export class SigningKeyInUseError extends ApiError {
  constructor() {
    super(400, 'operation_not_supported', 'Only a previous signing key can be revoked. Rotate first.');
  }
}
