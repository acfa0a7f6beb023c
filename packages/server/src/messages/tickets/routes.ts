import * as operations from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import {
  createEmailVerificationTicket,
  createPasswordChangeTicket,
  type TicketDependencies,
} from './create-ticket.ts';

/** Registers `/tickets`. */
export function registerTicketRoutes(api: ManagementApi, dependencies: TicketDependencies): void {
  api.handle(operations.createEmailVerificationTicket, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createEmailVerificationTicket(dependencies, body, {
      caller,
      summary,
      title: operations.createEmailVerificationTicket.summary,
    }),
  }));

  api.handle(operations.createPasswordChangeTicket, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createPasswordChangeTicket(dependencies, body, {
      caller,
      summary,
      title: operations.createPasswordChangeTicket.summary,
    }),
  }));
}
