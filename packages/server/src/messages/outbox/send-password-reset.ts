import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { describeUserOfEvent, keepUser, UserNotFoundError } from '../../users/index.ts';
import { selectIdentity } from '../tickets/create-ticket.ts';
import { UnsupportedTicketError } from '../tickets/errors.ts';
import { emailOfIdentity } from '../tickets/issue-ticket.ts';
import type { QueueDependencies } from './queue-message.ts';
import { queuePasswordResetEmail } from './queue-user-messages.ts';

/**
 * Mails a user a link to choose a new password, on the word of whoever manages users.
 * @throws UserNotFoundError, UnsupportedTicketError where no such mail can reach the user
 */
export async function sendPasswordResetEmail(
  dependencies: QueueDependencies & { readonly database: Database },
  userId: string,
  context: ChangeContext,
): Promise<void> {
  await dependencies.database.transaction().execute(async (transaction) => {
    const user = await keepUser(transaction, userId);
    if (!user) throw new UserNotFoundError();
    const identity = selectIdentity(user, undefined);
    if (emailOfIdentity(user, identity) === undefined) throw new UnsupportedTicketError('address');
    if (!(await queuePasswordResetEmail(transaction, dependencies, { user, identity })))
      throw new UnsupportedTicketError('template');
    const about = describeUserOfEvent(user);
    await appendLogEvent(transaction, describeManagementChange({ ...context, statusCode: 204, about }));
    const { caller } = context;
    await appendLogEvent(transaction, {
      type: 'scpr',
      ...about,
      clientId: caller.clientId,
      ip: caller.ip,
      userAgent: caller.userAgent,
    });
  });
}
