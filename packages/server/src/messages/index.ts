import type { ManagementApi } from '../platform/http/management-api.ts';
import type { OutboxDependencies } from './outbox/list-messages.ts';
import { registerOutboxRoutes } from './outbox/routes.ts';
import { registerProviderRoutes } from './provider/routes.ts';
import { registerTemplateRoutes } from './templates/routes.ts';
import { registerTicketRoutes } from './tickets/routes.ts';

export {
  type DeliveryDependencies,
  deliverDueMessages,
  startMailDelivery,
} from './outbox/deliver-messages.ts';
export {
  type MessageRequest,
  type MessageSecrets,
  type QueueDependencies,
  queueMessage,
} from './outbox/queue-message.ts';
export {
  createMessageListener,
  queueBlockedAccountEmail,
  queueFirstSignInEmail,
  queuePasswordResetEmail,
  queueVerificationEmail,
  queueWelcomeEmail,
  type UserMessage,
} from './outbox/queue-user-messages.ts';
export { selectIdentity } from './tickets/create-ticket.ts';
export { emailOfIdentity, issueTicket, type TicketOptions, ticketPaths } from './tickets/issue-ticket.ts';
export { inspectTicket, redeemTicket, type TicketVerdict } from './tickets/redeem-ticket.ts';
export { addOutcome, describeOutcome, findResultUrl, type TicketOutcome } from './tickets/result-url.ts';
export type { TicketKind, TicketRecord } from './tickets/store.ts';

/** Registers `/messages`, `/emails/provider`, `/email-templates` and `/tickets`. */
export function registerMessageRoutes(api: ManagementApi, dependencies: OutboxDependencies): void {
  registerOutboxRoutes(api, dependencies);
  registerProviderRoutes(api, dependencies);
  registerTemplateRoutes(api, dependencies);
  registerTicketRoutes(api, dependencies);
}
