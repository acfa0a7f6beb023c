import type { listConnections as operation, QueryOf } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import { compileFieldSelection, type FieldSelection } from '../platform/http/field-selection.ts';
import { readList } from '../platform/http/paging.ts';
import { ConnectionNotFoundError } from './errors.ts';
import { type PresentedConnection, presentConnection, withoutUnreadable } from './present-connection.ts';
import {
  type ConnectionFilter,
  findConnectionRecord,
  listConnectionRecords,
  listConnectionRecordsAfter,
  listEnabledClients,
} from './store.ts';

/** Keys that come back whatever `fields` says (spec management-api §1.5). */
const alwaysShown = ['id', 'is_domain_connection'];

export function listConnections(
  database: Database,
  query: QueryOf<typeof operation>,
  context: { readonly url: URL; readonly caller: Caller },
): Promise<{ body: unknown; headers: Record<string, string> }> {
  const filter: ConnectionFilter = {
    ...(query.strategy === undefined ? {} : { strategies: query.strategy }),
    ...(query.name === undefined ? {} : { name: query.name }),
  };
  const select = compileFieldSelection(query, alwaysShown);
  return readList(
    {
      readByOffset: (page) => listConnectionRecords(database, filter, page),
      readAfter: (checkpoint, limit) => listConnectionRecordsAfter(database, filter, checkpoint, limit),
    },
    {
      key: 'connections',
      query,
      url: context.url,
      hasLinkHeader: true,
      present: (record) => select(withoutUnreadable(presentConnection(record, 'list'), context.caller)),
    },
  );
}

/** @throws ConnectionNotFoundError */
export async function getConnection(
  database: Database,
  id: string,
  selection: FieldSelection,
  caller: Caller,
): Promise<PresentedConnection> {
  const record = await findConnectionRecord(database, id);
  if (!record || record.deletedAt) throw new ConnectionNotFoundError();
  return compileFieldSelection(
    selection,
    alwaysShown,
  )(withoutUnreadable(presentConnection(record, 'single'), caller));
}

const defaultTake = 50;

/** @throws ConnectionNotFoundError */
export async function listConnectionClients(
  database: Database,
  id: string,
  query: { readonly from?: string; readonly take?: number },
): Promise<{ clients: { client_id: string }[]; next?: string }> {
  const record = await findConnectionRecord(database, id);
  if (!record || record.deletedAt) throw new ConnectionNotFoundError();
  const take = query.take ?? defaultTake;
  const ids = await listEnabledClients(database, id, query.from, take + 1);
  const shown = ids.slice(0, take);
  const last = shown.at(-1);
  return {
    clients: shown.map((client_id) => ({ client_id })),
    ...(ids.length > take && last ? { next: last } : {}),
  };
}
