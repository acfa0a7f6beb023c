import * as operations from '@muster/contract';
import { changeRoles } from '../../access/index.ts';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import { queueVerificationEmail, selectIdentity } from '../../messages/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Caller, ChangeContext } from '../../platform/http/caller.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import {
  DeletedUserNotFoundError,
  findUser,
  keepUser,
  primaryIdentity,
  putUserBack,
  removeUser,
  setBlocked,
  type UserDependencies,
  UserNotFoundError,
} from '../../users/index.ts';
import { VerificationNotSentError } from '../errors.ts';
import type { ActionParameters } from './action-job.ts';

export interface ApplyDependencies {
  readonly users: UserDependencies;
  readonly secrets: SecretBox;
}

/** The call for one user whose title the log events have, so that a history reads the same either way. */
const titles = {
  block: operations.updateUser.summary,
  unblock: operations.updateUser.summary,
  delete: operations.deleteUser.summary,
  restore: operations.restoreUser.summary,
  send_verification_email: operations.createVerificationEmail.summary,
  assign_roles: operations.assignUserRoles.summary,
  remove_roles: operations.removeUserRoles.summary,
} as const;

/**
 * Does the action to one user as the call for one does, with its checks, log events and ended sessions.
 * @returns false when the user is as the action makes them
 * @throws what the call for one user throws
 */
export async function applyAction(
  { users, secrets }: ApplyDependencies,
  transaction: Database,
  userId: string,
  { action, isRecoverable, roleIds = [] }: Pick<ActionParameters, 'action' | 'isRecoverable' | 'roleIds'>,
  { caller, jobId }: { readonly caller: Caller; readonly jobId: string },
): Promise<boolean> {
  const { method, path } = operations.createUsersAction;
  const summary = { method, path: `/api/v2${path}`, query: {}, body: { action, job_id: jobId } };
  const context = { caller, summary, title: titles[action] };
  switch (action) {
    case 'block':
    case 'unblock':
      return setBlocked(users, transaction, userId, action === 'block', context);
    case 'delete':
      return removeUser(users, transaction, userId, { ...context, isRecoverable });
    case 'restore':
      return restore(users, transaction, userId, context);
    case 'assign_roles':
    case 'remove_roles': {
      const kind = action === 'assign_roles' ? 'assign' : 'remove';
      const change = { kind, userIds: [userId], roleIds } as const;
      return changeRoles(transaction, change, { ...context, statusCode: 204 });
    }
    case 'send_verification_email': {
      const user = await keepUser(transaction, userId);
      if (!user) throw new UserNotFoundError();
      // Nothing to prove, or nothing that a mail of ours proves.
      if (user.emailVerified === true || user.email === undefined) return false;
      if (primaryIdentity(user).provider !== 'auth0') return false;
      const message = { user, identity: selectIdentity(user, undefined) };
      const mails = { secrets, publicUrl: users.config.publicUrl };
      if (!(await queueVerificationEmail(transaction, mails, message))) throw new VerificationNotSentError();
      await appendLogEvent(
        transaction,
        describeManagementChange({ ...context, statusCode: 201, about: { userId } }),
      );
      return true;
    }
  }
}

/** @returns false when somebody else brought the user back already */
async function restore(
  users: UserDependencies,
  transaction: Database,
  userId: string,
  context: ChangeContext,
): Promise<boolean> {
  try {
    await putUserBack(users, transaction, userId, context);
    return true;
  } catch (error) {
    if (error instanceof DeletedUserNotFoundError && (await findUser(transaction, userId))) return false;
    throw error;
  }
}
