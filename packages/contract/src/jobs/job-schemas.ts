import { Type } from 'typebox';
import { oneOf } from '../schema-parts.ts';

export const JobSummary = Type.Object(
  {
    failed: Type.Optional(Type.Integer()),
    updated: Type.Optional(Type.Integer()),
    changed: Type.Optional(Type.Integer({ description: 'Users that an action changed.' })),
    inserted: Type.Optional(Type.Integer()),
    unchanged: Type.Optional(
      Type.Integer({
        description: 'Users that an upsert found as they are in the file, or an action as it makes them.',
      }),
    ),
    total: Type.Optional(
      Type.Integer({ description: 'Rows so far; of an action, all users that it is about.' }),
    ),
  },
  { additionalProperties: false },
);

export const ExportField = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Path such as `email`, `user_metadata.plan` or `identities[0].connection`.',
    }),
    export_as: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Name of the column.' }),
    ),
  },
  { additionalProperties: false },
);

/** What a job can do to many users. */
export const UserAction = oneOf([
  'block',
  'unblock',
  'delete',
  'restore',
  'send_verification_email',
  'assign_roles',
  'remove_roles',
] as const);

export const Job = Type.Object(
  {
    id: Type.String(),
    type: Type.String({
      description: '`users_import`, `users_export`, `users_action` or `verification_email`.',
    }),
    status: oneOf(['pending', 'processing', 'completed', 'failed', 'cancelled'] as const),
    created_at: Type.String({ format: 'date-time' }),
    connection_id: Type.Optional(Type.String()),
    connection: Type.Optional(Type.String({ description: 'Name of the connection.' })),
    external_id: Type.Optional(Type.String()),
    upsert: Type.Optional(Type.Boolean()),
    send_completion_email: Type.Optional(Type.Boolean()),
    merge_metadata: Type.Optional(Type.Boolean()),
    dry_run: Type.Optional(Type.Boolean()),
    format: Type.Optional(Type.String({ description: '`json` or `csv`.' })),
    limit: Type.Optional(Type.Integer()),
    fields: Type.Optional(Type.Array(ExportField)),
    q: Type.Optional(Type.String()),
    action: Type.Optional(UserAction),
    roles: Type.Optional(
      Type.Array(Type.String(), { description: 'IDs of the roles that are assigned or removed.' }),
    ),
    changed_by: Type.Optional(
      Type.String({ description: 'The job whose changed users the action is about.' }),
    ),
    percentage_done: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    time_left_seconds: Type.Optional(
      Type.Integer({ minimum: 0, description: 'At the speed since the job was last taken up.' }),
    ),
    phase: Type.Optional(
      Type.Literal('building_indexes', {
        description: 'All rows are in; the search indexes that were put off for them are built.',
      }),
    ),
    summary: Type.Optional(JobSummary),
    location: Type.Optional(
      Type.String({ description: 'Signed address of the export. It expires; every answer has a new one.' }),
    ),
    report_location: Type.Optional(
      Type.String({ description: 'Signed address of the fate of every row, one JSON object a line.' }),
    ),
    status_details: Type.Optional(Type.String({ description: 'Why the job failed.' })),
  },
  { additionalProperties: false },
);

export const RowError = Type.Object(
  {
    user: Type.Object({}, { additionalProperties: true, description: 'As in the file; secrets as `*****`.' }),
    errors: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          message: Type.String(),
          path: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
    row: Type.Optional(
      Type.Integer({ description: 'Number of the row in the file, from 1; with `from` or `take`.' }),
    ),
    line: Type.Optional(
      Type.Integer({ description: 'Line of the file that the row begins at; with `from` or `take`.' }),
    ),
  },
  { additionalProperties: false },
);
