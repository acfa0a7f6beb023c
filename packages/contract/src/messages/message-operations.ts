import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { offsetPaging } from '../paging.ts';

export const Message = Type.Object(
  {
    id: Type.Integer(),
    kind: Type.String({ description: 'Name of the template, such as `verify_email`.' }),
    to: Type.String({ description: 'Address of the recipient.' }),
    user_id: Type.Optional(Type.String()),
    status: Type.Union([Type.Literal('pending'), Type.Literal('sent'), Type.Literal('failed')]),
    created_at: Type.String({ format: 'date-time' }),
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
