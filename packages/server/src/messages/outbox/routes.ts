import {
  defaultPageSize,
  getMessage as getMessageOperation,
  listMessages,
  previewEmailTemplate as previewOperation,
  sendPasswordResetEmail as sendOperation,
} from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { getMessage, listOutbox, type OutboxDependencies } from './list-messages.ts';
import { previewTemplate } from './preview-template.ts';
import { sendPasswordResetEmail } from './send-password-reset.ts';

/** Registers `/messages`, what queues one by hand, and previews of what templates make. */
export function registerOutboxRoutes(api: ManagementApi, dependencies: OutboxDependencies): void {
  api.handle(listMessages, async ({ query }) => {
    const limit = query.per_page ?? defaultPageSize;
    const page = {
      offset: (query.page ?? 0) * limit,
      limit,
      ...(query.user_id === undefined ? {} : { userId: query.user_id }),
    };
    return {
      status: 200,
      body: await listOutbox(dependencies.database, page, query.include_totals ?? false),
    };
  });

  api.handle(getMessageOperation, async ({ parameters, caller }) => ({
    status: 200,
    body: await getMessage(dependencies, parameters.id, caller),
  }));

  api.handle(sendOperation, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: sendOperation.summary };
    await sendPasswordResetEmail(dependencies, parameters.id, context);
    return { status: 204, body: undefined };
  });

  api.handle(previewOperation, async ({ parameters, body }) => ({
    status: 200,
    body: await previewTemplate(dependencies, parameters.templateName, body),
  }));
}
