import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { offsetPaging } from '../paging.ts';
import { ExportField, Job, RowError, UserAction } from './job-schemas.ts';

const JobParameters = Type.Object({ id: Type.String({ maxLength: 64, description: 'Id of the job.' }) });
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));

/** The parts of an import's form, beside the file in `users`. */
export const ImportForm = Type.Object(
  {
    connection_id: Type.String({
      pattern: '^con_[A-Za-z0-9]{16}$',
      description: 'Database connection that the users go into.',
    }),
    upsert: flag('Whether users that are there already are updated. Default false.'),
    external_id: Type.Optional(
      Type.String({ maxLength: 255, description: 'Your own name for the job; shown with it.' }),
    ),
    send_completion_email: flag('Whether the owners get a message at the end. Default true.'),
    merge_metadata: flag(
      'Whether an upsert merges metadata at its first level, as PATCH does, instead of replacing it.',
    ),
    dry_run: flag('Whether only to report what would happen to every row.'),
    upload_id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'A complete upload, in place of the file.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const createUsersImport = defineOperation({
  id: 'post_users-imports',
  method: 'POST',
  path: '/jobs/users-imports',
  tag: 'jobs',
  summary: 'Create import users job',
  description:
    'A multipart form with the file in `users`: a JSON array, one JSON object a line, or CSV; plain or gzip. ' +
    'Rows with roles need update:users or create:role_members; rows that take roles, update:users or delete:role_members.',
  scopes: ['create:users'],
  bodyType: 'multipart/form-data',
  body: ImportForm,
  responses: { 202: Job },
  errors: [404, 409, 413],
});

export const createUsersExport = defineOperation({
  id: 'post_users-exports',
  method: 'POST',
  path: '/jobs/users-exports',
  tag: 'jobs',
  summary: 'Create export users job',
  scopes: ['read:users'],
  body: Type.Object(
    {
      connection_id: Type.Optional(
        Type.String({ pattern: '^con_[A-Za-z0-9]{16}$', description: 'Only users of this connection.' }),
      ),
      format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Users at most.' }),
      ),
      fields: Type.Optional(Type.Array(ExportField, { maxItems: 1000 })),
      q: Type.Optional(
        Type.String({
          maxLength: 1_000_000,
          description: 'Only users that this search finds, docs/search.md.',
        }),
      ),
      sort: Type.Optional(
        Type.String({
          pattern: '^.+:(1|-1)$',
          maxLength: 600,
          description: 'Order of the rows, as the list of users takes it.',
        }),
      ),
      include_password_hashes: flag(
        'Whether password hashes and second factors are exported, as an import takes them. Needs read:users_credentials; logged.',
      ),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Job },
});

/** Users that one action names by their ids. */
export const mostActionUsers = 20_000;

/** Beyond the reference. */
export const createUsersAction = defineOperation({
  id: 'post_users-actions',
  method: 'POST',
  path: '/jobs/users-actions',
  tag: 'jobs',
  summary: 'Create job that acts on many users',
  description:
    'Does to each user what the call for one user does, with its checks and log events. Exactly one of `user_ids`, `q` and `changed_by` says which. ' +
    'Deletions and restoring need delete:users, everything else update:users; `q` and `changed_by` also read:users.',
  scopes: ['update:users', 'delete:users'],
  body: Type.Object(
    {
      action: UserAction,
      user_ids: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
          minItems: 1,
          maxItems: mostActionUsers,
          description: 'These users; one that is named twice counts once.',
        }),
      ),
      q: Type.Optional(
        Type.String({
          maxLength: 1_000_000,
          description:
            'Users that this search finds when the job begins, docs/search.md; all of them when it is empty.',
        }),
      ),
      changed_by: Type.Optional(
        Type.String({
          maxLength: 64,
          description: 'Users that this earlier, ended job of the same kind changed: for its undo.',
        }),
      ),
      connection_id: Type.Optional(
        Type.String({
          pattern: '^con_[A-Za-z0-9]{16}$',
          description: 'With `q`: only users of this connection.',
        }),
      ),
      roles: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
          minItems: 1,
          maxItems: 100,
          description: 'IDs of the roles, with `assign_roles` and `remove_roles`',
        }),
      ),
      dry_run: flag(
        'Whether only to count what would come of it: each user is tried and left as they are. Default false.',
      ),
      recoverable: flag(
        'Whether deleted users can be brought back for as long as the tenant keeps them. Default true.',
      ),
    },
    { additionalProperties: false },
  ),
  responses: { 202: Job },
  errors: [404, 409],
});

