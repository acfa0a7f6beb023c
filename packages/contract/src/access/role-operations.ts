import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging, offsetPaging } from '../paging.ts';
import { closed, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';

/** Users, or roles, that one call names. */
export const mostNamedAtOnce = 1000;

export const Role = Type.Object(
  { id: Type.String(), name: Type.String(), description: optional(Type.String()) },
  closed,
);

/** A user as the list of a role's users shows them. */
export const RoleUser = Type.Object(
  {
    user_id: Type.String(),
    email: optional(Type.String()),
    picture: optional(Type.String()),
    name: optional(Type.String()),
  },
  closed,
);

export const RoleIdParameters = Type.Object({
  id: Type.String({ maxLength: 200, description: 'ID of the role' }),
});
const name = () => Type.String({ minLength: 1, maxLength: 255, description: 'Name of the role, unique' });
const description = () => Type.String({ maxLength: 2000, description: 'Description of the role' });

const roleIds = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  minItems: 1,
  maxItems: mostNamedAtOnce,
  description: 'IDs of the roles',
});

const counts = { start: Type.Integer(), limit: Type.Integer(), total: Type.Integer() };
const RoleList = Type.Union([Type.Array(Role), Type.Object({ ...counts, roles: Type.Array(Role) }, closed)]);

export const listRoles = defineOperation({
  id: 'get_roles',
  method: 'GET',
  path: '/roles',
  tag: 'roles',
  summary: 'Get roles',
  description: 'In the order of their names.',
  scopes: ['read:roles'],
  query: Type.Object(
    {
      ...offsetPaging,
      name_filter: optional(
        Type.String({ maxLength: 255, description: 'A part of the name; case does not matter.' }),
      ),
    },
    closed,
  ),
  responses: { 200: RoleList },
});

export const createRole = defineOperation({
  id: 'post_roles',
  method: 'POST',
  path: '/roles',
  tag: 'roles',
  summary: 'Create a role',
  scopes: ['create:roles'],
  body: Type.Object({ name: name(), description: optional(description()) }, closed),
  responses: { 200: Role },
  errors: [409],
});

export const getRole = defineOperation({
  id: 'get_roles_by_id',
  method: 'GET',
  path: '/roles/{id}',
  tag: 'roles',
  summary: 'Get a role',
  scopes: ['read:roles'],
  parameters: RoleIdParameters,
  responses: { 200: Role },
  errors: [404],
});

export const updateRole = defineOperation({
  id: 'patch_roles_by_id',
  method: 'PATCH',
  path: '/roles/{id}',
  tag: 'roles',
  summary: 'Update a role',
  scopes: ['update:roles'],
  parameters: RoleIdParameters,
  body: Type.Object({ name: optional(name()), description: optional(description()) }, closed),
  responses: { 200: Role },
  errors: [404, 409],
});

export const deleteRole = defineOperation({
  id: 'delete_roles_by_id',
  method: 'DELETE',
  path: '/roles/{id}',
  tag: 'roles',
  summary: 'Delete a role',
  description: 'Whoever has it has it no more.',
  scopes: ['delete:roles'],
  parameters: RoleIdParameters,
  responses: { 200: Type.Object({}, closed) },
  errors: [404],
});

export const listRoleUsers = defineOperation({
  id: 'get_role_user',
  method: 'GET',
  path: '/roles/{id}/users',
  tag: 'roles',
  summary: "Get a role's users",
  description: 'Who has had it for longest comes first. Needs read:users, read:roles and read:role_members.',
  scopes: ['read:users'],
  requiredScopes: ['read:roles', 'read:role_members'],
  parameters: RoleIdParameters,
  query: Type.Object({ ...offsetPaging, ...checkpointPaging }, closed),
  responses: {
    200: Type.Union([
      Type.Array(RoleUser),
      Type.Object({ ...counts, users: Type.Array(RoleUser) }, closed),
      Type.Object({ next: optional(Type.String()), users: Type.Array(RoleUser) }, closed),
    ]),
  },
  errors: [404],
});

export const assignRoleUsers = defineOperation({
  id: 'post_role_users',
  method: 'POST',
  path: '/roles/{id}/users',
  tag: 'roles',
  summary: 'Assign users to a role',
  description: 'All of them or, when one does not exist, nobody. Whoever has the role keeps it.',
  scopes: ['update:roles', 'create:role_members'],
  parameters: RoleIdParameters,
  body: Type.Object(
    {
      users: Type.Array(Type.String({ format: 'user-id', maxLength: 600 }), {
        maxItems: mostNamedAtOnce,
        description: 'user_ids of the users',
      }),
    },
    closed,
  ),
  responses: { 200: Type.Object({}, closed) },
  errors: [404],
});

export const listUserRoles = defineOperation({
  id: 'get_user_roles',
  method: 'GET',
  path: '/users/{id}/roles',
  tag: 'users',
  summary: "Get a user's roles",
  description: 'In the order of their names. Needs read:users, read:roles and read:role_members.',
  scopes: ['read:users'],
  requiredScopes: ['read:roles', 'read:role_members'],
  parameters: UserIdParameters,
  query: Type.Object({ ...offsetPaging }, closed),
  responses: { 200: RoleList },
  errors: [404],
});

export const assignUserRoles = defineOperation({
  id: 'post_user_roles',
  method: 'POST',
  path: '/users/{id}/roles',
  tag: 'users',
  summary: 'Assign roles to a user',
  description: 'All of them or, when one does not exist, none.',
  scopes: ['update:users', 'create:role_members'],
  parameters: UserIdParameters,
  body: Type.Object({ roles: roleIds }, closed),
  responses: { 204: null },
  errors: [404],
});

export const removeUserRoles = defineOperation({
  id: 'delete_user_roles',
  method: 'DELETE',
  path: '/users/{id}/roles',
  tag: 'users',
  summary: 'Remove roles from a user',
  description:
    'The body names them, as it does for assigning. A role that the user does not have is no error.',
  scopes: ['update:users', 'delete:role_members'],
  parameters: UserIdParameters,
  body: Type.Object({ roles: roleIds }, closed),
  responses: { 204: null },
  errors: [404],
});
