import * as operations from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import {
  getBranding,
  getCustomTexts,
  getPromptSettings,
  setCustomTexts,
  updateBranding,
  updatePromptSettings,
} from './branding.ts';

/** Registers `/branding` and `/prompts`. */
export function registerBrandingRoutes(
  api: ManagementApi,
  { database }: { readonly database: Database },
): void {
  api.handle(operations.getBranding, async () => ({ status: 200, body: await getBranding(database) }));

  api.handle(operations.updateBranding, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.updateBranding.summary };
    return { status: 200, body: await updateBranding(database, body, context) };
  });

  api.handle(operations.getPromptSettings, async () => ({
    status: 200,
    body: await getPromptSettings(database),
  }));

  api.handle(operations.updatePromptSettings, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.updatePromptSettings.summary };
    return { status: 200, body: await updatePromptSettings(database, body, context) };
  });

  api.handle(operations.getCustomTexts, async ({ parameters: { prompt, language } }) => ({
    status: 200,
    body: await getCustomTexts(database, prompt, language),
  }));

  api.handle(operations.setCustomTexts, async ({ parameters, body, caller, summary }) => {
    const context = { caller, summary, title: operations.setCustomTexts.summary };
    await setCustomTexts(database, { ...parameters, texts: body }, context);
    return { status: 200, body: undefined };
  });
}
