import type { Database } from '../platform/database/database.ts';
import { newPrefixedId } from '../platform/ids.ts';
import type { Connection } from './connection.ts';
import { withDefaultOptions } from './defaults.ts';
import { findConnectionByName } from './find-connection.ts';
import { changeEnabledClients, insertConnectionUnlessNamed } from './store.ts';

const defaultConnectionName = 'Username-Password-Authentication';

/**
 * Makes the connection unless one has the name; no log event, as no caller asked for it.
 * @returns its id
 */
export function ensureConnection(
  transaction: Database,
  wanted: { readonly name: string; readonly strategy: string },
): Promise<string> {
  const options = withDefaultOptions(wanted.strategy, {}, 'creation');
  return insertConnectionUnlessNamed(transaction, {
    id: newPrefixedId('con'),
    ...wanted,
    options,
    settings: {},
  });
}

/**
 * The database connection that every installation starts with, enabled for the given clients; made on the first
 * start only, so that an administrator may delete it.
 * @param options.newClientIds clients that this start made: where the connection is there already, it is enabled for them
 */
export async function ensureDefaultConnection(
  transaction: Database,
  options: {
    readonly isFirstStart: boolean;
    readonly clientIds: readonly string[];
    readonly newClientIds: readonly string[];
  },
): Promise<Connection | undefined> {
  if (options.isFirstStart)
    await ensureConnection(transaction, { name: defaultConnectionName, strategy: 'auth0' });
  const connection = await findConnectionByName(transaction, defaultConnectionName);
  const enable = options.isFirstStart ? options.clientIds : options.newClientIds;
  if (connection && enable.length > 0)
    await changeEnabledClients(transaction, connection.id, { enable, disable: [] });
  return connection;
}
