import { Type } from 'typebox';

/** One event of the log. A key without a value is absent. */
export const LogRecord = Type.Object(
  {
    _id: Type.String({ description: 'The same as log_id.' }),
    log_id: Type.String({ description: 'Fifty-six digits that sort by the time of ingestion.' }),
    date: Type.String({ description: 'When it happened: ISO 8601, UTC, milliseconds.' }),
    type: Type.String({ description: 'The code of the event, such as sapi or fp.' }),
    description: Type.Optional(Type.String()),
    connection: Type.Optional(Type.String()),
    connection_id: Type.Optional(Type.String()),
    client_id: Type.Optional(Type.String()),
    client_name: Type.Optional(Type.String()),
    ip: Type.Optional(Type.String()),
    hostname: Type.Optional(Type.String()),
    user_id: Type.Optional(Type.String()),
    user_name: Type.Optional(Type.String()),
    audience: Type.Optional(Type.String()),
    scope: Type.Optional(Type.String()),
    strategy: Type.Optional(Type.String()),
    strategy_type: Type.Optional(Type.String()),
    user_agent: Type.Optional(Type.String({ description: 'The header as it was sent.' })),
    isMobile: Type.Optional(Type.Boolean({ description: 'Present when the event came from a browser.' })),
    details: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: true, description: 'Depends on the type; secrets are masked.' },
      ),
    ),
  },
  { additionalProperties: true },
);

/** The same after `fields` took keys away. */
export const SelectedLogRecord = Type.Partial(LogRecord);

/** A page of events with the number of all that match. */
export const LogPage = Type.Object(
  {
    start: Type.Integer(),
    limit: Type.Integer(),
    length: Type.Integer({ description: 'The number of events in this answer.' }),
    logs: Type.Array(SelectedLogRecord),
    total: Type.Integer(),
  },
  { additionalProperties: false },
);
