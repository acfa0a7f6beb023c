import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { offsetPaging } from '../paging.ts';
import { closed, oneOf, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';
import { mostNamedAtOnce, RoleIdParameters } from './role-operations.ts';

const described = {
  resource_server_identifier: Type.String(),
  permission_name: Type.String(),
  resource_server_name: optional(Type.String()),
  description: optional(Type.String()),
};

/** A scope of an API that a role has. */
export const RolePermission = Type.Object(described, closed);

/** A scope of an API that a user has, and what from. */
export const UserPermission = Type.Object(
  {
    ...described,
    sources: Type.Array(
      Type.Object(
        {
          source_id: Type.String({ description: 'Of the role; empty where it is the user’s own.' }),
          source_name: Type.String(),
          source_type: oneOf(['DIRECT', 'ROLE'] as const),
        },
        closed,
      ),
    ),
  },
  closed,
);

const counts = { start: Type.Integer(), limit: Type.Integer(), total: Type.Integer() };
const PermissionsBody = Type.Object(
  {
    permissions: Type.Array(
      Type.Object(
        {
          resource_server_identifier: Type.String({
            maxLength: 600,
            description: 'Identifier of the API',
          }),
          permission_name: Type.String({ maxLength: 280, description: 'Scope of the API' }),
        },
        closed,
      ),
      { minItems: 1, maxItems: mostNamedAtOnce, description: 'Scopes of APIs' },
    ),
  },
  closed,
);

export const listRolePermissions = defineOperation({
  id: 'get_role_permission',
  method: 'GET',
  path: '/roles/{id}/permissions',
  tag: 'roles',
  summary: "Get a role's permissions",
  scopes: ['read:roles'],
  parameters: RoleIdParameters,
  query: Type.Object({ ...offsetPaging }, closed),
  responses: {
    200: Type.Union([
      Type.Array(RolePermission),
      Type.Object({ ...counts, permissions: Type.Array(RolePermission) }, closed),
    ]),
  },
  errors: [404],
});

export const addRolePermissions = defineOperation({
  id: 'post_role_permission_assignment',
  method: 'POST',
  path: '/roles/{id}/permissions',
  tag: 'roles',
  summary: 'Associate permissions with a role',
  description: 'All of them or, when one does not exist, none.',
  scopes: ['update:roles'],
  parameters: RoleIdParameters,
  body: PermissionsBody,
  responses: { 201: Type.Object({}, closed) },
  errors: [404],
});

export const removeRolePermissions = defineOperation({
  id: 'delete_role_permission_assignment',
  method: 'DELETE',
  path: '/roles/{id}/permissions',
  tag: 'roles',
  summary: 'Remove permissions from a role',
  description: 'The body names them. One that the role does not have is no error.',
  scopes: ['update:roles'],
  parameters: RoleIdParameters,
  body: PermissionsBody,
  responses: { 204: null },
  errors: [404],
});

export const listUserPermissions = defineOperation({
  id: 'get_permissions',
  method: 'GET',
  path: '/users/{id}/permissions',
  tag: 'users',
  summary: "Get a user's permissions",
  description: 'Their own and those of their roles, each once with all that it comes from.',
  scopes: ['read:users'],
  parameters: UserIdParameters,
  query: Type.Object({ ...offsetPaging }, closed),
  responses: {
    200: Type.Union([
      Type.Array(UserPermission),
      Type.Object({ ...counts, permissions: Type.Array(UserPermission) }, closed),
    ]),
  },
  errors: [404],
});

export const addUserPermissions = defineOperation({
  id: 'post_permissions',
  method: 'POST',
  path: '/users/{id}/permissions',
  tag: 'users',
  summary: 'Assign permissions to a user',
  description: 'All of them or, when one does not exist, none.',
  scopes: ['update:users'],
  parameters: UserIdParameters,
  body: PermissionsBody,
  responses: { 201: Type.Object({}, closed) },
  errors: [404],
});

export const removeUserPermissions = defineOperation({
  id: 'delete_permissions',
  method: 'DELETE',
  path: '/users/{id}/permissions',
  tag: 'users',
  summary: 'Remove permissions from a user',
  description: "The user's own; those of roles stay. One that the user does not have is no error.",
  scopes: ['update:users'],
  parameters: UserIdParameters,
  body: PermissionsBody,
  responses: { 204: null },
  errors: [404],
});
