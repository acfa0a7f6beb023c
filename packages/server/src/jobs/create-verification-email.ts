import type { BodyOf, createVerificationEmail as operation } from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../logs/index.ts';
import { queueVerificationEmail, selectIdentity } from '../messages/index.ts';
import type { ChangeContext } from '../platform/http/caller.ts';
import { InvalidBodyError } from '../platform/http/errors.ts';
import { newPrefixedId } from '../platform/ids.ts';
import { endJob, insertJob } from '../platform/jobs/index.ts';
import { keepUser, UserNotFoundError } from '../users/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { describeJobCaller } from './job-caller.ts';
import { type PresentedJob, presentJob } from './present-job.ts';

/**
 * Queues the message that verifies an address. Its job is there for clients that wait for one; it has ended already.
 * @throws UserNotFoundError, InvalidBodyError, UnsupportedTicketError
 */
export async function createVerificationEmail(
  dependencies: JobDependencies,
  input: BodyOf<typeof operation>,
  context: ChangeContext,
): Promise<PresentedJob> {
  return dependencies.database.transaction().execute(async (transaction) => {
    const user = await keepUser(transaction, input.user_id);
    if (!user) throw new UserNotFoundError();
    if (input.organization_id !== undefined) throw new InvalidBodyError('The organization does not exist.');
    const identity = selectIdentity(user, input.identity);
    const isQueued = await queueVerificationEmail(transaction, dependencies, {
      user,
      identity,
      clientId: input.client_id,
    });
    const job = await insertJob(transaction, {
      id: newPrefixedId('job'),
      kind: 'verification_email',
      connectionId: identity.connectionId,
      connection: identity.connection,
      parameters: { user_id: input.user_id },
      caller: describeJobCaller(context.caller),
    });
    const outcome = isQueued
      ? { status: 'completed' as const }
      : {
          status: 'failed' as const,
          details: 'The user has no address, or the template verify_email is off.',
        };
    await endJob(transaction, job.id, outcome);
    const { status, details: statusDetails } = { details: undefined, ...outcome };
    const presented = presentJob({ ...job, status, statusDetails }, dependencies, context.caller);
    await appendLogEvent(
      transaction,
      describeManagementChange({
        ...context,
        statusCode: 201,
        response: presented,
        about: { userId: user.userId },
      }),
    );
    return presented;
  });
}
