import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { createPageHeaders, fill, type Look, type Page, renderPage } from '../pages/index.ts';
import { createLookFinder } from './look.ts';
import { refer, sendPage } from './page-answer.ts';
import { describeBlock, explainProblem, type Problem } from './problem-pages.ts';

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

/** Where somebody is who types in the code of a device. */
export type DeviceCodeState =
  | { readonly kind: 'asked'; readonly userCode?: string | undefined }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'declined' }
  | { readonly kind: 'blocked'; readonly clientName: string }
  | { readonly kind: 'failed'; readonly problem: Problem };

/**
 * The pages that the authorization server shows on its own: errors, devices, logout. `requested` are the languages that the
 * application asked for, the best first.
 */
export function createProviderPages(database: Database) {
  const findLook = createLookFinder(database);
  const lookOf = (context: PageContext, requested: readonly string[]) =>
    findLook({ requested, acceptLanguage: context.get('accept-language') });
  const render = async (
    context: PageContext,
    requested: readonly string[],
    describe: (look: Look) => Page,
  ) => {
    const look = await lookOf(context, requested);
    context.set({ ...createPageHeaders(look), 'content-language': look.language });
    return renderPage(refer(describe(look), context.response.get('x-request-id')), look);
  };
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    describe: (look: Look) => Page,
    status = 200,
  ) => {
    const sent = { ...Object(request.query), ...Object(request.body) };
    const requested = typeof sent.ui_locales === 'string' ? sent.ui_locales.split(' ') : [];
    const look = await findLook({ requested, acceptLanguage: request.headers['accept-language'] });
    await sendPage(reply, describe(look), look, status);
  };
  return {
    /** The language that a page of this request would have. */
    language: async (context: PageContext, requested: readonly string[]): Promise<string> =>
      (await lookOf(context, requested)).language,

    error: (context: PageContext, requested: readonly string[], problem: Problem) =>
      render(context, requested, (look) => explainProblem(look, problem)),

    deviceCode: (
      context: PageContext,
      requested: readonly string[],
      { csrf, state }: { readonly csrf: string; readonly state: DeviceCodeState },
    ) =>
      render(context, requested, (look): Page => {
        if (state.kind === 'failed') return explainProblem(look, state.problem);
        if (state.kind === 'blocked') return describeBlock(look, state.clientName);
        const flow = look.texts['device-flow'];
        if (state.kind === 'declined') return { ...flow['device-code-activation-denied'], symbol: 'device' };
        const screen = flow['device-code-activation'];
        const userCode = state.kind === 'asked' ? state.userCode : undefined;
        return {
          pageTitle: screen.pageTitle,
          title: screen.title,
          description: userCode === undefined ? screen.description : screen.checkDescription,
          symbol: 'device',
          form: {
            action: toActivation(requested),
            hidden: { xsrf: csrf },
            fields: [
              {
                name: 'user_code',
                label: screen.codeLabel,
                type: 'text',
                autocomplete: 'one-time-code',
                maxLength: 40,
                isCode: true,
                value: userCode,
                problem: state.kind === 'wrong' ? screen.wrongCode : undefined,
              },
            ],
            buttons: [{ label: screen.buttonText }],
          },
        };
      }),

    deviceConfirmation: (
      context: PageContext,
      requested: readonly string[],
      form: { readonly csrf: string; readonly userCode: string; readonly clientName: string },
    ) =>
      render(context, requested, ({ texts }) => {
        const screen = texts['device-flow']['device-code-confirmation'];
        return {
          pageTitle: screen.pageTitle,
          title: screen.title,
          description: fill(screen.description, { clientName: form.clientName }),
          symbol: 'device',
          code: form.userCode,
          form: {
            action: toActivation(requested),
            hidden: { xsrf: form.csrf, user_code: form.userCode },
            fields: [],
            buttons: [
              { label: screen.confirmButtonText, name: 'confirm', value: 'yes' },
              { label: screen.cancelButtonText, name: 'abort', value: 'yes' },
            ],
          },
        };
      }),

    deviceConnected: (context: PageContext, requested: readonly string[]) =>
      render(context, requested, ({ texts }) => ({
        ...texts['device-flow']['device-code-activation-allowed'],
        symbol: 'done',
      })),

    problem: (request: FastifyRequest, reply: FastifyReply, error: string, description: string) =>
      show(request, reply, (look) => explainProblem(look, { error, error_description: description }), 400),

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

/** The form goes on in the language that its page has. */
function toActivation(requested: readonly string[]): string {
  return requested.length === 0
    ? '/activate'
    : `/activate?ui_locales=${encodeURIComponent(requested.join(' '))}`;
}
