import type {
  BodyOf,
  createClientGrant as createOperation,
  listClientGrants as listOperation,
  QueryOf,
  updateClientGrant as updateOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { readList } from '../../platform/http/paging.ts';
import { newPrefixedId } from '../../platform/ids.ts';
import { listScopes } from '../apis/resource-servers.ts';
import { findResourceServerRecord } from '../apis/store.ts';
import { findClientRecord } from '../clients/store.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import {
  ClientGrantExistsError,
  ClientGrantNotFoundError,
  ClientNotFoundError,
  ResourceServerNotFoundError,
  SystemClientGrantError,
  UnsuitableClientError,
} from '../errors.ts';
import { managementAudience } from '../management-names.ts';
import { assertWithinReach, scopesOfGrant } from '../reach.ts';
import {
  type ClientGrantFilter,
  type ClientGrantRecord,
  deleteClientGrantRow,
  findClientGrantRecord,
  findGrantOfClient,
  insertClientGrant,
  listClientGrantRecords,
  listClientGrantRecordsAfter,
  lockClientGrantRecord,
  updateClientGrantRow,
} from './store.ts';

type PresentedGrant = Record<string, unknown>;

export function listClientGrants(
  dependencies: ApplicationDependencies,
  query: QueryOf<typeof listOperation>,
  url: URL,
): Promise<{ body: unknown; headers: Record<string, string> }> {
  const filter: ClientGrantFilter = {
    ...(query.audience === undefined ? {} : { audience: query.audience }),
    ...(query.client_id === undefined ? {} : { clientId: query.client_id }),
    ...(query.subject_type === undefined ? {} : { subjectType: query.subject_type }),
    ...(query.default_for === undefined ? {} : { defaultFor: query.default_for }),
    ...(query.allow_any_organization === undefined
      ? {}
      : { allowAnyOrganization: query.allow_any_organization }),
  };
  const { database } = dependencies;
  return readList(
    {
      readByOffset: (page) => listClientGrantRecords(database, filter, page),
      readAfter: (checkpoint, limit) => listClientGrantRecordsAfter(database, filter, checkpoint, limit),
    },
    { key: 'client_grants', query, url, hasLinkHeader: true, present: presentGrant },
  );
}

/** @throws ClientGrantNotFoundError */
export async function getClientGrant(
  dependencies: ApplicationDependencies,
  id: string,
): Promise<PresentedGrant> {
  const record = await findClientGrantRecord(dependencies.database, id);
  if (!record) throw new ClientGrantNotFoundError();
  return presentGrant(record);
}

/** @throws ClientNotFoundError, UnsuitableClientError, ResourceServerNotFoundError, ClientGrantExistsError, InvalidBodyError, BeyondReachError */
export async function createClientGrant(
  dependencies: ApplicationDependencies,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedGrant> {
  const { client_id: clientId, audience, subject_type: subjectType = 'client', ...sent } = input;
  const { database } = dependencies;
  if (clientId === undefined && sent.default_for === undefined)
    throw new InvalidBodyError("Payload validation error: 'Missing required property: client_id'.");
  if (clientId !== undefined && sent.default_for !== undefined)
    throw new InvalidBodyError('Cannot set both client_id and default_for');
  if (clientId !== undefined) {
    const client = await findClientRecord(database, clientId);
    if (!client) throw new ClientNotFoundError();
    if (client.appType === 'express_configuration') throw new UnsuitableClientError(client.appType);
  }
  await assertScopesOfApi(database, audience, sent.scope);
  const settings = withConsistentScopes({}, sent);
  assertMayGive(dependencies, context.caller, { audience, settings });
  const record: ClientGrantRecord = {
    id: newPrefixedId('cgr'),
    clientId: clientId ?? null,
    audience,
    subjectType,
    isSystem: false,
    settings,
  };
  const after = presentGrant(record);
  try {
    await database.transaction().execute(async (transaction) => {
      await insertClientGrant(transaction, record);
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 201, response: after, after }),
      );
    });
  } catch (cause) {
    throw translateConflict(cause);
  }
  return after;
}