export const createVerificationEmail = defineOperation({
  id: 'post_verification-email',
  method: 'POST',
  path: '/jobs/verification-email',
  tag: 'jobs',
  summary: 'Send an email address verification email',
  description: 'The message is in the outbox when this is answered.',
  scopes: ['update:users'],
  body: Type.Object(
    {
      user_id: Type.String({ maxLength: 1000, description: 'User that the message goes to.' }),
      client_id: Type.Optional(
        Type.String({ maxLength: 64, description: 'Application that the message is about.' }),
      ),
      identity: Type.Optional(
        Type.Object(
          {
            user_id: Type.String({ maxLength: 255, description: 'Id inside the provider, without prefix.' }),
            provider: Type.String({ maxLength: 128 }),
            connection_id: Type.Optional(Type.String({ maxLength: 64 })),
          },
          { additionalProperties: false, description: 'Default: the primary identity.' },
        ),
      ),
      organization_id: Type.Optional(Type.String({ maxLength: 64 })),
    },
    { additionalProperties: false },
  ),
  responses: { 201: Job },
  errors: [404],
});

export const getJob = defineOperation({
  id: 'get_jobs_by_id',
  method: 'GET',
  path: '/jobs/{id}',
  tag: 'jobs',
  summary: 'Get a job',
  description:
    'Any job with create:users or read:users; with the other scopes, those that the caller asked for.',
  scopes: ['create:users', 'read:users', 'update:users', 'delete:users'],
  parameters: JobParameters,
  responses: { 200: Job },
  errors: [404],
});

/** Beyond the reference. */
export const listJobs = defineOperation({
  id: 'get_jobs',
  method: 'GET',
  path: '/jobs',
  tag: 'jobs',
  summary: 'List jobs, newest first',
  scopes: ['create:users', 'read:users'],
  query: Type.Object(
    {
      ...offsetPaging,
      type: Type.Optional(
        Type.Union([
          Type.Literal('users_import'),
          Type.Literal('users_export'),
          Type.Literal('users_action'),
        ]),
      ),
    },
    { additionalProperties: false },
  ),
  responses: {
    200: Type.Union([
      Type.Array(Job),
      Type.Object(
        { start: Type.Integer(), limit: Type.Integer(), total: Type.Integer(), jobs: Type.Array(Job) },
        { additionalProperties: false },
      ),
    ]),
  },
});

export const listJobErrors = defineOperation({
  id: 'get_errors',
  method: 'GET',
  path: '/jobs/{id}/errors',
  tag: 'jobs',
  summary: 'Get job error details',
  description:
    'The rows that failed, in order: all of them, or a page. 204 when there are none; the job itself when it failed as a whole before any row did. Scopes are those of the job.',
  scopes: ['create:users', 'read:users', 'update:users', 'delete:users'],
  parameters: JobParameters,
  query: Type.Object(
    {
      from: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'Only rows after this one.',
        }),
      ),
      take: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Rows at most.' })),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Union([Type.Array(RowError), Job]), 204: null },
  errors: [404],
});

/** Beyond the reference. */
export const cancelJob = defineOperation({
  id: 'post_jobs_cancel',
  method: 'POST',
  path: '/jobs/{id}/cancel',
  tag: 'jobs',
  summary: 'Cancel a job',
  description: 'What it did so far stays; it ends after the step that it is at.',
  scopes: ['create:users', 'read:users'],
  parameters: JobParameters,
  responses: { 202: Job },
  errors: [404],
});

const Upload = Type.Object(
  {
    id: Type.Integer(),
    offset: Type.Integer({ description: 'Bytes that are here; go on from there.' }),
    size: Type.Optional(Type.Integer({ description: 'Bytes of the whole file, as announced.' })),
    is_complete: Type.Boolean(),
  },
  { additionalProperties: false },
);
const UploadParameters = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Id of the upload.' }),
});

/** Beyond the reference: a file in pieces, which can go on after an interruption. */
export const createUpload = defineOperation({
  id: 'post_uploads',
  method: 'POST',
  path: '/jobs/uploads',
  tag: 'jobs',
  summary: 'Begin a resumable upload',
  scopes: ['create:users'],
  body: Type.Object(
    {
      size: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Bytes of the whole file.',
      }),
    },
    { additionalProperties: false },
  ),
  responses: { 201: Upload },
  errors: [413],
});

export const getUpload = defineOperation({
  id: 'get_uploads_by_id',
  method: 'GET',
  path: '/jobs/uploads/{id}',
  tag: 'jobs',
  summary: 'Get how far an upload is',
  scopes: ['create:users'],
  parameters: UploadParameters,
  responses: { 200: Upload },
  errors: [404],
});

export const appendToUpload = defineOperation({
  id: 'put_uploads_by_id',
  method: 'PUT',
  path: '/jobs/uploads/{id}',
  tag: 'jobs',
  summary: 'Add bytes to an upload',
  description: 'The body is the next piece of the file. 409 when `offset` is not what the upload has.',
  scopes: ['create:users'],
  bodyType: 'application/octet-stream',
  parameters: UploadParameters,
  query: Type.Object(
    {
      offset: Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Bytes that were sent before this piece.',
      }),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Upload },
  errors: [404, 409, 413],
});
