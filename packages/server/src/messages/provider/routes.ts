import * as operations from '@muster/contract';
import { compileFieldSelection } from '../../platform/http/field-selection.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import {
  createEmailProvider,
  deleteEmailProvider,
  getEmailProvider,
  type ProviderDependencies,
  updateEmailProvider,
} from './email-provider.ts';

/** What GET answers when no fields are named (spec management-api §1.5). */
const defaultFields = 'name,enabled';

/** Registers `/emails/provider`. */
export function registerProviderRoutes(api: ManagementApi, dependencies: ProviderDependencies): void {
  api.handle(operations.getEmailProvider, async ({ query }) => {
    const selection = query.fields ? query : { fields: defaultFields };
    return { status: 200, body: compileFieldSelection(selection)(await getEmailProvider(dependencies)) };
  });

  api.handle(operations.createEmailProvider, async ({ body, caller, summary }) => ({
    status: 201,
    body: await createEmailProvider(dependencies, body, {
      caller,
      summary,
      title: operations.createEmailProvider.summary,
    }),
  }));

  api.handle(operations.updateEmailProvider, async ({ body, caller, summary }) => ({
    status: 200,
    body: await updateEmailProvider(dependencies, body, {
      caller,
      summary,
      title: operations.updateEmailProvider.summary,
    }),
  }));

  api.handle(operations.deleteEmailProvider, async ({ caller, summary }) => {
    await deleteEmailProvider(dependencies, {
      caller,
      summary,
      title: operations.deleteEmailProvider.summary,
    });
    return { status: 204, body: undefined };
  });
}
