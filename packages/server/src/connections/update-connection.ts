import type {
  BodyOf,
  updateConnectionClients as clientsOperation,
  updateConnection as operation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { kindOfConnection, parseConnectionOptions } from './connection.ts';
import { translateConnectionConflict } from './create-connection.ts';
import { assertConsistentOptions, withDefaultOptions } from './defaults.ts';
import { ConflictingOptionsError, ConnectionNotFoundError } from './errors.ts';
import { type PresentedConnection, presentConnection, withoutUnreadable } from './present-connection.ts';
import {
  type ConnectionRecord,
  changeEnabledClients,
  hasUsers,
  lockConnectionRecord,
  updateConnectionRow,
} from './store.ts';

/**
 * Changes a connection; `options` are replaced whole and take the strategy's defaults again.
 * @throws ConnectionNotFoundError, ConflictingOptionsError, UnknownClientsError
 */
export async function updateConnection(
  database: Database,
  id: string,
  input: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<PresentedConnection> {
  const { options, enabled_clients: clients, ...sent } = input;
  const changed = await changeConnection(
    database,
    id,
    context,
    200,
    clients ?? [],
    async (transaction, before) => {
      const replaced =
        options === undefined
          ? before.options
          : withDefaultOptions(before.strategy, options ?? {}, 'replacement');
      if (options !== undefined) await assertReplaceable(transaction, before, replaced);
      await updateConnectionRow(transaction, {
        id,
        options: replaced,
        settings: { ...before.settings, ...sent },
      });
      if (clients !== undefined) {
        const wanted = clients ?? [];
        await changeEnabledClients(transaction, id, {
          enable: wanted,
          disable: before.enabledClients.filter((client) => !wanted.includes(client)),
        });
      }
    },
  );
  // Who sent the options knows them; who may not read them learns no stored ones by changing something else.
  return options === undefined ? withoutUnreadable(changed, context.caller) : changed;
}

/** @throws ConflictingOptionsError */
async function assertReplaceable(
  transaction: Database,
  before: ConnectionRecord,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  assertConsistentOptions(before.strategy, options);
  if (parseConnectionOptions(before.options).isEmailUnique && !parseConnectionOptions(options).isEmailUnique)
    throw new ConflictingOptionsError('cannot add non-unique email attribute');
  const isOtherKind =
    kindOfConnection(before.strategy, before.options) !== kindOfConnection(before.strategy, options);
  if (isOtherKind && (await hasUsers(transaction, before.id))) {
    throw new ConflictingOptionsError(
      'This database contains users. You cannot change "options.enabledDatabaseCustomization" setting.',
    );
  }
}

/**
 * Enables and disables clients for a connection.
 * @throws ConnectionNotFoundError, UnknownClientsError
 */
export async function updateConnectionClients(
  database: Database,
  id: string,
  changes: BodyOf<typeof clientsOperation>,
  context: ChangeContext,
): Promise<void> {
  const enable = changes.filter((change) => change.status).map((change) => change.client_id);
  const disable = changes.filter((change) => !change.status).map((change) => change.client_id);
  await changeConnection(database, id, context, 204, enable, (transaction) =>
    changeEnabledClients(transaction, id, { enable, disable }),
  );
}

async function changeConnection(
  database: Database,
  id: string,
  context: ChangeContext,
  statusCode: number,
  clients: readonly string[],
  change: (transaction: Database, before: ConnectionRecord) => Promise<void>,
): Promise<PresentedConnection> {
  try {
    return await database.transaction().execute(async (transaction) => {
      const stored = await lockConnectionRecord(transaction, id);
      if (!stored || stored.deletedAt) throw new ConnectionNotFoundError();
      await change(transaction, stored);
      const changed = await lockConnectionRecord(transaction, id);
      if (!changed) throw new Error('a locked connection vanished');
      const [before, after] = [presentConnection(stored, 'single'), presentConnection(changed, 'single')];
      const about = { connection: changed.name, connectionId: id, strategy: changed.strategy };
      const response = statusCode === 204 ? undefined : after;
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode, response, before, after, about }),
      );
      return after;
    });
  } catch (cause) {
    throw await translateConnectionConflict(database, cause, clients);
  }
}
