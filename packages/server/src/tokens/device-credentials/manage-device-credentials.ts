import type { BodyOf, createDeviceCredential as createOperation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import type { CountedRows, OffsetPage } from '../../platform/http/paging.ts';
import { newPrefixedId } from '../../platform/ids.ts';
import { type AccountGuard, UserNotFoundError } from '../../users/index.ts';
import type { TokenManagementDependencies } from '../management-dependencies.ts';
import { DeviceCredentialExistsError } from '../management-errors.ts';
import { familyModels } from '../refresh-tokens/revoke-refresh-tokens.ts';
import { deletePayloads, listPayloads } from '../store.ts';
import {
  type DeviceCredential,
  type DeviceFilter,
  deleteDeviceCredentialRow,
  insertDeviceCredential,
  listDeviceCredentialRows,
} from './store.ts';

export const listDeviceCredentials = (
  { database }: TokenManagementDependencies,
  filter: DeviceFilter,
  page: OffsetPage,
): Promise<CountedRows<DeviceCredential>> => listDeviceCredentialRows(database, filter, page);

/** Keeps a public key of a device of the calling user. @throws DeviceCredentialExistsError */
export async function createDeviceCredential(
  { database }: TokenManagementDependencies,
  body: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<{ id: string }> {
  const id = newPrefixedId('dcr');
  const userId = context.caller.subject;
  try {
    await database.transaction().execute(async (transaction) => {
      await insertDeviceCredential(transaction, {
        id,
        userId,
        clientId: body.client_id ?? context.caller.clientId,
        deviceName: body.device_name,
        deviceId: body.device_id,
        value: body.value,
      });
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 201, response: { id }, about: { userId } }),
      );
    });
  } catch (cause) {
    throw translateConflict(cause);
  }
  return { id };
}

function translateConflict(cause: unknown): unknown {
  switch (violatedConstraint(cause)) {
    case 'device_credentials_device_key':
      return new DeviceCredentialExistsError({ cause });
    case 'device_credentials_client_id_fkey':
      return new InvalidBodyError('The client does not exist.');
    case 'device_credentials_user_id_fkey':
      return new UserNotFoundError();
    default:
      return cause;
  }
}

/** Deletes a key, or ends a refresh token; users end their own alone. An unknown one is no error. */
export async function deleteDeviceCredential(
  { database, guard }: TokenManagementDependencies,
  id: string,
  context: ChangeContext,
): Promise<void> {
  const owner = ownerOf(context.caller);
  await database.transaction().execute(async (transaction) => {
    const holder = await deleteDeviceCredentialRow(transaction, id, owner);
    if (holder === undefined) await endRefreshToken(transaction, guard, { id, owner }, context.caller);
    else await guard.assertMayChange(transaction, context.caller, [holder]);
    await appendLogEvent(transaction, describeManagementChange({ ...context, statusCode: 204 }));
  });
}

async function endRefreshToken(
  transaction: Database,
  guard: AccountGuard,
  { id, owner }: { readonly id: string; readonly owner: string | undefined },
  caller: Caller,
): Promise<void> {
  const filter = { grantIds: [id], ...(owner === undefined ? {} : { userId: owner }) };
  const [record] = await listPayloads(transaction, { models: ['RefreshToken'], ...filter }, { limit: 1 });
  if (record?.userId) await guard.assertMayChange(transaction, caller, [record.userId]);
  await deletePayloads(transaction, { models: familyModels, ...filter });
}

function ownerOf(caller: Caller): string | undefined {
  return caller.scopes.has('delete:device_credentials') ? undefined : caller.subject;
}

export function presentDeviceCredential(
  credential: DeviceCredential,
  kind: DeviceFilter['kind'],
): Record<string, unknown> {
  return {
    id: credential.id,
    device_name: credential.deviceName ?? '',
    ...(credential.deviceId === null ? {} : { device_id: credential.deviceId }),
    type: kind === 'public_key' ? kind : credential.isRotating ? 'rotating_refresh_token' : 'refresh_token',
    user_id: credential.userId,
    ...(credential.clientId === null ? {} : { client_id: credential.clientId }),
  };
}
