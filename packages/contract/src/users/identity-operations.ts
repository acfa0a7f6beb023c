import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, optional } from '../schema-parts.ts';
import { UserIdParameters } from './user-operations.ts';

const id = (description: string) => optional(Type.String({ minLength: 1, maxLength: 600, description }));

const LinkIdentityBody = Type.Object(
  {
    provider: id('Strategy of the account to be linked, such as google-oauth2.'),
    user_id: id('Id of the account, with or without the provider before it.'),
    connection_id: id('Connection of the account, where the provider has several.'),
    link_with: optional(
      Type.String({
        minLength: 1,
        maxLength: 20_000,
        description: 'ID token of the account to be linked, in place of the other three.',
      }),
    ),
  },
  { ...closed, minProperties: 1 },
);

const Identity = Type.Object(
  {
    connection: Type.String(),
    user_id: Type.String(),
    provider: Type.String(),
    isSocial: Type.Boolean(),
    profileData: optional(Type.Object({}, { additionalProperties: true })),
  },
  closed,
);

export const linkIdentity = defineOperation({
  id: 'post_identities',
  method: 'POST',
  path: '/users/{id}/identities',
  tag: 'users',
  summary: 'Link a user account',
  description:
    'The user of the body stops being one of its own: its identities join those of the user in the path, its metadata and sessions are ' +
    'gone. A user’s own token links by `link_with` alone.',
  scopes: ['update:users', 'update:current_user_identities'],
  parameters: UserIdParameters,
  body: LinkIdentityBody,
  responses: { 201: Type.Array(Identity) },
  errors: [404, 409, 412],
});

export const unlinkIdentity = defineOperation({
  id: 'delete_user_identity_by_user_id',
  method: 'DELETE',
  path: '/users/{id}/identities/{provider}/{user_id}',
  tag: 'users',
  summary: 'Unlink a user identity',
  description: 'The identity becomes a user of its own again, with its cached profile and without metadata.',
  scopes: ['update:users', 'update:current_user_identities'],
  parameters: Type.Object({
    ...UserIdParameters.properties,
    provider: Type.String({ maxLength: 128, description: 'Strategy of the identity.' }),
    user_id: Type.String({ maxLength: 600, description: 'Id of the identity inside its provider.' }),
  }),
  responses: { 200: Type.Array(Identity) },
  errors: [404, 409, 412],
});
