import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, oneOf, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';

export const administratorRoles = ['owner', 'administrator', 'support', 'auditor'] as const;

/** A user who may come into the dashboard. */
export const Administrator = Type.Object(
  {
    user_id: Type.String(),
    role: oneOf(administratorRoles),
    created_at: Type.String({ description: 'Since when: ISO 8601, UTC.' }),
    name: optional(Type.String()),
    email: optional(Type.String()),
  },
  closed,
);

export const listAdministrators = defineOperation({
  id: 'get_administrators',
  method: 'GET',
  path: '/administrators',
  tag: 'administrators',
  summary: 'List administrators',
  description: 'Beyond the reference: who may come into the dashboard, and as what. The first ones first.',
  scopes: ['read:administrators'],
  responses: { 200: Type.Object({ administrators: Type.Array(Administrator) }, closed) },
});

export const setAdministrator = defineOperation({
  id: 'put_administrators_by_id',
  method: 'PUT',
  path: '/administrators/{id}',
  tag: 'administrators',
  summary: 'Make a user an administrator',
  description:
    'Beyond the reference: gives a user a role, or another one. It holds from the next request on, for tokens issued before too.',
  scopes: ['update:administrators'],
  parameters: UserIdParameters,
  body: Type.Object({ role: oneOf(administratorRoles) }, closed),
  responses: { 200: Administrator },
  errors: [404, 409],
});

export const deleteAdministrator = defineOperation({
  id: 'delete_administrators_by_id',
  method: 'DELETE',
  path: '/administrators/{id}',
  tag: 'administrators',
  summary: 'Take the administrator role from a user',
  description: 'Beyond the reference: the user stays. The last owner cannot be removed.',
  scopes: ['update:administrators'],
  parameters: UserIdParameters,
  responses: { 204: null },
  errors: [409],
});
