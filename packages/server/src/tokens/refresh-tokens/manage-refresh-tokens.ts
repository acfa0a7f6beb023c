import type { BodyOf, revokeRefreshTokens as revokeOperation } from '@muster/contract';
import { findClient } from '../../applications/index.ts';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import type { Checkpoint } from '../../platform/http/paging.ts';
import { findUser, UserNotFoundError } from '../../users/index.ts';
import { type RefreshPolicy, readClientSettings } from '../client-metadata.ts';
import type { TokenManagementDependencies } from '../management-dependencies.ts';
import { RefreshTokenNotFoundError } from '../management-errors.ts';
import { fromResource, toResource } from '../resource.ts';
import { fromInnerScope } from '../scopes.ts';
import { presentDevice } from '../sessions/present-session.ts';
import {
  deletePayloads,
  listPayloads,
  listRefreshGrants,
  type PayloadRecord,
  updatePayloadDetails,
} from '../store.ts';
import { familyModels } from './revoke-refresh-tokens.ts';

type Presented = Record<string, unknown>;
const model = ['RefreshToken'];

/** @throws RefreshTokenNotFoundError */
export async function getRefreshToken(
  dependencies: TokenManagementDependencies,
  id: string,
): Promise<Presented> {
  const [record] = await listPayloads(dependencies.database, { models: model, grantIds: [id] }, { limit: 1 });
  if (!record) throw new RefreshTokenNotFoundError();
  const present = await createPresenter(dependencies, [record]);
  return present(record);
}

/** A user's live refresh tokens, oldest first, with where each stands in the list. @throws UserNotFoundError */
export async function listRefreshTokens(
  dependencies: TokenManagementDependencies,
  filter: { readonly userId: string; readonly clientId?: string | undefined },
  checkpoint: Checkpoint | undefined,
  limit: number,
): Promise<{ token: Presented; checkpoint: Checkpoint }[]> {
  const { database } = dependencies;
  if (!(await findUser(database, filter.userId))) throw new UserNotFoundError();
  const records = await listPayloads(
    database,
    { models: model, ...filter },
    { limit, ...(checkpoint ? { after: checkpoint } : {}) },
  );
  const present = await createPresenter(dependencies, records);
  return records.map((record) => ({
    token: present(record),
    checkpoint: { createdAt: record.createdAt.toISOString(), id: String(record.grantId) },
  }));
}

/** Replaces what callers keep with a refresh token; `null` removes it. @throws RefreshTokenNotFoundError */
export async function updateRefreshToken(
  dependencies: TokenManagementDependencies,
  id: string,
  metadata: Readonly<Record<string, unknown>> | null,
  context: ChangeContext,
): Promise<Presented> {
  const before = await getRefreshToken(dependencies, id);
  return dependencies.database.transaction().execute(async (transaction) => {
    const filter = { models: model, grantIds: [id] };
    if (!(await updatePayloadDetails(transaction, filter, { metadata })))
      throw new RefreshTokenNotFoundError();
    const after = await getRefreshToken({ ...dependencies, database: transaction }, id);
    const about = { userId: String(after['user_id']) };
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after, about }),
    );
    return after;
  });
}

/** Ends a refresh token with all that came of it; an unknown one is no error. */
export async function deleteRefreshToken(
  { database, guard }: TokenManagementDependencies,
  id: string,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const [record] = await listPayloads(transaction, { models: model, grantIds: [id] }, { limit: 1 });
    if (record?.userId) await guard.assertMayChange(transaction, context.caller, [record.userId]);
    if (record) await deletePayloads(transaction, { models: familyModels, grantIds: [id] });
    const about = record?.userId ? { about: { userId: record.userId } } : {};
    await appendLogEvent(transaction, describeManagementChange({ ...context, statusCode: 204, ...about }));
  });
}

