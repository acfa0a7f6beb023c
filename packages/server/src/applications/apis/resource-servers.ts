import type {
  BodyOf,
  createResourceServer as createOperation,
  listResourceServers as listOperation,
  QueryOf,
  updateResourceServer as updateOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { compileFieldSelection, type FieldSelection } from '../../platform/http/field-selection.ts';
import { readList } from '../../platform/http/paging.ts';
import { newClientSecret, newHexId } from '../../platform/ids.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import {
  ResourceServerExistsError,
  ResourceServerNotFoundError,
  SystemResourceServerError,
} from '../errors.ts';
import {
  deletePermissionsBeyond,
  deleteResourceServerRow,
  findResourceServerRecord,
  insertResourceServer,
  listResourceServerRecords,
  lockResourceServerRecord,
  type ResourceServerRecord,
  updateResourceServerRow,
} from './store.ts';

type PresentedApi = Record<string, unknown>;

/** What creation fills in (spec management-api §1.9). */
export const defaultApiSettings = {
  allow_offline_access: false,
  skip_consent_for_verifiable_first_party_clients: false,
  subject_type_authorization: { client: { policy: 'require_client_grant' }, user: { policy: 'allow_all' } },
  token_lifetime: 86_400,
  token_lifetime_for_web: 7_200,
  signing_alg: 'RS256',
};

const secretContext = (id: string) => `resource_servers.signing_secret:${id}`;

export function listResourceServers(
  dependencies: ApplicationDependencies,
  query: QueryOf<typeof listOperation>,
  context: { readonly caller: Caller; readonly url: URL },
): Promise<{ body: unknown; headers: Record<string, string> }> {
  const select = compileFieldSelection(query);
  return readList(
    { readByOffset: (page) => listResourceServerRecords(dependencies.database, query.identifiers, page) },
    {
      key: 'resource_servers',
      query,
      url: context.url,
      hasLinkHeader: true,
      present: (record) => select(presentApi(record, dependencies.secrets)),
    },
  );
}

/** @throws ResourceServerNotFoundError */
export async function getResourceServer(
  dependencies: ApplicationDependencies,
  idOrIdentifier: string,
  selection: FieldSelection,
): Promise<PresentedApi> {
  const record = await findResourceServerRecord(dependencies.database, idOrIdentifier);
  if (!record) throw new ResourceServerNotFoundError();
  return compileFieldSelection(selection)(presentApi(record, dependencies.secrets));
}

/** @throws ResourceServerExistsError, InvalidBodyError */
export async function createResourceServer(
  dependencies: ApplicationDependencies,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedApi> {
  assertDistinctScopes(input.scopes);
  const { identifier, name = null, signing_secret: sentSecret, ...sent } = input;
  const id = newHexId();
  const needsSecret = input.signing_alg === 'HS256';
  const secret = sentSecret ?? (needsSecret ? newClientSecret() : undefined);
  const record: ResourceServerRecord = {
    id,
    identifier,
    name,
    isSystem: false,
    signingSecret: secret === undefined ? null : dependencies.secrets.encrypt(secret, secretContext(id)),
    settings: mergeSettings(defaultApiSettings, sent),
  };
  const after = presentApi(record, dependencies.secrets);
  try {
    await dependencies.database.transaction().execute(async (transaction) => {
      await insertResourceServer(transaction, record);
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 201, response: after, after }),
      );
    });
  } catch (cause) {
    throw violatedConstraint(cause) === 'resource_servers_identifier_key'
      ? new ResourceServerExistsError({ cause })
      : cause;
  }
  return after;
}

/** @throws ResourceServerNotFoundError, SystemResourceServerError, InvalidBodyError */
export async function updateResourceServer(
  dependencies: ApplicationDependencies,
  idOrIdentifier: string,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<PresentedApi> {
  assertDistinctScopes(input.scopes);
  const { secrets } = dependencies;
  return dependencies.database.transaction().execute(async (transaction) => {
    const stored = await lockResourceServerRecord(transaction, idOrIdentifier);
    if (!stored) throw new ResourceServerNotFoundError();
    if (stored.isSystem) throw new SystemResourceServerError();
    const { name = stored.name, signing_secret: sentSecret, ...sent } = input;
    const settings = mergeSettings(stored.settings, sent);
    const isNewlySymmetric = settings['signing_alg'] === 'HS256' && stored.signingSecret === null;
    const secret = sentSecret ?? (isNewlySymmetric ? newClientSecret() : undefined);
    const changed = {
      ...stored,
      name,
      settings,
      signingSecret:
        secret === undefined ? stored.signingSecret : secrets.encrypt(secret, secretContext(stored.id)),
    };
    await updateResourceServerRow(transaction, changed);
    if (input.scopes) await deletePermissionsBeyond(transaction, stored.id, listScopes(changed));
    const [before, after] = [presentApi(stored, secrets), presentApi(changed, secrets)];
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
    );
    return after;
  });
}

/** Deletes an API with its grants; an unknown one is no error. @throws SystemResourceServerError */
export async function deleteResourceServer(
  dependencies: ApplicationDependencies,
  idOrIdentifier: string,
  context: ChangeContext,
): Promise<void> {
  await dependencies.database.transaction().execute(async (transaction) => {
    const stored = await lockResourceServerRecord(transaction, idOrIdentifier);
    if (!stored) return;
    if (stored.isSystem) throw new SystemResourceServerError();
    await deleteResourceServerRow(transaction, stored.id);
    const before = presentApi(stored, dependencies.secrets);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 204, before, after: {} }),
    );
  });
}

