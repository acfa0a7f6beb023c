import { type BodyOf, createUsersExport } from '@muster/contract';
import { findConnectionById } from '../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { ApiError, InvalidBodyError } from '../platform/http/errors.ts';
import { newPrefixedId } from '../platform/ids.ts';
import { insertJob } from '../platform/jobs/index.ts';
import {
  asksForRoles,
  compileSearch,
  type ExportParameters,
  parseSortOrder,
  readExportColumns,
  requireRoleScopes,
  roleScopes,
  showsRoles,
} from '../users/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { describeJobCaller } from './job-caller.ts';
import { type PresentedJob, presentJob } from './present-job.ts';

/** Scope that password hashes and second factors are exported with. */
const credentialsScope = 'read:users_credentials';

/**
 * Queues an export of users.
 * @throws InvalidBodyError, InvalidSearchError, ApiError 403 where hashes or roles are asked for without the scopes
 */
export async function createExport(
  dependencies: JobDependencies,
  input: BodyOf<typeof createUsersExport>,
  context: ChangeContext,
): Promise<PresentedJob> {
  const { database } = dependencies;
  const parameters = readParameters(input, context.caller.scopes);
  const connection =
    input.connection_id === undefined ? undefined : await findConnectionById(database, input.connection_id);
  if (input.connection_id !== undefined && !connection)
    throw new InvalidBodyError('The connection does not exist.');
  return database.transaction().execute(async (transaction) => {
    const job = await insertJob(transaction, {
      id: newPrefixedId('job'),
      kind: 'users_export',
      connectionId: connection?.id,
      connection: connection?.name,
      parameters,
      caller: describeJobCaller(context.caller),
    });
    const presented = presentJob(job, dependencies, context.caller);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 200, response: presented }),
    );
    return presented;
  });
}

function readParameters(
  input: BodyOf<typeof createUsersExport>,
  scopes: ReadonlySet<string>,
): ExportParameters {
  const includesCredentials = input.include_password_hashes ?? false;
  if (includesCredentials && !scopes.has(credentialsScope))
    throw new ApiError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${credentialsScope}`);
  const node = input.q === undefined ? undefined : compileSearch(input.q, undefined);
  if (input.sort !== undefined && !parseSortOrder(input.sort))
    throw new InvalidBodyError(
      "Payload validation error: 'Users cannot be sorted by this field' on property sort (Order of the rows, as the list of users takes it.).",
    );
  const parameters: ExportParameters = {
    format: input.format ?? 'json',
    includesCredentials,
    ...(input.limit === undefined ? {} : { limit: input.limit }),
    // An empty list asks for nothing in particular, as an absent one does.
    ...(input.fields && input.fields.length > 0 ? { fields: input.fields } : {}),
    ...(input.q === undefined ? {} : { q: input.q }),
    ...(input.sort === undefined ? {} : { sort: input.sort }),
  };
  const columns = readExportColumns(parameters);
  if (!columns.isValid)
    throw new InvalidBodyError(
      `Payload validation error: '${columns.name} is not the path of a field' on property fields. Write paths such as user_metadata.plan or identities[0].connection.`,
    );
  const names = columns.columns.map(({ exportAs, name }) => exportAs ?? name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new InvalidBodyError(
      `Payload validation error: 'Two columns would be named ${twice}' on property fields. Give one of them another export_as.`,
    );
  const tellsRoles = showsRoles(columns.columns) || (node !== undefined && asksForRoles(node));
  if (tellsRoles) requireRoleScopes(scopes);
  const used = [
    ...createUsersExport.scopes,
    ...(includesCredentials ? [credentialsScope] : []),
    ...(tellsRoles ? roleScopes : []),
  ];
  return { ...parameters, tellsRoles, scopes: used.filter((scope) => scopes.has(scope)) };
}
