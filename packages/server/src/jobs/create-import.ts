import type { Readable } from 'node:stream';
import { assignUserRoles, createUsersImport, ImportForm, removeUserRoles } from '@muster/contract';
import type { Static } from 'typebox';
import { type Connection, findConnectionById } from '../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { ApiError } from '../platform/http/errors.ts';
import { compileFormValidator } from '../platform/http/validation.ts';
import { newPrefixedId } from '../platform/ids.ts';
import { deleteFile, insertJob } from '../platform/jobs/index.ts';
import { type ImportParameters, readRoleRights } from '../users/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { InvalidImportError } from './errors.ts';
import { describeJobCaller } from './job-caller.ts';
import { type PresentedJob, presentJob } from './present-job.ts';
import { readImportForm } from './read-import-form.ts';
import { claimUpload } from './uploads.ts';

const validateForm = compileFormValidator(ImportForm);
/** The same before all fields are there. */
const validatePart = compileFormValidator({ ...ImportForm, required: [] });

/**
 * Stores the file of an import and queues the job that works on it.
 * @throws InvalidImportError, FileTooLargeError, UploadNotFoundError, UploadTakenError; nothing stays stored then
 */
export async function createImport(
  dependencies: JobDependencies,
  request: { readonly stream: Readable; readonly contentType: string },
  context: ChangeContext,
): Promise<PresentedJob> {
  const { database, config } = dependencies;
  const owner = context.caller.subject;
  const parts = await readImportForm(database, request, {
    owner,
    limit: config.importLimit,
    judge: (fields) => judgeFields(database, fields),
  });
  try {
    const form = readForm(parts.fields, parts.file !== undefined);
    if (parts.file?.size === 0) throw new InvalidImportError('Users file must not be empty.');
    const connection = await findTarget(database, form.connection_id);
    return await database.transaction().execute(async (transaction) => {
      const file =
        parts.file ??
        (await claimUpload(transaction, { id: form.upload_id ?? 0, isDryRun: form.dry_run ?? false }, owner));
      const parameters: ImportParameters = {
        isUpsert: form.upsert ?? false,
        mergesMetadata: form.merge_metadata ?? false,
        isDryRun: form.dry_run ?? false,
        sendsCompletionEmail: form.send_completion_email ?? true,
        ...readRoleRights(context.caller.scopes),
        scopes: listScopes(context.caller.scopes),
      };
      const job = await insertJob(transaction, {
        id: newPrefixedId('job'),
        kind: 'users_import',
        connectionId: connection.id,
        connection: connection.name,
        externalId: form.external_id || undefined,
        parameters,
        caller: describeJobCaller(context.caller),
        total: file.size,
        sourceFileId: file.id,
      });
      const presented = presentJob(job, dependencies, context.caller);
      const summary = { ...context.summary, body: form };
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, summary, statusCode: 202, response: presented }),
      );
      return presented;
    });
  } catch (error) {
    if (parts.file) await deleteFile(database, parts.file.id);
    throw error;
  }
}

/** Scopes of the caller that an import works by. */
function listScopes(scopes: ReadonlySet<string>): string[] {
  const used = new Set([...createUsersImport.scopes, ...assignUserRoles.scopes, ...removeUserRoles.scopes]);
  return [...used].filter((scope) => scopes.has(scope));
}

/** A wrong field costs nobody the upload of the file behind it. @throws InvalidImportError */
async function judgeFields(database: Database, fields: Readonly<Record<string, string>>): Promise<void> {
  const form = withoutEmpty(fields);
  try {
    validatePart(form);
  } catch (error) {
    throw error instanceof ApiError ? new InvalidImportError(error.message) : error;
  }
  const { connection_id: id } = fields;
  if (id !== undefined && id !== '') await findTarget(database, id);
}

/** A form's empty field is no answer. */
function withoutEmpty(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function readForm(fields: Record<string, string>, hasFile: boolean): Static<typeof ImportForm> {
  const form = withoutEmpty(fields);
  if (!hasFile && form['upload_id'] === undefined)
    throw new InvalidImportError("Must provide 'users' file as multipart part.");
  if (hasFile && form['upload_id'] !== undefined)
    throw new InvalidImportError("Send the file in 'users' or name an upload in 'upload_id', not both.");
  if (!form['connection_id']) throw new InvalidImportError("Must provide 'connection_id' as multipart part.");
  assertForm(form);
  return form;
}

function assertForm(form: Record<string, unknown>): asserts form is Static<typeof ImportForm> {
  validateForm(form);
}

async function findTarget(database: Database, id: string): Promise<Connection> {
  const connection = await findConnectionById(database, id);
  if (!connection) throw new InvalidImportError('The connection does not exist.');
  if (connection.strategy !== 'auth0')
    throw new InvalidImportError('Connection must be a database connection.');
  if (!connection.isEnabled)
    throw new InvalidImportError('Connection must be enabled. Enable it for an application first.');
  if (connection.kind === 'custom-database' && !connection.options.importMode)
    throw new InvalidImportError('Custom Database Connections without import mode are not allowed.');
  return connection;
}