/** Ends all refresh tokens of a user. @throws UserNotFoundError */
export async function deleteUserRefreshTokens(
  { database, guard }: TokenManagementDependencies,
  userId: string,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    if (!(await findUser(transaction, userId))) throw new UserNotFoundError();
    await guard.assertMayChange(transaction, context.caller, [userId]);
    await endFamilies(transaction, { userId });
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 202, about: { userId } }),
    );
  });
}

/** Ends the refresh tokens that the body names; ones that are gone are no error. @throws InvalidBodyError */
export async function revokeRefreshTokens(
  { database, guard }: TokenManagementDependencies,
  body: BodyOf<typeof revokeOperation>,
  context: ChangeContext,
): Promise<void> {
  const { ids, user_id: userId, client_id: clientId, audience } = body;
  if (ids && (userId !== undefined || clientId !== undefined || audience !== undefined))
    throw new InvalidBodyError('Send ids, or any of user_id, client_id and audience.');
  if (!ids && userId === undefined && clientId === undefined)
    throw new InvalidBodyError('audience needs user_id or client_id.');
  await database.transaction().execute(async (transaction) => {
    const named = ids
      ? await listPayloads(transaction, { models: model, grantIds: ids }, { limit: ids.length })
      : [];
    // All of an application are the application's matter, whosever they are.
    const userIds = [userId ?? null, ...named.map((record) => record.userId)].filter((id) => id !== null);
    await guard.assertMayChange(transaction, context.caller, userIds);
    if (ids) await deletePayloads(transaction, { models: familyModels, grantIds: ids });
    else await endFamilies(transaction, { userId, clientId, audience });
    await appendLogEvent(transaction, describeManagementChange({ ...context, statusCode: 202 }));
  });
}

/** Ends the refresh tokens of a user, a client or both, with the tokens that came of them; `audience` narrows. */
export async function endFamilies(
  transaction: Database,
  filter: {
    readonly userId?: string | undefined;
    readonly clientId?: string | undefined;
    readonly audience?: string | undefined;
  },
): Promise<void> {
  const { userId, clientId, audience } = filter;
  const resource = audience === undefined ? undefined : toResource(audience);
  const grantIds = await listRefreshGrants(transaction, { models: model, userId, clientId }, resource);
  await deletePayloads(transaction, { models: familyModels, grantIds });
}

/** Reads the clients of the records once each: how a token ends is their policy. */
async function createPresenter(
  { database, secrets }: TokenManagementDependencies,
  records: readonly PayloadRecord[],
): Promise<(record: PayloadRecord) => Presented> {
  const policies = new Map<string, RefreshPolicy>();
  for (const clientId of new Set(records.map((record) => record.clientId ?? ''))) {
    const client = await findClient(database, secrets, clientId);
    if (client) policies.set(clientId, readClientSettings(client).refresh);
  }
  return (record) => present(record, policies.get(record.clientId ?? ''));
}

function present(record: PayloadRecord, policy: RefreshPolicy | undefined): Presented {
  const { payload, details } = record;
  const issuedAt = payload.iiat ?? payload.iat ?? 0;
  const last = (payload.rotations ?? 0) > 0 ? new Date((payload.iat ?? 0) * 1000).toISOString() : null;
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const resources = [payload.resource ?? []].flat();
  return {
    id: record.grantId,
    user_id: record.userId,
    created_at: at(issuedAt),
    idle_expires_at:
      policy?.idleLifetime !== undefined && record.expiresAt ? record.expiresAt.toISOString() : null,
    expires_at: policy?.absoluteLifetime === undefined ? null : at(issuedAt + policy.absoluteLifetime),
    last_exchanged_at: typeof details['last_exchanged_at'] === 'string' ? details['last_exchanged_at'] : last,
    device: presentDevice(details),
    client_id: record.clientId,
    session_id: record.sessionId,
    rotating: policy?.isRotating ?? false,
    resource_servers: resources.map((resource) => ({
      audience: fromResource(resource),
      scopes: fromInnerScope(payload.scope) ?? '',
    })),
    ...(details['metadata'] ? { refresh_token_metadata: details['metadata'] } : {}),
  };
}
