import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { createPageHeaders, fill, type Look, type Page, renderPage } from '../pages/index.ts';
import { createLookFinder } from './look.ts';
import { refer, sendPage } from './page-answer.ts';
import { describeProblem } from './problem-pages.ts';

/** As much as these pages use of a request that the authorization server answers itself. */
interface PageContext {
  set(headers: Record<string, string>): void;
  /** A header of the request; empty when it has none of the name. */
  get(header: string): string;
  readonly response: {
    /** A header of the answer; empty when it has none of the name. */
    get(header: string): string;
  };
}

/** The pages that the authorization server shows on its own: errors, devices, logout. */
export function createProviderPages(database: Database) {
  const findLook = createLookFinder(database);
  const render = async (context: PageContext, describe: (look: Look) => Page) => {
    const look = await findLook({ acceptLanguage: context.get('accept-language') });
    context.set({ ...createPageHeaders(look), 'content-language': look.language });
    return renderPage(refer(describe(look), context.response.get('x-request-id')), look);
  };
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    describe: (look: Look) => Page,
    status = 200,
  ) => {
    const look = await findLook({ acceptLanguage: request.headers['accept-language'] });
    await sendPage(reply, describe(look), look, status);
  };
  return {
    error: (context: PageContext, out: { error: string; error_description?: string | undefined }) =>
      render(context, (look) => describeProblem(look, out.error, out.error_description)),

    deviceCode: (context: PageContext, form: { readonly csrf: string; readonly isWrong: boolean }) =>
      render(context, ({ texts }) => {
        const screen = texts['device-flow']['device-code-activation'];
        return {
          pageTitle: screen.pageTitle,
          title: screen.title,
          description: screen.description,
          symbol: 'device',
          form: {
            action: '/activate',
            hidden: { xsrf: form.csrf },
            fields: [
              {
                name: 'user_code',
                label: screen.codeLabel,
                type: 'text',
                autocomplete: 'one-time-code',
                maxLength: 40,
                isCode: true,
                problem: form.isWrong ? screen.wrongCode : undefined,
              },
            ],
            buttons: [{ label: screen.buttonText }],
          },
        };
      }),

    deviceConfirmation: (
      context: PageContext,
      form: { readonly csrf: string; readonly userCode: string; readonly clientName: string },
    ) =>
      render(context, ({ texts }) => {
        const screen = texts['device-flow']['device-code-confirmation'];
        return {
          pageTitle: screen.pageTitle,
          title: screen.title,
          description: fill(screen.description, { clientName: form.clientName }),
          symbol: 'device',
          code: form.userCode,
          form: {
            action: '/activate',
            hidden: { xsrf: form.csrf, user_code: form.userCode },
            fields: [],
            buttons: [
              { label: screen.confirmButtonText, name: 'confirm', value: 'yes' },
              { label: screen.cancelButtonText, name: 'abort', value: 'yes' },
            ],
          },
        };
      }),

    deviceConnected: (context: PageContext) =>
      render(context, ({ texts }) => ({
        ...texts['device-flow']['device-code-activation-allowed'],
        symbol: 'done',
      })),

    problem: (request: FastifyRequest, reply: FastifyReply, error: string, description: string) =>
      show(request, reply, (look) => describeProblem(look, error, description), 400),

    signedOut: (request: FastifyRequest, reply: FastifyReply) =>
      show(request, reply, ({ texts }) => ({ ...texts.logout['logout-complete'], symbol: 'done' })),

    confirmLogout: (
      request: FastifyRequest,
      reply: FastifyReply,
      form: { readonly fields: Readonly<Record<string, string>> },
    ) =>
      show(
        request,
        reply,
        ({
          texts: {
            logout: { logout },
          },
        }) => ({
          pageTitle: logout.pageTitle,
          title: logout.title,
          description: logout.description,
          form: {
            action: '/oidc/logout',
            hidden: form.fields,
            fields: [],
            buttons: [{ label: logout.buttonText }],
          },
        }),
      ),
  };
}
