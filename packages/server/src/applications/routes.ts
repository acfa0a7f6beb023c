import * as operations from '@muster/contract';
import type { ManagementApi } from '../platform/http/management-api.ts';
import {
  createResourceServer,
  deleteResourceServer,
  getResourceServer,
  listResourceServers,
  updateResourceServer,
} from './apis/resource-servers.ts';
import { createClient, deleteClient, rotateClientSecret, updateClient } from './clients/change-client.ts';
import { getClient, listClients } from './clients/list-clients.ts';
import type { ApplicationDependencies } from './dependencies.ts';
import {
  createClientGrant,
  deleteClientGrant,
  getClientGrant,
  listClientGrants,
  updateClientGrant,
} from './grants/client-grants.ts';

/** Registers `/clients`, `/client-grants` and `/resource-servers`. */
export function registerApplicationRoutes(api: ManagementApi, dependencies: ApplicationDependencies): void {
  registerClientRoutes(api, dependencies);
  registerGrantRoutes(api, dependencies);
  registerResourceServerRoutes(api, dependencies);
}

function registerClientRoutes(api: ManagementApi, dependencies: ApplicationDependencies): void {
  api.handle(operations.listClients, async ({ query, caller, url }) => ({
    status: 200,
    ...(await listClients(dependencies, query, { caller, url })),
  }));

  api.handle(operations.createClient, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createClient(dependencies, body, { caller, summary, title: operations.createClient.summary }),
  }));

  api.handle(operations.getClient, async ({ parameters, query, caller }) => ({
    status: 200,
    body: await getClient(dependencies, parameters.id, query, caller),
  }));

  api.handle(operations.updateClient, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await updateClient(dependencies, parameters.id, body, {
      caller,
      summary,
      title: operations.updateClient.summary,
    }),
  }));

  api.handle(operations.deleteClient, async ({ parameters, caller, summary }) => {
    await deleteClient(dependencies, parameters.id, {
      caller,
      summary,
      title: operations.deleteClient.summary,
    });
    return { status: 204, body: undefined };
  });

  api.handle(operations.rotateClientSecret, async ({ parameters, caller, summary }) => ({
    status: 200,
    body: await rotateClientSecret(dependencies, parameters.id, {
      caller,
      summary,
      title: operations.rotateClientSecret.summary,
    }),
  }));
}

function registerGrantRoutes(api: ManagementApi, dependencies: ApplicationDependencies): void {
  api.handle(operations.listClientGrants, async ({ query, url }) => ({
    status: 200,
    ...(await listClientGrants(dependencies, query, url)),
  }));

  api.handle(operations.createClientGrant, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createClientGrant(dependencies, body, {
      caller,
      summary,
      title: operations.createClientGrant.summary,
    }),
  }));

  api.handle(operations.getClientGrant, async ({ parameters }) => ({
    status: 200,
    body: await getClientGrant(dependencies, parameters.id),
  }));

  api.handle(operations.updateClientGrant, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await updateClientGrant(dependencies, parameters.id, body, {
      caller,
      summary,
      title: operations.updateClientGrant.summary,
    }),
  }));

  api.handle(operations.deleteClientGrant, async ({ parameters, caller, summary }) => {
    await deleteClientGrant(dependencies, parameters.id, {
      caller,
      summary,
      title: operations.deleteClientGrant.summary,
    });
    return { status: 204, body: undefined };
  });
}

function registerResourceServerRoutes(api: ManagementApi, dependencies: ApplicationDependencies): void {
  api.handle(operations.listResourceServers, async ({ query, caller, url }) => ({
    status: 200,
    ...(await listResourceServers(dependencies, query, { caller, url })),
  }));

  api.handle(operations.createResourceServer, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createResourceServer(dependencies, body, {
      caller,
      summary,
      title: operations.createResourceServer.summary,
    }),
  }));

  api.handle(operations.getResourceServer, async ({ parameters, query }) => ({
    status: 200,
    body: await getResourceServer(dependencies, parameters.id, query),
  }));

  api.handle(operations.updateResourceServer, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await updateResourceServer(dependencies, parameters.id, body, {
      caller,
      summary,
      title: operations.updateResourceServer.summary,
    }),
  }));

  api.handle(operations.deleteResourceServer, async ({ parameters, caller, summary }) => {
    await deleteResourceServer(dependencies, parameters.id, {
      caller,
      summary,
      title: operations.deleteResourceServer.summary,
    });
    return { status: 204, body: undefined };
  });
}