/** @throws ClientGrantNotFoundError, SystemClientGrantError, InvalidBodyError, BeyondReachError */
export async function updateClientGrant(
  dependencies: ApplicationDependencies,
  id: string,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<PresentedGrant> {
  return dependencies.database.transaction().execute(async (transaction) => {
    const stored = await lockClientGrantRecord(transaction, id);
    if (!stored) throw new ClientGrantNotFoundError();
    if (stored.isSystem) throw new SystemClientGrantError();
    await assertScopesOfApi(transaction, stored.audience, input.scope ?? undefined);
    const changed = { ...stored, settings: withConsistentScopes(stored.settings, input) };
    assertMayGive(dependencies, context.caller, stored);
    assertMayGive(dependencies, context.caller, changed);
    await updateClientGrantRow(transaction, changed);
    const [before, after] = [presentGrant(stored), presentGrant(changed)];
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
    );
    return after;
  });
}

/** An unknown grant is no error. @throws SystemClientGrantError, BeyondReachError */
export async function deleteClientGrant(
  dependencies: ApplicationDependencies,
  id: string,
  context: ChangeContext,
): Promise<void> {
  await dependencies.database.transaction().execute(async (transaction) => {
    const stored = await lockClientGrantRecord(transaction, id);
    if (!stored) return;
    if (stored.isSystem) throw new SystemClientGrantError();
    assertMayGive(dependencies, context.caller, stored);
    await deleteClientGrantRow(transaction, id);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 204, before: presentGrant(stored), after: {} }),
    );
  });
}

/**
 * The scopes that a client may have at an API; `undefined` without a grant.
 * @param subjectType `client`: by client credentials; `user`: on behalf of a user
 */
export async function findClientGrant(
  database: Database,
  clientId: string,
  audience: string,
  subjectType: 'client' | 'user' = 'client',
): Promise<GrantedScopes | undefined> {
  const record = await findGrantOfClient(database, clientId, audience, subjectType);
  return record && readGrantedScopes(record);
}

export interface GrantedScopes {
  readonly scopes: readonly string[] | 'all';
}

export function readGrantedScopes({ settings }: ClientGrantRecord): GrantedScopes {
  const { allow_all_scopes: allowsAll, scope } = settings;
  return { scopes: allowsAll === true ? 'all' : Array.isArray(scope) ? scope.map(String) : [] };
}

/** `allow_all_scopes` and `scope` exclude each other; setting one takes the other away. */
function withConsistentScopes(
  stored: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (change['allow_all_scopes'] === true && Array.isArray(change['scope'])) {
    throw new InvalidBodyError('Cannot set both scope and allow_all_scopes');
  }
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  if (change['allow_all_scopes'] === true) merged.delete('scope');
  if (Array.isArray(change['scope'])) merged.delete('allow_all_scopes');
  return Object.fromEntries(merged);
}

/** A grant for the Management API is its caller's to make, change and delete as far as they have its scopes. */
function assertMayGive(
  { publicUrl }: ApplicationDependencies,
  caller: Caller,
  grant: Pick<ClientGrantRecord, 'audience' | 'settings'>,
): void {
  if (grant.audience === managementAudience(publicUrl)) assertWithinReach(caller, scopesOfGrant(grant));
}

/** A grant of a scope that the API lacks would silently do nothing. */
async function assertScopesOfApi(
  database: Database,
  audience: string,
  scopes: readonly string[] | undefined,
): Promise<void> {
  const api = await findResourceServerRecord(database, audience);
  if (!api || api.identifier !== audience) throw new ResourceServerNotFoundError();
  const known = new Set(listScopes(api));
  const unknown = (scopes ?? []).filter((scope) => !known.has(scope));
  if (unknown.length > 0)
    throw new InvalidBodyError(
      `The following scopes are not defined at the resource server ${audience}: ${unknown.join(', ')}`,
    );
}

function presentGrant(record: ClientGrantRecord): PresentedGrant {
  const showsNoScope = record.settings['scope'] !== undefined || record.settings['allow_all_scopes'] === true;
  return {
    id: record.id,
    ...(record.clientId === null ? {} : { client_id: record.clientId }),
    audience: record.audience,
    ...(showsNoScope ? {} : { scope: [] }),
    ...record.settings,
    subject_type: record.subjectType,
    ...(record.isSystem ? { is_system: true } : {}),
  };
}

function translateConflict(cause: unknown): unknown {
  switch (violatedConstraint(cause)) {
    case 'client_grants_client_audience_key':
      return new ClientGrantExistsError({ cause });
    case 'client_grants_client_id_fkey':
      return new ClientNotFoundError();
    case 'client_grants_audience_fkey':
      return new ResourceServerNotFoundError();
    default:
      return cause;
  }
}
