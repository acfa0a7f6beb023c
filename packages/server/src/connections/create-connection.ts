import type { BodyOf, createConnection as operation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { violatedConstraint } from '../platform/database/violated-constraint.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { newPrefixedId } from '../platform/ids.ts';
import { assertConsistentOptions, withDefaultOptions } from './defaults.ts';
import { ConnectionNameTakenError, UnknownClientsError } from './errors.ts';
import { type PresentedConnection, presentConnection } from './present-connection.ts';
import { changeEnabledClients, insertConnection, listUnknownClients, lockConnectionRecord } from './store.ts';

/**
 * Creates a connection with the defaults of its strategy.
 * @throws ConnectionNameTakenError, ConflictingOptionsError, UnknownClientsError
 */
export async function createConnection(
  database: Database,
  input: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<PresentedConnection> {
  const { name, strategy, options = {}, enabled_clients: clients = [], ...settings } = input;
  assertConsistentOptions(strategy, options);
  const id = newPrefixedId('con');
  try {
    return await database.transaction().execute(async (transaction) => {
      await insertConnection(transaction, {
        id,
        name,
        strategy,
        options: withDefaultOptions(strategy, options, 'creation'),
        settings,
      });
      await changeEnabledClients(transaction, id, { enable: clients, disable: [] });
      const record = await lockConnectionRecord(transaction, id);
      if (!record) throw new Error('a connection vanished in its own transaction');
      const presented = presentConnection(record, 'single');
      const about = { connection: name, connectionId: id, strategy };
      await appendLogEvent(
        transaction,
        describeManagementChange({
          ...context,
          statusCode: 201,
          response: presented,
          after: presented,
          about,
        }),
      );
      return presented;
    });
  } catch (cause) {
    throw await translateConnectionConflict(database, cause, clients);
  }
}

/** Constraint violations as the errors that callers know. */
export async function translateConnectionConflict(
  database: Database,
  cause: unknown,
  clients: readonly string[],
): Promise<unknown> {
  const constraint = violatedConstraint(cause);
  if (constraint === 'connections_name_key') return new ConnectionNameTakenError({ cause });
  if (constraint === 'connection_clients_client_id_fkey') {
    return new UnknownClientsError(await listUnknownClients(database, clients));
  }
  return cause;
}
