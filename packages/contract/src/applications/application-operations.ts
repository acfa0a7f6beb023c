import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging, fieldSelection, offsetPaging } from '../paging.ts';
import { Client, CreateClientBody, UpdateClientBody } from './client-schemas.ts';
import {
  ClientGrant,
  CreateClientGrantBody,
  CreateResourceServerBody,
  ResourceServer,
  UpdateClientGrantBody,
  UpdateResourceServerBody,
} from './grant-schemas.ts';

const ClientId = Type.Object({ id: Type.String({ maxLength: 200, description: 'ID of the client' }) });
const GrantId = Type.Object({ id: Type.String({ maxLength: 200, description: 'ID of the client grant' }) });
const ResourceServerId = Type.Object({
  id: Type.String({ maxLength: 2000, description: 'ID or audience of the resource server' }),
});
const closed = { additionalProperties: false } as const;
const readClientScopes = [
  'read:clients',
  'read:client_keys',
  'read:client_credentials',
  'read:client_summary',
] as const;

export const listClients = defineOperation({
  id: 'get_clients',
  method: 'GET',
  path: '/clients',
  tag: 'clients',
  summary: 'Get clients',
  scopes: [...readClientScopes],
  query: Type.Object(
    {
      ...offsetPaging,
      ...checkpointPaging,
      ...fieldSelection,
      is_global: Type.Optional(Type.Boolean({ description: 'Filter on the global client parameter.' })),
      is_first_party: Type.Optional(
        Type.Boolean({ description: 'Filter on whether or not a client is a first-party client.' }),
      ),
      app_type: Type.Optional(
        Type.String({
          maxLength: 1000,
          description: 'Filter by a comma-separated list of application types.',
        }),
      ),
      external_client_id: Type.Optional(
        Type.String({ minLength: 1, maxLength: 120, description: 'Filter by the id of an external client.' }),
      ),
      q: Type.Optional(
        Type.String({ maxLength: 1000, description: 'Advanced query; none of its fields exist here yet.' }),
      ),
    },
    closed,
  ),
  responses: {
    200: Type.Union([
      Type.Array(Client),
      Type.Object(
        { start: Type.Integer(), limit: Type.Integer(), total: Type.Integer(), clients: Type.Array(Client) },
        closed,
      ),
      Type.Object({ next: Type.Optional(Type.String()), clients: Type.Array(Client) }, closed),
    ]),
  },
});

export const createClient = defineOperation({
  id: 'post_clients',
  method: 'POST',
  path: '/clients',
  tag: 'clients',
  summary: 'Create a client',
  scopes: ['create:clients'],
  body: CreateClientBody,
  responses: { 201: Client },
  errors: [404, 409],
});

export const getClient = defineOperation({
  id: 'get_clients_by_id',
  method: 'GET',
  path: '/clients/{id}',
  tag: 'clients',
  summary: 'Get a client',
  scopes: [...readClientScopes],
  parameters: ClientId,
  query: Type.Object({ ...fieldSelection }, closed),
  responses: { 200: Client },
  errors: [404],
});

export const updateClient = defineOperation({
  id: 'patch_clients_by_id',
  method: 'PATCH',
  path: '/clients/{id}',
  tag: 'clients',
  summary: 'Update a client',
  description: 'Objects are merged at their first level, arrays and addons replaced; `null` removes.',
  scopes: ['update:clients', 'update:client_keys', 'update:client_credentials'],
  parameters: ClientId,
  body: UpdateClientBody,
  responses: { 200: Client },
  errors: [404, 409],
});

export const deleteClient = defineOperation({
  id: 'delete_clients_by_id',
  method: 'DELETE',
  path: '/clients/{id}',
  tag: 'clients',
  summary: 'Delete a client',
  scopes: ['delete:clients'],
  parameters: ClientId,
  responses: { 204: null },
});

export const rotateClientSecret = defineOperation({
  id: 'post_rotate_secret',
  method: 'POST',
  path: '/clients/{id}/rotate-secret',
  tag: 'clients',
  summary: 'Rotate a client secret',
  scopes: ['update:client_keys'],
  parameters: ClientId,
  responses: { 200: Client },
  errors: [404],
});

