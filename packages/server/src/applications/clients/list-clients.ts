import type { listClients as operation, QueryOf } from '@muster/contract';
import type { Caller } from '../../platform/http/caller.ts';
import { InvalidQueryError } from '../../platform/http/errors.ts';
import type { FieldSelection } from '../../platform/http/field-selection.ts';
import { readList } from '../../platform/http/paging.ts';
import type { ApplicationDependencies } from '../dependencies.ts';
import { ClientNotFoundError } from '../errors.ts';
import { managementAudience } from '../management-names.ts';
import { findScopesBeyondReach } from '../reach.ts';
import { compileClientSelection, createClientPresenter, type PresentedClient } from './present-client.ts';
import {
  type ClientFilter,
  type ClientRecord,
  findClientRecord,
  listClientRecords,
  listClientRecordsAfter,
} from './store.ts';

export async function listClients(
  dependencies: ApplicationDependencies,
  query: QueryOf<typeof operation>,
  context: { readonly caller: Caller; readonly url: URL },
): Promise<{ body: unknown; headers: Record<string, string> }> {
  const { database } = dependencies;
  if (query.q !== undefined) {
    throw new InvalidQueryError(
      "Query validation error: 'No searchable field: client_grant.organization_id needs organizations' on property q.",
    );
  }
  const select = compileClientSelection(query, context.caller);
  const present = await createReachingPresenter(dependencies, context.caller);
  const filter: ClientFilter = {
    ...(query.is_global === undefined ? {} : { isGlobal: query.is_global }),
    ...(query.is_first_party === undefined ? {} : { isFirstParty: query.is_first_party }),
    ...(query.app_type === undefined
      ? {}
      : { appTypes: query.app_type.split(',').map((type) => type.trim()) }),
    // No client is registered from an external document yet, so none has such an id.
    ...(query.external_client_id === undefined ? {} : { appTypes: [] }),
  };
  return readList(
    {
      readByOffset: (page) => listClientRecords(database, filter, page),
      readAfter: (checkpoint, limit) => listClientRecordsAfter(database, filter, checkpoint, limit),
    },
    {
      key: 'clients',
      query,
      url: context.url,
      hasLinkHeader: true,
      present: (record) => select(present(record)),
    },
  );
}

/** @throws ClientNotFoundError, UnreadableFieldsError */
export async function getClient(
  dependencies: ApplicationDependencies,
  clientId: string,
  selection: FieldSelection,
  caller: Caller,
): Promise<PresentedClient> {
  const select = compileClientSelection(selection, caller);
  const record = await findClientRecord(dependencies.database, clientId);
  if (!record) throw new ClientNotFoundError();
  const present = await createReachingPresenter(dependencies, caller);
  return select(present(record));
}

/** Shows clients, and the secrets of those alone that may do no more than the caller. */
async function createReachingPresenter(
  { database, secrets, publicUrl }: ApplicationDependencies,
  caller: Caller,
): Promise<(record: ClientRecord) => PresentedClient> {
  const [present, beyond] = await Promise.all([
    createClientPresenter(database, secrets, publicUrl),
    findScopesBeyondReach(database, managementAudience(publicUrl), caller),
  ]);
  return (record) => {
    const { client_secret: secret, ...client } = present(record);
    return secret === undefined || beyond(record.clientId).length > 0
      ? client
      : { ...client, client_secret: secret };
  };
}
