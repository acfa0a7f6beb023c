import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { checkpointPaging, fieldSelection, offsetPaging } from '../paging.ts';
import { UserIdParameters } from '../users/user-operations.ts';
import { LogPage, LogRecord, SelectedLogRecord } from './log-schemas.ts';

const sort = Type.Optional(
  Type.String({
    maxLength: 100,
    description: 'Field to sort by: `date:1` is oldest first, `date:-1`, the default, newest first.',
  }),
);

export const listLogs = defineOperation({
  id: 'get_logs',
  method: 'GET',
  path: '/logs',
  tag: 'logs',
  summary: 'List log events',
  description:
    'Pages by `page` and `per_page`, newest first; or, for reading everything once, by `from` and `take`: oldest first, strictly ' +
    'after `from`, and the `Link` header names the next request. With `from` or `take` all other parameters are ignored. ' +
    'Callers with `read:logs_users` alone get the events that belong to a user.',
  scopes: ['read:logs', 'read:logs_users'],
  query: Type.Object(
    {
      ...offsetPaging,
      ...fieldSelection,
      q: Type.Optional(
        Type.String({
          maxLength: 10_000,
          description:
            'A query in the search language on log_id, date, type, description, user_id, user_name, client_id, client_name, connection, ' +
            'connection_id, strategy, strategy_type, ip, user_agent, hostname, audience and scope.',
        }),
      ),
      sort,
      from: Type.Optional(
        Type.String({
          pattern: '^[0-9]{0,64}$',
          description: 'The log_id of the last event that was read; empty starts at the oldest.',
        }),
      ),
      take: checkpointPaging.take,
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Union([Type.Array(SelectedLogRecord), LogPage]) },
});

export const getLog = defineOperation({
  id: 'get_logs_by_id',
  method: 'GET',
  path: '/logs/{id}',
  tag: 'logs',
  summary: 'Get a log event',
  scopes: ['read:logs', 'read:logs_users'],
  parameters: Type.Object({ id: Type.String({ maxLength: 200, description: 'The log_id of the event' }) }),
  responses: { 200: LogRecord },
  errors: [404],
});

export const listUserLogs = defineOperation({
  id: 'get_logs_by_user',
  method: 'GET',
  path: '/users/{id}/logs',
  tag: 'users',
  summary: "List a user's log events",
  description:
    'Newest first. Events outlive their user; a user without any, known or not, has an empty list. Without `page` and ' +
    '`per_page` the newest 1,000 come back.',
  scopes: ['read:logs', 'read:logs_users'],
  parameters: UserIdParameters,
  query: Type.Object({ ...offsetPaging, sort }, { additionalProperties: false }),
  responses: { 200: Type.Union([Type.Array(LogRecord), LogPage]) },
});
