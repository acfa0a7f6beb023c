import type { Database } from '../platform/database/database.ts';
import { deviceCodeGrant } from './client-metadata.ts';
import { TokenRefusal } from './errors.ts';
import { pollInterval } from './finish-answers.ts';
import { findPayload, touchPayload } from './store.ts';

/**
 * The callback of the code that is shown, for clients that do not repeat it: the reference wants it only to be the
 * same where it is sent (spec authentication §1.5).
 */
export async function findCallbackOfCode(
  database: Database,
  grantType: string,
  form: URLSearchParams,
): Promise<string | undefined> {
  const code = form.get('code');
  if (grantType !== 'authorization_code' || !code || form.has('redirect_uri')) return undefined;
  const record = await findPayload(database, 'AuthorizationCode', { id: code });
  // An unknown code is refused as such, not for the missing callback.
  return record?.payload.redirectUri ?? 'https://callback.invalid/';
}

/** A device may ask every few seconds (RFC 8628 §3.5). @throws TokenRefusal `slow_down` */
export async function assertNotTooFast(
  database: Database,
  grantType: string,
  form: URLSearchParams,
): Promise<void> {
  const code = form.get('device_code');
  if (grantType !== deviceCodeGrant || !code) return;
  const record = await findPayload(database, 'DeviceCode', { id: code });
  if (!record) return;
  const last = record.details['last_poll'];
  const now = Date.now();
  await touchPayload(database, 'DeviceCode', code, { details: { last_poll: now }, expiresAt: undefined });
  const isWaiting = record.userId === null && record.payload.error === undefined;
  if (isWaiting && typeof last === 'number' && now - last < pollInterval * 1000 - 500)
    throw new TokenRefusal(
      400,
      'slow_down',
      'You are polling faster than the specified interval of 5 seconds.',
    );
}