export const listClientGrants = defineOperation({
  id: 'get_client_grants',
  method: 'GET',
  path: '/client-grants',
  tag: 'client-grants',
  summary: 'Get client grants',
  scopes: ['read:client_grants'],
  query: Type.Object(
    {
      ...offsetPaging,
      ...checkpointPaging,
      audience: Type.Optional(
        Type.String({ maxLength: 600, description: 'Filter by the audience of the grants.' }),
      ),
      client_id: Type.Optional(Type.String({ maxLength: 200, description: 'Filter by the client.' })),
      allow_any_organization: Type.Optional(
        Type.Boolean({ description: 'Filter by whether any organization may be used.' }),
      ),
      subject_type: Type.Optional(
        Type.Unsafe<'client' | 'user'>({ type: 'string', enum: ['client', 'user'] }),
      ),
      default_for: Type.Optional(
        Type.Unsafe<'third_party_clients'>({ type: 'string', enum: ['third_party_clients'] }),
      ),
    },
    closed,
  ),
  responses: {
    200: Type.Union([
      Type.Array(ClientGrant),
      Type.Object(
        {
          start: Type.Integer(),
          limit: Type.Integer(),
          total: Type.Integer(),
          client_grants: Type.Array(ClientGrant),
        },
        closed,
      ),
      Type.Object({ next: Type.Optional(Type.String()), client_grants: Type.Array(ClientGrant) }, closed),
    ]),
  },
});

export const createClientGrant = defineOperation({
  id: 'post_client_grants',
  method: 'POST',
  path: '/client-grants',
  tag: 'client-grants',
  summary: 'Create client grant',
  scopes: ['create:client_grants'],
  body: CreateClientGrantBody,
  responses: { 201: ClientGrant },
  errors: [404, 409],
});

export const getClientGrant = defineOperation({
  id: 'get_client_grant',
  method: 'GET',
  path: '/client-grants/{id}',
  tag: 'client-grants',
  summary: 'Get client grant',
  scopes: ['read:client_grants'],
  parameters: GrantId,
  responses: { 200: ClientGrant },
  errors: [404],
});

export const updateClientGrant = defineOperation({
  id: 'patch_client_grants_by_id',
  method: 'PATCH',
  path: '/client-grants/{id}',
  tag: 'client-grants',
  summary: 'Update client grant',
  scopes: ['update:client_grants'],
  parameters: GrantId,
  body: UpdateClientGrantBody,
  responses: { 200: ClientGrant },
  errors: [404],
});

export const deleteClientGrant = defineOperation({
  id: 'delete_client_grants_by_id',
  method: 'DELETE',
  path: '/client-grants/{id}',
  tag: 'client-grants',
  summary: 'Delete client grant',
  scopes: ['delete:client_grants'],
  parameters: GrantId,
  responses: { 204: null },
});

export const listResourceServers = defineOperation({
  id: 'get_resource_servers',
  method: 'GET',
  path: '/resource-servers',
  tag: 'resource-servers',
  summary: 'Get resource servers',
  scopes: ['read:resource_servers'],
  query: Type.Object(
    {
      ...offsetPaging,
      ...fieldSelection,
      identifiers: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 600 }), {
          maxItems: 10,
          description: 'Filter by the identifiers of the resource servers.',
        }),
      ),
    },
    closed,
  ),
  responses: {
    200: Type.Union([
      Type.Array(Type.Partial(ResourceServer)),
      Type.Object(
        {
          start: Type.Integer(),
          limit: Type.Integer(),
          total: Type.Integer(),
          resource_servers: Type.Array(Type.Partial(ResourceServer)),
        },
        closed,
      ),
    ]),
  },
});

export const createResourceServer = defineOperation({
  id: 'post_resource_servers',
  method: 'POST',
  path: '/resource-servers',
  tag: 'resource-servers',
  summary: 'Create a resource server',
  scopes: ['create:resource_servers'],
  body: CreateResourceServerBody,
  responses: { 201: ResourceServer },
  errors: [409],
});

export const getResourceServer = defineOperation({
  id: 'get_resource_servers_by_id',
  method: 'GET',
  path: '/resource-servers/{id}',
  tag: 'resource-servers',
  summary: 'Get a resource server',
  scopes: ['read:resource_servers'],
  parameters: ResourceServerId,
  query: Type.Object({ ...fieldSelection }, closed),
  responses: { 200: Type.Partial(ResourceServer) },
  errors: [404],
});

export const updateResourceServer = defineOperation({
  id: 'patch_resource_servers_by_id',
  method: 'PATCH',
  path: '/resource-servers/{id}',
  tag: 'resource-servers',
  summary: 'Update a resource server',
  scopes: ['update:resource_servers'],
  parameters: ResourceServerId,
  body: UpdateResourceServerBody,
  responses: { 200: ResourceServer },
  errors: [404],
});

export const deleteResourceServer = defineOperation({
  id: 'delete_resource_servers_by_id',
  method: 'DELETE',
  path: '/resource-servers/{id}',
  tag: 'resource-servers',
  summary: 'Delete a resource server',
  scopes: ['delete:resource_servers'],
  parameters: ResourceServerId,
  responses: { 204: null },
});
