import * as operations from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import {
  createEmailTemplate,
  getEmailTemplate,
  replaceEmailTemplate,
  updateEmailTemplate,
} from './template-settings.ts';

/** Registers `/email-templates`. */
export function registerTemplateRoutes(
  api: ManagementApi,
  { database }: { readonly database: Database },
): void {
  api.handle(operations.createEmailTemplate, async ({ body, caller, summary }) => ({
    status: 200,
    body: await createEmailTemplate(database, body, {
      caller,
      summary,
      title: operations.createEmailTemplate.summary,
    }),
  }));

  api.handle(operations.getEmailTemplate, async ({ parameters }) => ({
    status: 200,
    body: await getEmailTemplate(database, parameters.templateName),
  }));

  api.handle(operations.replaceEmailTemplate, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await replaceEmailTemplate(database, parameters.templateName, body, {
      caller,
      summary,
      title: operations.replaceEmailTemplate.summary,
    }),
  }));

  api.handle(operations.updateEmailTemplate, async ({ parameters, body, caller, summary }) => ({
    status: 200,
    body: await updateEmailTemplate(database, parameters.templateName, body, {
      caller,
      summary,
      title: operations.updateEmailTemplate.summary,
    }),
  }));
}
