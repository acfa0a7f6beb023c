import * as operations from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import type { ManagementApi } from '../../platform/http/management-api.ts';
import { getBranding, getPromptSettings } from '../../tenant/index.ts';
import { deriveTheme, renderPage } from '../pages/index.ts';
import { makeLoginPage } from './login-page.ts';
import { createLookFinder } from './look.ts';

/** Registers `/branding/preview`: the sign-in page as it would be with colours and a logo that are not saved yet. */
export function registerBrandingPreview(
  api: ManagementApi,
  { database }: { readonly database: Database },
): void {
  const findLook = createLookFinder(database);
  api.handle(operations.previewBranding, async ({ body }) => {
    const [look, branding, prompts] = await Promise.all([
      findLook({ requested: body.language === undefined ? [] : [body.language], acceptLanguage: undefined }),
      getBranding(database),
      getPromptSettings(database),
    ]);
    const {
      primary = branding.colors?.primary,
      page_background: background = branding.colors?.page_background,
    } = body.colors ?? {};
    const page = makeLoginPage(look.texts, {
      step: prompts.identifier_first ? 'identifier' : 'both',
      applicationName: look.tenantName,
      identifier: '',
      problem: undefined,
      state: '',
      csrf: '',
      offersReset: true,
      offersSignUp: true,
    });
    return {
      status: 200,
      body: {
        html: renderPage(page, {
          ...look,
          theme: deriveTheme({ primary, pageBackground: background }),
          logoUrl: body.logo_url === undefined ? look.logoUrl : (body.logo_url ?? undefined),
        }),
      },
    };
  });
}