/** An API as the token service needs it. */
export interface ResourceServer {
  readonly identifier: string;
  readonly name: string | undefined;
  readonly isSystem: boolean;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly tokenLifetime: number;
  /** Seconds, for tokens that come straight from the authorization endpoint. */
  readonly tokenLifetimeForWeb: number;
  readonly allowsOfflineAccess: boolean;
  readonly skipsConsentOfFirstParty: boolean;
  /** Whether a user gets no more scopes than their permissions name. */
  readonly enforcesPolicies: boolean;
  /** Descriptions of the scopes, for consent. */
  readonly scopeDescriptions: ReadonlyMap<string, string>;
  readonly userPolicy: 'allow_all' | 'require_client_grant' | 'deny_all';
  readonly signingAlg: string;
  readonly signingSecret: string | undefined;
  readonly tokenDialect: string;
  readonly clientPolicy: 'require_client_grant' | 'deny_all';
}

/** The API of exactly this identifier. */
export async function findResourceServer(
  database: Database,
  secrets: SecretBox,
  identifier: string,
): Promise<ResourceServer | undefined> {
  const record = await findResourceServerRecord(database, identifier);
  if (!record || record.identifier !== identifier) return undefined;
  return toResourceServer(record, secrets);
}

export function toResourceServer(record: ResourceServerRecord, secrets: SecretBox): ResourceServer {
  const presented = presentApi(record, secrets);
  const {
    token_lifetime: lifetime,
    signing_alg: algorithm,
    token_dialect: dialect,
    signing_secret: secret,
    token_lifetime_for_web: webLifetime,
  } = presented;
  return {
    identifier: record.identifier,
    name: record.name ?? undefined,
    isSystem: record.isSystem,
    scopes: listScopes(record),
    tokenLifetime: typeof lifetime === 'number' ? lifetime : defaultApiSettings.token_lifetime,
    tokenLifetimeForWeb:
      typeof webLifetime === 'number' ? webLifetime : defaultApiSettings.token_lifetime_for_web,
    allowsOfflineAccess: presented['allow_offline_access'] === true,
    skipsConsentOfFirstParty: presented['skip_consent_for_verifiable_first_party_clients'] === true,
    enforcesPolicies: presented['enforce_policies'] === true,
    scopeDescriptions: describeScopes(record),
    userPolicy: readUserPolicy(presented['subject_type_authorization']),
    signingAlg: typeof algorithm === 'string' ? algorithm : 'RS256',
    signingSecret: typeof secret === 'string' ? secret : undefined,
    tokenDialect: typeof dialect === 'string' ? dialect : 'access_token',
    clientPolicy: readClientPolicy(presented['subject_type_authorization']),
  };
}

function readClientPolicy(authorization: unknown): ResourceServer['clientPolicy'] {
  const client: unknown = Reflect.get(Object(authorization), 'client');
  return Reflect.get(Object(client), 'policy') === 'deny_all' ? 'deny_all' : 'require_client_grant';
}

function readUserPolicy(authorization: unknown): ResourceServer['userPolicy'] {
  const policy: unknown = Reflect.get(Object(Reflect.get(Object(authorization), 'user')), 'policy');
  return policy === 'deny_all' || policy === 'require_client_grant' ? policy : 'allow_all';
}

function describeScopes(record: ResourceServerRecord): Map<string, string> {
  const scopes = Array.isArray(record.settings['scopes']) ? record.settings['scopes'] : [];
  return new Map(
    scopes.map((scope: unknown) => [
      String(Reflect.get(Object(scope), 'value')),
      String(Reflect.get(Object(scope), 'description') ?? ''),
    ]),
  );
}

/** The values of an API's scopes. */
export function listScopes(record: ResourceServerRecord): string[] {
  const scopes = record.settings['scopes'];
  return Array.isArray(scopes)
    ? scopes.map((scope: unknown) => String(Reflect.get(Object(scope), 'value')))
    : [];
}

function presentApi(record: ResourceServerRecord, secrets: SecretBox): PresentedApi {
  return {
    id: record.id,
    ...(record.name === null ? {} : { name: record.name }),
    identifier: record.identifier,
    ...record.settings,
    ...(record.isSystem ? { is_system: true } : {}),
    ...(record.signingSecret
      ? { signing_secret: secrets.decrypt(record.signingSecret, secretContext(record.id)) }
      : {}),
  };
}

/** `null` removes; `subject_type_authorization` is merged by subject; all else is replaced. */
function mergeSettings(
  stored: Readonly<Record<string, unknown>>,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of Object.entries(sent)) {
    if (value === null) merged.delete(key);
    else if (key === 'subject_type_authorization')
      merged.set(key, { ...Object(merged.get(key)), ...Object(value) });
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function assertDistinctScopes(scopes: readonly { readonly value: string }[] | undefined): void {
  const values = (scopes ?? []).map((scope) => scope.value);
  const repeated = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (repeated >= 0) {
    const first = values.indexOf(values[repeated] ?? '');
    throw new InvalidBodyError(
      `Payload validation error: 'Array items are not unique (indexes ${first} and ${repeated})' on property scopes.`,
    );
  }
}
