import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging } from '../paging.ts';
import { closed, nullable, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';

const moment = Type.String({ format: 'date-time' });
const metadata = (what: string) =>
  nullable(
    Type.Record(Type.String(), Type.Unknown(), {
      maxProperties: 25,
      description: `Data of your own about the ${what}`,
    }),
  );

export const Device = Type.Object(
  {
    initial_ip: optional(nullable(Type.String())),
    initial_user_agent: optional(Type.String()),
    last_ip: optional(nullable(Type.String())),
    last_user_agent: optional(Type.String()),
  },
  closed,
);

export const Session = Type.Object(
  {
    id: Type.String({ description: 'The id of the session; the `sid` of ID tokens.' }),
    user_id: Type.String(),
    created_at: moment,
    updated_at: moment,
    authenticated_at: moment,
    idle_expires_at: moment,
    expires_at: moment,
    last_interacted_at: moment,
    device: Device,
    clients: Type.Array(Type.Object({ client_id: Type.String() }, closed)),
    authentication: Type.Object(
      {
        methods: Type.Array(
          Type.Object({ name: Type.String(), timestamp: moment, type: optional(Type.String()) }, closed),
        ),
      },
      closed,
    ),
    cookie: Type.Object({ mode: Type.String() }, closed),
    session_metadata: optional(metadata('session')),
  },
  closed,
);

export const RefreshToken = Type.Object(
  {
    id: Type.String({
      description: 'The id of the token’s family; it stays through rotations. Not the token.',
    }),
    user_id: Type.String(),
    created_at: moment,
    idle_expires_at: nullable(moment),
    expires_at: nullable(moment),
    last_exchanged_at: nullable(moment),
    device: Device,
    client_id: Type.String(),
    session_id: nullable(Type.String()),
    rotating: Type.Boolean(),
    resource_servers: Type.Array(Type.Object({ audience: Type.String(), scopes: Type.String() }, closed)),
    refresh_token_metadata: optional(metadata('refresh token')),
  },
  closed,
);

const Empty = Type.Object({}, closed);
const SelectedRefreshToken = Type.Partial(RefreshToken);
const SessionId = Type.Object({ id: Type.String({ maxLength: 50, description: 'The id of the session' }) });
const RefreshTokenId = Type.Object({
  id: Type.String({ maxLength: 50, description: 'The id of the refresh token' }),
});
const OwnerId = Type.Object({
  user_id: Type.String({ pattern: '^.+\\|.+$', maxLength: 600, description: 'The user_id of the user' }),
});
const OwnerPaging = Type.Object(
  {
    ...checkpointPaging,
    include_totals: optional(
      Type.Boolean({ description: 'Accepted for compatibility; such lists have no totals.' }),
    ),
  },
  closed,
);

export const getSession = defineOperation({
  id: 'get_session',
  method: 'GET',
  path: '/sessions/{id}',
  tag: 'sessions',
  summary: 'Get session',
  scopes: ['read:sessions'],
  parameters: SessionId,
  responses: { 200: Session },
  errors: [404],
});

export const updateSession = defineOperation({
  id: 'patch_sessions_by_id',
  method: 'PATCH',
  path: '/sessions/{id}',
  tag: 'sessions',
  summary: 'Update session',
  scopes: ['update:sessions'],
  parameters: SessionId,
  body: Type.Object({ session_metadata: optional(metadata('session')) }, { ...closed, minProperties: 1 }),
  responses: { 200: Session },
  errors: [404],
});

export const deleteSession = defineOperation({
  id: 'delete_session',
  method: 'DELETE',
  path: '/sessions/{id}',
  tag: 'sessions',
  summary: 'Delete session',
  description:
    'Ends the session. Refresh tokens that came of it stay; `POST /sessions/{id}/revoke` ends them too.',
  scopes: ['delete:sessions'],
  parameters: SessionId,
  responses: { 202: Empty },
});

export const revokeSession = defineOperation({
  id: 'revoke_session',
  method: 'POST',
  path: '/sessions/{id}/revoke',
  tag: 'sessions',
  summary: 'Revoke session',
  description: 'Ends the session and every refresh token that came of it.',
  scopes: ['delete:sessions', 'delete:refresh_tokens'],
  parameters: SessionId,
  responses: { 202: Empty },
  errors: [404],
});

export const listUserSessions = defineOperation({
  id: 'get_sessions_for_user',
  method: 'GET',
  path: '/users/{user_id}/sessions',
  tag: 'users',
  summary: 'Get sessions for user',
  scopes: ['read:sessions'],
  parameters: OwnerId,
  query: OwnerPaging,
  responses: {
    200: Type.Object({ sessions: Type.Array(Session), next: optional(Type.String()) }, closed),
  },
  errors: [404],
});

export const deleteUserSessions = defineOperation({
  id: 'delete_sessions_for_user',
  method: 'DELETE',
  path: '/users/{user_id}/sessions',
  tag: 'users',
  summary: 'Delete sessions for user',
  scopes: ['delete:sessions'],
  parameters: OwnerId,
  responses: { 202: Empty },
  errors: [404],
});

export const revokeUserAccess = defineOperation({
  id: 'user_revoke_access',
  method: 'POST',
  path: '/users/{id}/revoke-access',
  tag: 'users',
  summary: 'Revoke access of a user',
  description:
    'Ends all sessions and refresh tokens of a user, or one session and the refresh tokens that came of it, at once.',
  scopes: ['delete:sessions', 'delete:refresh_tokens'],
  parameters: UserIdParameters,
  body: Type.Object(
    {
      session_id: optional(
        Type.String({ minLength: 1, maxLength: 50, description: 'Only this session of the user' }),
      ),
      preserve_refresh_tokens: optional(
        Type.Boolean({ description: 'Whether refresh tokens go on. Default false.' }),
      ),
    },
    closed,
  ),
  responses: { 202: Empty },
  errors: [404],
});

export const listUserRefreshTokens = defineOperation({
  id: 'get_refresh_tokens_for_user',
  method: 'GET',
  path: '/users/{user_id}/refresh-tokens',
  tag: 'users',
  summary: 'Get refresh tokens for a user',
  scopes: ['read:refresh_tokens'],
  parameters: OwnerId,
  query: OwnerPaging,
  responses: {
    200: Type.Object({ tokens: Type.Array(RefreshToken), next: optional(Type.String()) }, closed),
  },
  errors: [404],
});

export const deleteUserRefreshTokens = defineOperation({
  id: 'delete_refresh_tokens_for_user',
  method: 'DELETE',
  path: '/users/{user_id}/refresh-tokens',
  tag: 'users',
  summary: 'Delete refresh tokens for a user',
  scopes: ['delete:refresh_tokens'],
  parameters: OwnerId,
  responses: { 202: Empty },
  errors: [404],
});

export const listRefreshTokens = defineOperation({
  id: 'get_refresh_tokens',
  method: 'GET',
  path: '/refresh-tokens',
  tag: 'refresh-tokens',
  summary: 'Get refresh tokens',
  scopes: ['read:refresh_tokens'],
  query: Type.Object(
    {
      ...checkpointPaging,
      user_id: Type.String({ maxLength: 600, description: 'The user_id of the user' }),
      client_id: optional(Type.String({ maxLength: 200, description: 'Only tokens of this application' })),
      fields: optional(Type.String({ maxLength: 4000, description: 'Comma-separated list of fields' })),
      include_fields: optional(Type.Boolean({ description: 'Whether the fields are included or excluded' })),
    },
    closed,
  ),
  responses: {
    200: Type.Object(
      { refresh_tokens: Type.Array(SelectedRefreshToken), next: optional(Type.String()) },
      closed,
    ),
  },
  errors: [404],
});

export const getRefreshToken = defineOperation({
  id: 'get_refresh_token',
  method: 'GET',
  path: '/refresh-tokens/{id}',
  tag: 'refresh-tokens',
  summary: 'Get a refresh token',
  scopes: ['read:refresh_tokens'],
  parameters: RefreshTokenId,
  responses: { 200: RefreshToken },
  errors: [404],
});

export const updateRefreshToken = defineOperation({
  id: 'patch_refresh-tokens_by_id',
  method: 'PATCH',
  path: '/refresh-tokens/{id}',
  tag: 'refresh-tokens',
  summary: 'Update a refresh token',
  scopes: ['update:refresh_tokens'],
  parameters: RefreshTokenId,
  body: Type.Object(
    { refresh_token_metadata: optional(metadata('refresh token')) },
    { ...closed, minProperties: 1 },
  ),
  responses: { 200: RefreshToken },
  errors: [404],
});

export const deleteRefreshToken = defineOperation({
  id: 'delete_refresh_token',
  method: 'DELETE',
  path: '/refresh-tokens/{id}',
  tag: 'refresh-tokens',
  summary: 'Delete a refresh token',
  scopes: ['delete:refresh_tokens'],
  parameters: RefreshTokenId,
  responses: { 204: null },
});

export const revokeRefreshTokens = defineOperation({
  id: 'revoke_refresh_tokens',
  method: 'POST',
  path: '/refresh-tokens/revoke',
  tag: 'refresh-tokens',
  summary: 'Revoke refresh tokens',
  description:
    'By their ids, or all of a user, of a user and a client, or of a client; with `audience` only those for that API.',
  scopes: ['delete:refresh_tokens'],
  body: Type.Object(
    {
      ids: optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 30 }), { minItems: 1, maxItems: 1000 }),
      ),
      user_id: optional(
        Type.String({ minLength: 1, maxLength: 300, description: 'The user_id of the user' }),
      ),
      client_id: optional(
        Type.String({ minLength: 1, maxLength: 64, description: 'The id of the application' }),
      ),
      audience: optional(
        Type.String({ minLength: 1, maxLength: 600, description: 'The identifier of the API' }),
      ),
    },
    { ...closed, minProperties: 1 },
  ),
  responses: { 202: Empty },
});
