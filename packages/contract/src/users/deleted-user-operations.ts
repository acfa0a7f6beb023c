import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging } from '../paging.ts';
import { UserIdParameters } from './user-operations.ts';
import { User } from './user-schemas.ts';

const optionalText = () => Type.Optional(Type.String());

/** Somebody who was deleted with `recoverable=true` and can still be brought back. */
export const DeletedUser = Type.Object(
  {
    user_id: Type.String(),
    email: optionalText(),
    username: optionalText(),
    phone_number: optionalText(),
    name: optionalText(),
    connection: Type.String({ description: 'Name of the connection of the primary identity.' }),
    deleted_at: Type.String({ description: 'ISO 8601.' }),
    deleted_by: Type.String({
      description: 'The user_id of the person, or `{client_id}@clients` of the application.',
    }),
    restorable_until: Type.String({ description: 'ISO 8601; afterwards nothing is left of the user.' }),
  },
  { additionalProperties: false },
);

/* All three are beyond the reference, which deletes for good. */

export const listDeletedUsers = defineOperation({
  id: 'get_deleted_users',
  method: 'GET',
  path: '/deleted-users',
  tag: 'users',
  summary: 'List deleted users',
  description: 'Those that can still be brought back, the latest deletion first.',
  scopes: ['read:users'],
  query: Type.Object(
    {
      q: Type.Optional(
        Type.String({
          maxLength: 600,
          description: 'A part of the id, email, username, phone number or name; case does not matter.',
        }),
      ),
      ...checkpointPaging,
    },
    { additionalProperties: false },
  ),
  responses: {
    200: Type.Object(
      { users: Type.Array(DeletedUser), next: optionalText() },
      { additionalProperties: false },
    ),
  },
});

export const restoreUser = defineOperation({
  id: 'post_deleted_user_restore',
  method: 'POST',
  path: '/deleted-users/{id}/restore',
  tag: 'users',
  summary: 'Restore a deleted user',
  description:
    'Profile, identities, metadata, picture and password come back as they were, under the same id; sessions, tokens, consents and ' +
    'dashboard roles do not. Roles do where they still exist. 409 when the id or an identifier belongs to somebody else by now, or ' +
    'the connection is gone.',
  scopes: ['delete:users'],
  parameters: UserIdParameters,
  responses: { 200: User },
  errors: [404, 409],
});

export const purgeDeletedUser = defineOperation({
  id: 'delete_deleted_user',
  method: 'DELETE',
  path: '/deleted-users/{id}',
  tag: 'users',
  summary: 'Purge a deleted user',
  description: 'Ends the recovery window of one user now: nothing brings them back.',
  scopes: ['delete:users'],
  parameters: UserIdParameters,
  responses: { 204: null },
});
