import type { UserListener } from '../users/index.ts';
import { insertMessage } from './store.ts';

/** Puts what users ask for into the outbox, inside the transaction of the change. */
export const queueOnUserEvents: UserListener = {
  emailVerificationRequested: (transaction, { userId, email, clientId }) =>
    insertMessage(transaction, {
      kind: 'verify_email',
      userId,
      recipient: email,
      details: clientId ? { client_id: clientId } : {},
    }),
};
