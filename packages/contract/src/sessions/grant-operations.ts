import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { fieldSelection, offsetPaging } from '../paging.ts';
import { closed, oneOf, open, optional } from '../schema-parts.ts';

export const UserGrant = Type.Object(
  {
    id: Type.String(),
    clientID: Type.String({ description: 'The application that may act for the user.' }),
    user_id: Type.String(),
    audience: optional(Type.String({ description: 'The identifier of the API.' })),
    scope: Type.Array(Type.String()),
  },
  closed,
);

const page = {
  start: Type.Integer(),
  limit: Type.Integer(),
  total: Type.Integer(),
};

export const listUserGrants = defineOperation({
  id: 'get_grants',
  method: 'GET',
  path: '/grants',
  tag: 'grants',
  summary: 'Get grants',
  description: 'What users allowed applications to do at APIs.',
  scopes: ['read:grants'],
  query: Type.Object(
    {
      ...offsetPaging,
      user_id: optional(Type.String({ maxLength: 600, description: 'The user_id of the user' })),
      client_id: optional(Type.String({ maxLength: 200, description: 'The id of the application' })),
      audience: optional(Type.String({ maxLength: 600, description: 'The identifier of the API' })),
    },
    closed,
  ),
  responses: {
    200: Type.Union([Type.Array(UserGrant), Type.Object({ ...page, grants: Type.Array(UserGrant) }, closed)]),
  },
});

export const deleteUserGrants = defineOperation({
  id: 'delete_grants_by_user_id',
  method: 'DELETE',
  path: '/grants',
  tag: 'grants',
  summary: 'Delete a grant by user_id',
  description: 'Deletes all grants of a user, and with them the refresh tokens.',
  scopes: ['delete:grants'],
  query: Type.Object(
    { user_id: Type.String({ maxLength: 600, description: 'The user_id of the user' }) },
    closed,
  ),
  responses: { 204: null },
});

export const deleteUserGrant = defineOperation({
  id: 'delete_grants_by_id',
  method: 'DELETE',
  path: '/grants/{id}',
  tag: 'grants',
  summary: 'Delete a grant by id',
  scopes: ['delete:grants'],
  parameters: Type.Object({ id: Type.String({ maxLength: 200, description: 'The id of the grant' }) }),
  responses: { 204: null },
});

export const deviceCredentialTypes = ['public_key', 'refresh_token', 'rotating_refresh_token'] as const;

export const DeviceCredential = Type.Object(
  {
    id: optional(Type.String()),
    device_name: optional(Type.String()),
    device_id: optional(Type.String()),
    type: optional(oneOf(deviceCredentialTypes)),
    user_id: optional(Type.String()),
    client_id: optional(Type.String()),
  },
  closed,
);

export const listDeviceCredentials = defineOperation({
  id: 'get_device-credentials',
  method: 'GET',
  path: '/device-credentials',
  tag: 'device-credentials',
  summary: 'Retrieve device credentials',
  scopes: ['read:device_credentials'],
  query: Type.Object(
    {
      ...offsetPaging,
      ...fieldSelection,
      user_id: optional(Type.String({ maxLength: 600, description: 'The user_id of the user' })),
      client_id: optional(Type.String({ maxLength: 200, description: 'The id of the application' })),
      type: optional(oneOf(deviceCredentialTypes, 'Kind of the credentials; default refresh_token')),
    },
    closed,
  ),
  responses: {
    200: Type.Union([
      Type.Array(DeviceCredential),
      Type.Object({ ...page, device_credentials: Type.Array(DeviceCredential) }, closed),
    ]),
  },
});

export const createDeviceCredential = defineOperation({
  id: 'post_device-credentials',
  method: 'POST',
  path: '/device-credentials',
  tag: 'device-credentials',
  summary: 'Create a device public key credential',
  description: 'Asked with a token of the user that the device belongs to.',
  scopes: ['create:current_user_device_credentials'],
  body: Type.Object(
    {
      device_name: Type.String({ minLength: 1, maxLength: 1000, description: 'Name of the device' }),
      type: oneOf(['public_key'], 'Kind of the credential'),
      value: Type.String({ minLength: 1, maxLength: 10_000, description: 'The public key, base64' }),
      device_id: Type.String({
        maxLength: 36,
        pattern: '^[-A-Fa-f0-9]+$',
        description: 'Unique id of the device',
      }),
      client_id: optional(Type.String({ maxLength: 200, description: 'The id of the application' })),
    },
    open,
  ),
  responses: { 201: Type.Object({ id: Type.String() }, closed) },
  errors: [409],
});

export const deleteDeviceCredential = defineOperation({
  id: 'delete_device-credentials_by_id',
  method: 'DELETE',
  path: '/device-credentials/{id}',
  tag: 'device-credentials',
  summary: 'Delete a device credential',
  scopes: ['delete:device_credentials', 'delete:current_user_device_credentials'],
  parameters: Type.Object({ id: Type.String({ maxLength: 200, description: 'The id of the credential' }) }),
  responses: { 204: null },
});
