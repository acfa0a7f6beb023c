import { createHash, X509Certificate } from 'node:crypto';
import * as operations from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { toPkcs7 } from './certificate-forms.ts';
import {
  type KeyDependencies,
  listSigningKeyRecords,
  revokeSigningKey,
  rotateSigningKeys,
  SigningKeyNotFoundError,
} from './signing-keys.ts';

type KeyRecord = Awaited<ReturnType<typeof listSigningKeyRecords>>[number];

/** Registers `/keys/signing`. */
export function registerSigningKeyRoutes(api: ManagementApi, dependencies: KeyDependencies): void {
  const list = () => listSigningKeyRecords(dependencies.database);

  api.handle(operations.listSigningKeys, async () => ({
    status: 200,
    body: await Promise.all((await list()).map(presentKey)),
  }));

  api.handle(operations.getSigningKey, async ({ parameters }) => {
    const record = (await list()).find((key) => key.kid === parameters.kid);
    if (!record) throw new SigningKeyNotFoundError();
    return { status: 200, body: await presentKey(record) };
  });

  api.handle(operations.rotateSigningKeys, async ({ caller, summary }) => ({
    status: 201,
    body: await rotateSigningKeys(dependencies, {
      caller,
      summary,
      title: operations.rotateSigningKeys.summary,
    }),
  }));

  api.handle(operations.revokeSigningKey, async ({ parameters, caller, summary }) => ({
    status: 200,
    body: await revokeSigningKey(dependencies, parameters.kid, {
      caller,
      summary,
      title: operations.revokeSigningKey.summary,
    }),
  }));
}

async function presentKey(record: KeyRecord): Promise<Record<string, unknown>> {
  const certificate = new X509Certificate(record.certificate);
  const thumbprint = createHash('sha1').update(certificate.raw).digest('hex').toUpperCase();
  return {
    kid: record.kid,
    cert: record.certificate,
    pkcs7: await toPkcs7(certificate),
    ...(record.status === 'current' ? { current: true } : {}),
    ...(record.status === 'next' ? { next: true } : {}),
    ...(record.status === 'previous' ? { previous: true } : {}),
    ...(record.current_since ? { current_since: record.current_since.toISOString() } : {}),
    ...(record.current_until ? { current_until: record.current_until.toISOString() } : {}),
    fingerprint: thumbprint.match(/../g)?.join(':') ?? thumbprint,
    thumbprint,
    ...(record.revoked_at ? { revoked: true, revoked_at: record.revoked_at.toISOString() } : {}),
  };
}
