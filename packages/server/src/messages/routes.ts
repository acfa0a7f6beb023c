import { defaultPageSize, listMessages } from '@muster/contract';
import type { Database } from '../platform/database/database.ts';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { listOutbox } from './list-outbox.ts';

/** Registers `/messages`. */
export function registerMessageRoutes(
  api: ManagementApi,
  dependencies: { readonly database: Database },
): void {
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
}
