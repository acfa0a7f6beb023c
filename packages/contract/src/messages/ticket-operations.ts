import { Type } from 'typebox';
import { strategies } from '../connections/strategies.ts';
import { defineOperation } from '../operation.ts';
import { closed, oneOf, open, optional } from '../schema-parts.ts';
import { UserIdParameters } from '../users/user-operations.ts';

const connectionId = (description: string) =>
  optional(Type.String({ pattern: '^con_[A-Za-z0-9]{16}$', description }));

const identity = (providers: readonly string[]) =>
  optional(
    Type.Object(
      {
        user_id: Type.String({ maxLength: 600, description: 'Id inside the provider, without prefix.' }),
        provider: oneOf(providers, 'Strategy of the connection.'),
        connection_id: connectionId('Connection of the identity.'),
      },
      { ...closed, description: 'Which of the identities; default: the primary one.' },
    ),
  );

const ticket = {
  result_url: optional(
    Type.String({ format: 'url', maxLength: 2000, description: 'Where the user goes once it is used.' }),
  ),
  client_id: optional(Type.String({ format: 'client-id', description: 'Application that it is for.' })),
  organization_id: optional(Type.String({ maxLength: 50, description: 'Organization that it is for.' })),
  ttl_sec: optional(
    Type.Integer({ minimum: 0, description: 'Lifetime in seconds; 0 or absent: 432000 (5 days).' }),
  ),
  includeEmailInRedirect: optional(
    Type.Boolean({ description: 'Whether `email` is added to the result URL.' }),
  ),
};

const answer = Type.Object(
  { ticket: Type.String({ format: 'url', description: 'The link to hand to the user.' }) },
  open,
);

export const createEmailVerificationTicket = defineOperation({
  id: 'post_email_verification_ticket',
  method: 'POST',
  path: '/tickets/email-verification',
  tag: 'tickets',
  summary: 'Create an email verification ticket',
  scopes: ['create:user_tickets'],
  body: Type.Object(
    {
      user_id: Type.String({ format: 'user-id', maxLength: 600 }),
      ...ticket,
      identity: identity(strategies),
    },
    closed,
  ),
  responses: { 201: answer },
  errors: [404],
});

export const createPasswordChangeTicket = defineOperation({
  id: 'post_password_change_ticket',
  method: 'POST',
  path: '/tickets/password-change',
  tag: 'tickets',
  summary: 'Create a password change ticket',
  description: 'For `user_id`, or for `email` in `connection_id`. A newer ticket voids the older ones.',
  scopes: ['create:user_tickets'],
  body: Type.Object(
    {
      user_id: optional(Type.String({ format: 'user-id', maxLength: 600 })),
      connection_id: connectionId('Database connection of the user, with `email`.'),
      email: optional(
        Type.String({ format: 'email', description: 'Address of the user, with `connection_id`.' }),
      ),
      mark_email_as_verified: optional(
        Type.Boolean({ description: 'Whether the address counts as verified once it is used.' }),
      ),
      ...ticket,
      identity: identity(['auth0']),
    },
    closed,
  ),
  responses: { 201: answer },
  errors: [404],
});

/** Beyond the reference, where a call of the Authentication API that anybody may make does it. */
export const sendPasswordResetEmail = defineOperation({
  id: 'post_password_reset_email',
  method: 'POST',
  path: '/users/{id}/password-reset-email',
  tag: 'users',
  summary: 'Send a password reset email',
  description:
    'Mails the user of a database connection a link to choose a new password, which voids older ones. Mail and log event commit together.',
  scopes: ['create:user_tickets'],
  parameters: UserIdParameters,
  responses: { 204: null },
  errors: [404],
});
