import * as operations from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { createConnection } from './create-connection.ts';
import { ConnectionNotFoundError, NotConnectedError } from './errors.ts';
import { findConnectionById } from './find-connection.ts';
import { getConnection, listConnectionClients, listConnections } from './list-connections.ts';
import { type DeletionDependencies, deleteConnection } from './remove-connection.ts';
import { updateConnection, updateConnectionClients } from './update-connection.ts';

export interface ConnectionDependencies extends DeletionDependencies {
  /** Deletes the user that a connection knows by an address; nothing happens when there is none. */
  readonly deleteUserByEmail: (connectionId: string, email: string, context: ChangeContext) => Promise<void>;
}

/** Registers `/connections` and what is below it. */
export function registerConnectionRoutes(api: ManagementApi, dependencies: ConnectionDependencies): void {
  const { database } = dependencies;

  api.handle(operations.listConnections, async ({ query, url, caller }) => ({
    status: 200,
    ...(await listConnections(database, query, { url, caller })),
  }));

  api.handle(operations.createConnection, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createConnection(database, body, {
      caller,
      summary,
      title: operations.createConnection.summary,
    }),
  }));

  api.handle(operations.getConnection, async ({ parameters, query, caller }) => ({
    status: 200,
    body: await getConnection(database, parameters.id, query, caller),
  }));

  api.handle(operations.updateConnection, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await updateConnection(database, parameters.id, body, {
      caller,
      summary,
      title: operations.updateConnection.summary,
    }),
  }));

  api.handle(operations.deleteConnection, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.deleteConnection.summary };
    const deletedAt = await deleteConnection(dependencies, parameters.id, context);
    return deletedAt
      ? { status: 202, body: { deleted_at: deletedAt.toISOString() } }
      : { status: 204, body: undefined };
  });

  api.handle(operations.listConnectionClients, async ({ parameters, query }) => ({
    status: 200,
    body: await listConnectionClients(database, parameters.id, query),
  }));

  api.handle(operations.updateConnectionClients, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateConnectionClients.summary };
    await updateConnectionClients(database, parameters.id, body, context);
    return { status: 204, body: undefined };
  });

  api.handle(operations.getConnectionStatus, async ({ parameters }) => {
    const connection = await getExisting(database, parameters.id);
    // Only connectors that dial in from outside can be offline, and none can dial in yet.
    if (connection.strategy === 'ad' || connection.strategy === 'auth0-adldap') throw new NotConnectedError();
    return { status: 200, body: {} };
  });

  api.handle(operations.deleteConnectionUser, async ({ parameters, query, caller, summary }) => {
    const connection = await getExisting(database, parameters.id);
    const context = { caller, summary, title: operations.deleteConnectionUser.summary };
    await dependencies.deleteUserByEmail(connection.id, query.email, context);
    return { status: 204, body: undefined };
  });
}

async function getExisting(database: Database, id: string) {
  const connection = await findConnectionById(database, id);
  if (!connection) throw new ConnectionNotFoundError();
  return connection;
}
