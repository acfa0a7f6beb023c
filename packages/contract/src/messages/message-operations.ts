import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { offsetPaging } from '../paging.ts';
import { oneOf } from '../schema-parts.ts';

const time = { format: 'date-time' };

const message = {
  id: Type.Integer(),
  kind: Type.String({ description: 'Name of the template, such as `verify_email`.' }),
  to: Type.String({ description: 'Address of the recipient.' }),
  user_id: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String({ description: 'As it was sent; lists leave it out before.' })),
  status: oneOf(
    ['pending', 'sent', 'failed', 'kept'],
    '`kept`: no provider was set when it was due; it is never sent, and shows what would have been.',
  ),
  attempts: Type.Integer({ description: 'How often delivery was tried.' }),
  failure: Type.Optional(Type.String({ description: 'Why the last attempt failed.' })),
  created_at: Type.String(time),
  next_attempt_at: Type.Optional(Type.String({ ...time, description: 'Of a pending message.' })),
  finished_at: Type.Optional(
    Type.String({ ...time, description: 'When it was sent, given up or kept; it is deleted 30 days later.' }),
  ),
};

export const Message = Type.Object(message, { additionalProperties: false });

export const RenderedMessage = Type.Object(
  {
    ...message,
    from: Type.Optional(Type.String()),
    html: Type.Optional(Type.String()),
    text: Type.Optional(Type.String({ description: 'The plain text sent beside the HTML.' })),
    links: Type.Optional(
      Type.Array(Type.String(), {
        description: 'The links that act for the user; empty once it was sent, and where they are masked.',
      }),
    ),
    code: Type.Optional(
      Type.String({ description: 'The one-time code, until it is sent; absent where it is masked.' }),
    ),
  },
  { additionalProperties: false },
);

/** Beyond the reference: what the server has to send, newest first. */
export const listMessages = defineOperation({
  id: 'get_messages',
  method: 'GET',
  path: '/messages',
  tag: 'messages',
  summary: 'List messages of the outbox',
  scopes: ['read:email_provider'],
  query: Type.Object(
    {
      ...offsetPaging,
      user_id: Type.Optional(Type.String({ maxLength: 600, description: 'Only messages to this user.' })),
    },
    { additionalProperties: false },
  ),
  responses: {
    200: Type.Union([
      Type.Array(Message),
      Type.Object(
        {
          start: Type.Integer(),
          limit: Type.Integer(),
          total: Type.Integer(),
          messages: Type.Array(Message),
        },
        { additionalProperties: false },
      ),
    ]),
  },
});

export const getMessage = defineOperation({
  id: 'get_messages_by_id',
  method: 'GET',
  path: '/messages/{id}',
  tag: 'messages',
  summary: 'Get a message of the outbox as it is sent',
  description:
    'A message that is pending or kept shows its live links and codes to holders of `read:message_secrets` who may also change how its user signs in; for all others, and in one that was sent or given up, they are masked.',
  scopes: ['read:email_provider'],
  parameters: Type.Object(
    { id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
    { additionalProperties: false },
  ),
  responses: { 200: RenderedMessage },
  errors: [404],
});
