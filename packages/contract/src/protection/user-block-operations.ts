import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';

const identifier = Type.String({
  minLength: 1,
  maxLength: 600,
  description: 'E-mail address, username or phone number, as people type it to sign in.',
});

const considerEnablement = optional(
  Type.Boolean({
    description: 'Whether to show nothing while brute-force protection is off or does not block.',
  }),
);

/** Beyond the reference. */
const ip = optional(
  Type.String({
    maxLength: 60,
    description: 'Beyond the reference: lifts the block of this address alone.',
  }),
);

const UserBlocks = Type.Object(
  {
    blocked_for: Type.Array(
      Type.Object(
        {
          identifier: Type.String(),
          ip: optional(Type.String({ description: 'Absent where all addresses count together.' })),
          connection: Type.String({ description: 'Name of the connection.' }),
        },
        closed,
      ),
      { description: 'The newest first, 1,000 at most.' },
    ),
  },
  closed,
);

export const listUserBlocksByIdentifier = defineOperation({
  id: 'get_user-blocks',
  method: 'GET',
  path: '/user-blocks',
  tag: 'user-blocks',
  summary: 'Get blocks by identifier',
  description: "Blocks by brute-force protection. An administrator's block is the user's `blocked`.",
  scopes: ['read:users'],
  query: Type.Object({ identifier, consider_brute_force_enablement: considerEnablement }, closed),
  responses: { 200: UserBlocks },
});

export const deleteUserBlocksByIdentifier = defineOperation({
  id: 'delete_user-blocks',
  method: 'DELETE',
  path: '/user-blocks',
  tag: 'user-blocks',
  summary: 'Unblock by identifier',
  description: 'Lifts the blocks by brute-force protection, and forgets the wrong passwords counted so far.',
  scopes: ['update:users'],
  query: Type.Object({ identifier, ip }, closed),
  responses: { 204: null },
});

export const listUserBlocks = defineOperation({
  id: 'get_user-blocks_by_id',
  method: 'GET',
  path: '/user-blocks/{id}',
  tag: 'user-blocks',
  summary: "Get a user's blocks",
  description: 'Blocks by brute-force protection of everything that the user signs in with.',
  scopes: ['read:users'],
  parameters: UserIdParameters,
  query: Type.Object({ consider_brute_force_enablement: considerEnablement }, closed),
  responses: { 200: UserBlocks },
  errors: [404],
});

export const deleteUserBlocks = defineOperation({
  id: 'delete_user-blocks_by_id',
  method: 'DELETE',
  path: '/user-blocks/{id}',
  tag: 'user-blocks',
  summary: 'Unblock a user',
  description:
    "Lifts the blocks by brute-force protection of everything that the user signs in with. An administrator's block stays.",
  scopes: ['update:users'],
  parameters: UserIdParameters,
  query: Type.Object({ ip }, closed),
  responses: { 204: null },
  errors: [404],
});
