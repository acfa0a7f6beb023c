import type { BodyOf, createUsersAction as operation } from '@muster/contract';
import { assertRolesExist } from '../../access/index.ts';
import { findConnectionById } from '../../connections/index.ts';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { ApiError, InvalidBodyError } from '../../platform/http/errors.ts';
import { newPrefixedId } from '../../platform/ids.ts';
import { findJob, insertJob } from '../../platform/jobs/index.ts';
import { asksForRoles, compileSearch, requireRoleScopes } from '../../users/index.ts';
import type { JobDependencies } from '../dependencies.ts';
import { JobNotEndedError, JobNotFoundError } from '../errors.ts';
import { describeJobCaller } from '../job-caller.ts';
import { type PresentedJob, presentJob } from '../present-job.ts';
import { type ActionParameters, parseActionParameters, scopeOfAction } from './action-job.ts';
import { noteJobUsers } from './store.ts';

/**
 * Queues an action on many users.
 * @throws InvalidBodyError, InvalidSearchError, JobNotFoundError, JobNotEndedError, ApiError 403 where a scope is missing
 */
export async function createUsersAction(
  dependencies: JobDependencies,
  input: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<PresentedJob> {
  const { database } = dependencies;
  const { scopes } = context.caller;
  const ways = [input.user_ids, input.q, input.changed_by].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw new InvalidBodyError('Say which users with exactly one of user_ids, q and changed_by.');
  if (input.connection_id !== undefined && input.q === undefined)
    throw new InvalidBodyError('connection_id narrows a search: send it with q.');
  const isAboutRoles = input.action === 'assign_roles' || input.action === 'remove_roles';
  if (isAboutRoles !== (input.roles !== undefined))
    throw new InvalidBodyError('Send roles with assign_roles and remove_roles, and with no other action.');
  requireScope(scopes, scopeOfAction(input.action));
  if (input.user_ids === undefined) requireScope(scopes, 'read:users');
  if (input.q !== undefined && input.q !== '' && asksForRoles(compileSearch(input.q, undefined)))
    requireRoleScopes(scopes);
  const connection =
    input.connection_id === undefined ? undefined : await findConnectionById(database, input.connection_id);
  if (input.connection_id !== undefined && !connection)
    throw new InvalidBodyError('The connection does not exist.');
  if (input.changed_by !== undefined) {
    const changer = await findJob(database, input.changed_by);
    if (changer?.kind !== 'users_action') throw new JobNotFoundError();
    if (changer.endedAt === undefined) throw new JobNotEndedError(changer.id);
    if (parseActionParameters(changer.parameters).isDryRun === true)
      throw new InvalidBodyError('The job in changed_by was a dry run: it changed nobody.');
  }
  const roleIds = input.roles && [...new Set(input.roles)];
  if (roleIds) await assertRolesExist(database, roleIds);
  const userIds = input.user_ids && [...new Set(input.user_ids)];
  const parameters: ActionParameters = {
    action: input.action,
    isRecoverable: input.recoverable ?? true,
    isDryRun: input.dry_run ?? false,
    scopes: [...scopes],
    ...(roleIds === undefined ? {} : { roleIds }),
    ...(input.q === undefined ? {} : { q: input.q }),
    ...(input.changed_by === undefined ? {} : { changedBy: input.changed_by }),
  };
  return database.transaction().execute(async (transaction) => {
    const job = await insertJob(transaction, {
      id: newPrefixedId('job'),
      kind: 'users_action',
      connectionId: connection?.id,
      connection: connection?.name,
      parameters,
      caller: describeJobCaller(context.caller),
      total: userIds?.length,
    });
    if (userIds) await noteJobUsers(transaction, job.id, 0, userIds);
    const presented = presentJob(job, dependencies, context.caller);
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 202, response: presented }),
    );
    return presented;
  });
}

function requireScope(scopes: ReadonlySet<string>, needed: string): void {
  if (!scopes.has(needed))
    throw new ApiError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${needed}`);
}
