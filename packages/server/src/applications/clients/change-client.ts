import type {
  BodyOf,
  createClient as createOperation,
  updateClient as updateOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { newClientId, newClientSecret } from '../../platform/ids.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import {
  ClientAliasTakenError,
  ClientNotFoundError,
  ForbiddenClientFieldsError,
  GlobalClientError,
} from '../errors.ts';
import { managementAudience } from '../management-names.ts';
import { assertClientWithinReach } from '../reach.ts';
import { mergeSettings, withDefaultSettings } from './defaults.ts';
import {
  createClientPresenter,
  type PresentedClient,
  secretContext,
  withoutUnreadableKeys,
} from './present-client.ts';
import {
  type ClientRecord,
  deleteClientRow,
  insertClient,
  lockClientRecord,
  replaceClientAliases,
  updateClientRow,
} from './store.ts';

/**
 * Registers an application with a fresh id and secret.
 * @throws ClientAliasTakenError, InvalidBodyError
 */
export async function createClient(
  dependencies: ApplicationDependencies,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedClient> {
  assertOneAuthentication(input);
  const {
    name,
    is_first_party: isFirstParty = true,
    app_type: appType = null,
    ...sent
  } = withoutNulls(input);
  const clientId = newClientId();
  const secret = dependencies.secrets.encrypt(newClientSecret(), secretContext(clientId));
  const settings = withDefaultSettings({ ...sent, ...(appType === null ? {} : { app_type: appType }) });
  delete settings['app_type'];
  const record: ClientRecord = { clientId, name, isGlobal: false, isFirstParty, appType, secret, settings };
  const present = await createClientPresenter(
    dependencies.database,
    dependencies.secrets,
    dependencies.publicUrl,
  );
  try {
    await dependencies.database.transaction().execute(async (transaction) => {
      await insertClient(transaction, record);
      await replaceClientAliases(transaction, clientId, input.client_aliases ?? []);
      const after = present(record);
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 201, response: after, after }),
      );
    });
  } catch (cause) {
    throw translateConflict(cause);
  }
  // Only the answer to creation says so (spec management-api §1.9).
  return { ...present(record), encrypted: true };
}

/**
 * Changes a client (spec management-api §1.10).
 * @throws ForbiddenClientFieldsError, ClientNotFoundError, ClientAliasTakenError, InvalidBodyError, BeyondReachError
 */
export async function updateClient(
  dependencies: ApplicationDependencies,
  clientId: string,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<PresentedClient> {
  assertMayUpdate(context.caller, input);
  assertOneAuthentication(input);
  const { client_secret: secret, name, is_first_party: isFirstParty, app_type: appType, ...sent } = input;
  const changed = await changeClient(dependencies, clientId, context, async (record) => ({
    ...record,
    name: name ?? record.name,
    isFirstParty: isFirstParty ?? record.isFirstParty,
    appType: appType ?? record.appType,
    secret:
      secret === undefined ? record.secret : dependencies.secrets.encrypt(secret, secretContext(clientId)),
    settings: mergeSettings(record.settings, {
      ...sent,
      // Each way to authenticate replaces the other.
      ...(sent.token_endpoint_auth_method ? { client_authentication_methods: null } : {}),
      ...(sent.client_authentication_methods ? { token_endpoint_auth_method: null } : {}),
    }),
  }));
  return withoutUnreadableKeys(changed, context.caller);
}

/** @throws ClientNotFoundError, BeyondReachError */
export async function rotateClientSecret(
  dependencies: ApplicationDependencies,
  clientId: string,
  context: ChangeContext,
): Promise<PresentedClient> {
  return changeClient(dependencies, clientId, context, async (record) => ({
    ...record,
    secret: dependencies.secrets.encrypt(newClientSecret(), secretContext(clientId)),
  }));
}

/**
 * Deletes a client with its grants; an unknown one is no error.
 * @throws GlobalClientError, BeyondReachError
 */
export async function deleteClient(
  dependencies: ApplicationDependencies,
  clientId: string,
  context: ChangeContext,
): Promise<void> {
  const present = await createClientPresenter(
    dependencies.database,
    dependencies.secrets,
    dependencies.publicUrl,
  );
  await dependencies.database.transaction().execute(async (transaction) => {
    const record = await lockClientRecord(transaction, clientId);
    if (!record) return;
    if (record.isGlobal) throw new GlobalClientError();
    await assertWithinReach(dependencies, transaction, clientId, context);
    await deleteClientRow(transaction, clientId);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 204, before: present(record), after: {} }),
    );
  });
}

async function changeClient(
  dependencies: ApplicationDependencies,
  clientId: string,
  context: ChangeContext,
  change: (record: ClientRecord) => Promise<ClientRecord>,
): Promise<PresentedClient> {
  const present = await createClientPresenter(
    dependencies.database,
    dependencies.secrets,
    dependencies.publicUrl,
  );
  try {
    return await dependencies.database.transaction().execute(async (transaction) => {
      const stored = await lockClientRecord(transaction, clientId);
      if (!stored) throw new ClientNotFoundError();
      await assertWithinReach(dependencies, transaction, clientId, context);
      const changed = await change(stored);
      await updateClientRow(transaction, changed);
      const aliases = changed.settings['client_aliases'];
      await replaceClientAliases(transaction, clientId, Array.isArray(aliases) ? aliases.map(String) : []);
      const [before, after] = [present(stored), present(changed)];
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
      );
      return after;
    });
  } catch (cause) {
    throw translateConflict(cause);
  }
}

/** Whoever sets where a client's tokens go, or how it proves itself, has what it may do. @throws BeyondReachError */
function assertWithinReach(
  { publicUrl }: ApplicationDependencies,
  transaction: Database,
  clientId: string,
  { caller }: ChangeContext,
): Promise<void> {
  return assertClientWithinReach(transaction, managementAudience(publicUrl), caller, clientId);
}

/** What keys and credentials of a client are changed by; all else is `update:clients`' matter. */
const keyProperties = ['client_secret', 'encryption_key'];
const credentialProperties = [
  'client_authentication_methods',
  'signed_request_object',
  'token_endpoint_auth_method',
];

/** @throws ForbiddenClientFieldsError */
function assertMayUpdate({ scopes }: Caller, input: Readonly<Record<string, unknown>>): void {
  const forbidden = Object.keys(input).filter((property) => {
    if (keyProperties.includes(property)) return !scopes.has('update:client_keys');
    if (scopes.has('update:clients')) return false;
    return !credentialProperties.includes(property) || !scopes.has('update:client_credentials');
  });
  if (forbidden.length > 0) throw new ForbiddenClientFieldsError(forbidden);
}

function assertOneAuthentication(input: {
  token_endpoint_auth_method?: unknown;
  client_authentication_methods?: unknown;
}): void {
  if (input.token_endpoint_auth_method && input.client_authentication_methods) {
    throw new InvalidBodyError(
      'Cannot set both token_endpoint_auth_method and client_authentication_methods. Send the one that no longer applies as null.',
    );
  }
}

function withoutNulls<T extends Record<string, unknown>>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as T; // null and absent mean the same at creation
}

function translateConflict(cause: unknown): unknown {
  return violatedConstraint(cause) === 'client_aliases_pkey' ? new ClientAliasTakenError({ cause }) : cause;
}
