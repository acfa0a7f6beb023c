import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging, fieldSelection, offsetPaging } from '../paging.ts';
import {
  Connection,
  ConnectionClientsBody,
  CreateConnectionBody,
  Strategy,
  UpdateConnectionBody,
} from './connection-schemas.ts';

const ConnectionId = Type.Object({
  id: Type.String({ maxLength: 100, description: 'The id of the connection' }),
});

export const listConnections = defineOperation({
  id: 'get_connections',
  method: 'GET',
  path: '/connections',
  tag: 'connections',
  summary: 'Get all connections',
  scopes: ['read:connections'],
  query: Type.Object(
    {
      ...offsetPaging,
      ...checkpointPaging,
      ...fieldSelection,
      strategy: Type.Optional(Type.Array(Strategy, { description: 'Only connections of these strategies.' })),
      name: Type.Optional(
        Type.String({ maxLength: 128, description: 'Only the connection of exactly this name.' }),
      ),
    },
    { additionalProperties: false },
  ),
  responses: {
    200: Type.Union([
      Type.Array(Connection),
      Type.Object(
        {
          start: Type.Integer(),
          limit: Type.Integer(),
          total: Type.Integer(),
          connections: Type.Array(Connection),
        },
        { additionalProperties: false },
      ),
      Type.Object(
        { next: Type.Optional(Type.String()), connections: Type.Array(Connection) },
        { additionalProperties: false },
      ),
    ]),
  },
});

export const createConnection = defineOperation({
  id: 'post_connections',
  method: 'POST',
  path: '/connections',
  tag: 'connections',
  summary: 'Create a connection',
  scopes: ['create:connections'],
  body: CreateConnectionBody,
  responses: { 201: Connection },
  errors: [409],
});

export const getConnection = defineOperation({
  id: 'get_connections_by_id',
  method: 'GET',
  path: '/connections/{id}',
  tag: 'connections',
  summary: 'Get a connection',
  scopes: ['read:connections'],
  parameters: ConnectionId,
  query: Type.Object({ ...fieldSelection }, { additionalProperties: false }),
  responses: { 200: Connection },
  errors: [404],
});

export const updateConnection = defineOperation({
  id: 'patch_connections_by_id',
  method: 'PATCH',
  path: '/connections/{id}',
  tag: 'connections',
  summary: 'Update a connection',
  description:
    '`options` is replaced whole: what is not sent is lost, then the defaults of the strategy are filled in again.',
  scopes: ['update:connections'],
  parameters: ConnectionId,
  body: UpdateConnectionBody,
  responses: { 200: Connection },
  errors: [404, 409],
});

export const deleteConnection = defineOperation({
  id: 'delete_connections_by_id',
  method: 'DELETE',
  path: '/connections/{id}',
  tag: 'connections',
  summary: 'Delete a connection and its users',
  description: 'The users go in the background: 202 while that lasts, 204 once the connection is gone.',
  scopes: ['delete:connections'],
  parameters: ConnectionId,
  responses: {
    202: Type.Object({ deleted_at: Type.String({ format: 'date-time' }) }, { additionalProperties: false }),
    204: null,
  },
  errors: [409],
});

export const listConnectionClients = defineOperation({
  id: 'get_connection_clients',
  method: 'GET',
  path: '/connections/{id}/clients',
  tag: 'connections',
  summary: 'Get enabled clients for a connection',
  scopes: ['read:connections'],
  parameters: ConnectionId,
  query: Type.Object(
    {
      from: checkpointPaging.from,
      take: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1000,
          description: 'Number of results per page. Defaults to 50.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  responses: {
    200: Type.Object(
      {
        clients: Type.Array(Type.Object({ client_id: Type.String() }, { additionalProperties: false })),
        next: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
  },
  errors: [404],
});

export const updateConnectionClients = defineOperation({
  id: 'patch_connection_clients',
  method: 'PATCH',
  path: '/connections/{id}/clients',
  tag: 'connections',
  summary: 'Update enabled clients for a connection',
  scopes: ['update:connections'],
  parameters: ConnectionId,
  body: ConnectionClientsBody,
  responses: { 204: null },
  errors: [404],
});

export const getConnectionStatus = defineOperation({
  id: 'get_connection_status',
  method: 'GET',
  path: '/connections/{id}/status',
  tag: 'connections',
  summary: 'Check connection status',
  scopes: ['read:connections'],
  parameters: ConnectionId,
  responses: { 200: Type.Object({}, { additionalProperties: false }) },
  errors: [404],
});

export const deleteConnectionUser = defineOperation({
  id: 'delete_connection_users',
  method: 'DELETE',
  path: '/connections/{id}/users',
  tag: 'connections',
  summary: 'Delete a connection user',
  scopes: ['delete:users'],
  parameters: ConnectionId,
  query: Type.Object(
    { email: Type.String({ maxLength: 1000, description: 'The email of the user to delete' }) },
    { additionalProperties: false },
  ),
  responses: { 204: null },
  errors: [404, 409],
});
