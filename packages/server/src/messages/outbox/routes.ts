import { defaultPageSize, getMessage as getMessageOperation, listMessages } from '@muster/contract';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { getMessage, listOutbox, type OutboxDependencies } from './list-messages.ts';

/** Registers `/messages`. */
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
}
