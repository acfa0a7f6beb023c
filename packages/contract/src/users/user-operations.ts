import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging, fieldSelection, offsetPaging } from '../paging.ts';
import { CreateUserBody, UpdateUserBody, User } from './user-schemas.ts';

/** A `user_id` in a path: percent-encoded, must hold the `|` between provider and id. */
export const UserIdParameters = Type.Object({
  id: Type.String({
    pattern: '^.+\\|.+$',
    maxLength: 600,
    description: 'The user_id of the user to retrieve',
  }),
});

const searchParameters = {
  ...offsetPaging,
  ...checkpointPaging,
  // It carries the last row's sort key, up to 2,000 bytes of text, each six characters long in JSON at worst.
  from: Type.Optional(
    Type.String({
      maxLength: 20_000,
      description: 'Optional id from which to start selection: the `next` of the answer before.',
    }),
  ),
  ...fieldSelection,
  sort: Type.Optional(
    Type.String({
      pattern: '^.+:(1|-1)$',
      maxLength: 600,
      description:
        'Field to sort by: `field:1` is ascending, `field:-1` descending. A metadata path such as `user_metadata.plan` is a field too.',
    }),
  ),
  connection: Type.Optional(Type.String({ maxLength: 128, description: 'Connection filter.' })),
  search_engine: Type.Optional(
    Type.Union([Type.Literal('v1'), Type.Literal('v2'), Type.Literal('v3')], {
      description: 'The version of the search engine.',
    }),
  ),
  primary_order: Type.Optional(Type.Boolean({ description: 'Accepted; the order is always deterministic.' })),
};
const query = (maxLength: number) =>
  Type.Optional(Type.String({ maxLength, description: 'Query in the search language, docs/search.md.' }));

const UserList = Type.Union([
  Type.Array(User),
  Type.Object(
    {
      start: Type.Integer(),
      limit: Type.Integer(),
      length: Type.Integer(),
      users: Type.Array(User),
      total: Type.Integer(),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      users: Type.Array(User),
      next: Type.Optional(Type.String()),
      total: Type.Optional(
        Type.Integer({
          description:
            'With `include_totals`, of the first page: how many match, where counting them takes little; `page` and `per_page` count whatever it takes.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
]);

export const listUsers = defineOperation({
  id: 'get_users',
  method: 'GET',
  path: '/users',
  tag: 'users',
  summary: 'List or search users',
  scopes: ['read:users', 'read:user_idp_tokens'],
  query: Type.Object({ q: query(1_000_000), ...searchParameters }, { additionalProperties: false }),
  responses: { 200: UserList },
  errors: [503],
});

/** Beyond the reference: `listUsers` for queries that are too long for a URL. */
export const searchUsers = defineOperation({
  id: 'post_users_search',
  method: 'POST',
  path: '/users/search',
  tag: 'users',
  summary: 'Search users by a long query',
  isReading: true,
  scopes: ['read:users', 'read:user_idp_tokens'],
  body: Type.Object({ q: query(2_000_000), ...searchParameters }, { additionalProperties: false }),
  responses: { 200: UserList },
  errors: [503],
});

export const createUser = defineOperation({
  id: 'post_users',
  method: 'POST',
  path: '/users',
  tag: 'users',
  summary: 'Create a user',
  scopes: ['create:users'],
  body: CreateUserBody,
  responses: { 201: User },
  errors: [409],
});

export const getUser = defineOperation({
  id: 'get_users_by_id',
  method: 'GET',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Get a user',
  description:
    'The answer carries an `ETag`; send it as `If-Match` with a PATCH or DELETE to notice a change made meanwhile.',
  scopes: ['read:users', 'read:user_idp_tokens', 'read:current_user'],
  parameters: UserIdParameters,
  query: Type.Object({ ...fieldSelection }, { additionalProperties: false }),
  responses: { 200: User },
  errors: [404],
});

export const updateUser = defineOperation({
  id: 'patch_users_by_id',
  method: 'PATCH',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Update a user',
  description: 'Metadata is merged at its first level; `null` removes a key, `{}` empties the object.',
  scopes: [
    'update:users',
    'update:users_app_metadata',
    'update:current_user_metadata',
    'create:current_user_metadata',
  ],
  parameters: UserIdParameters,
  body: UpdateUserBody,
  responses: { 200: User },
  errors: [404, 409, 412],
});

export const uploadUserPicture = defineOperation({
  id: 'put_user_picture',
  method: 'PUT',
  path: '/users/{id}/picture',
  tag: 'users',
  summary: "Upload a user's picture",
  description:
    'The body is a PNG, JPEG, GIF or WebP of at most 512 KiB. `picture` becomes its address here; the picture uploaded before it is ' +
    'deleted. `PATCH` with `picture: null` goes back to the default.',
  scopes: ['update:users'],
  bodyType: 'application/octet-stream',
  parameters: UserIdParameters,
  responses: { 200: User },
  errors: [404, 412, 413],
});

export const deleteUser = defineOperation({
  id: 'delete_users_by_id',
  method: 'DELETE',
  path: '/users/{id}',
  tag: 'users',
  summary: 'Delete a user',
  description:
    'For good, at once; with `recoverable=true` the user can be brought back for `deleted_user_retention_days` of the tenant ' +
    'settings (docs/users.md).',
  scopes: ['delete:users', 'delete:current_user'],
  parameters: UserIdParameters,
  query: Type.Object(
    {
      recoverable: Type.Optional(
        Type.Boolean({
          description: 'Keep the user among the deleted ones for the recovery window. Defaults to false.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  responses: { 204: null },
  errors: [409, 412],
});

export const listUsersByEmail = defineOperation({
  id: 'get_users_by_email',
  method: 'GET',
  path: '/users-by-email',
  tag: 'users',
  summary: 'Find users by e-mail address',
  scopes: ['read:users'],
  query: Type.Object(
    {
      ...fieldSelection,
      email: Type.String({ maxLength: 1000, description: 'Email address to search for, matched exactly.' }),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(User) },
});
