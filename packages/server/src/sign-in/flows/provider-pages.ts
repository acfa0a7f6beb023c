import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageHeaders, sendPage } from './page-answer.ts';
import { renderForm, renderMessage } from './plain-pages.ts';

/** As much as these pages use of a request that the authorization server answers itself. */
interface PageContext {
  set(headers: Record<string, string>): void;
}

/** The pages that the authorization server shows on its own: errors, devices, logout. */
export function createProviderPages() {
  const withHeaders = (context: PageContext, page: string) => {
    context.set({ ...pageHeaders });
    return page;
  };
  const problem = (error: string, description: string | undefined) =>
    renderMessage({
      title: 'This did not work',
      text: description ?? 'Go back to the application and try again.',
      code: error,
    });
  return {
    error: async (context: PageContext, out: { error: string; error_description?: string | undefined }) =>
      withHeaders(context, problem(out.error, out.error_description)),
    deviceCode: async (
      context: PageContext,
      form: { readonly csrf: string; readonly problem: string | undefined },
    ) =>
      withHeaders(
        context,
        renderForm({
          title: 'Connect a device',
          text: 'Enter the code that your device shows.',
          problem: form.problem,
          action: '/activate',
          hidden: { xsrf: form.csrf },
          fields: [{ name: 'user_code', label: 'Code', type: 'text', autocomplete: 'one-time-code' }],
          buttons: [{ label: 'Continue' }],
        }),
      ),
    deviceConfirmation: async (
      context: PageContext,
      form: { readonly csrf: string; readonly userCode: string; readonly clientName: string },
    ) =>
      withHeaders(
        context,
        renderForm({
          title: 'Connect a device',
          text: `Is ${form.userCode} the code that your device shows? ${form.clientName} will be signed in there.`,
          action: '/activate',
          hidden: { xsrf: form.csrf, user_code: form.userCode },
          fields: [],
          buttons: [
            { label: 'Confirm', name: 'confirm', value: 'yes' },
            { label: 'Cancel', name: 'abort', value: 'yes' },
          ],
        }),
      ),
    deviceConnected: async (context: PageContext) =>
      withHeaders(
        context,
        renderMessage({
          title: 'Device connected',
          text: 'Your device is signed in. You can close this page.',
        }),
      ),
    problem: async (_request: FastifyRequest, reply: FastifyReply, error: string, description: string) => {
      await sendPage(reply, problem(error, description), 400);
    },
    signedOut: async (_request: FastifyRequest, reply: FastifyReply) => {
      await sendPage(reply, renderMessage({ title: 'Signed out', text: 'You are signed out.' }));
    },
    confirmLogout: async (
      _request: FastifyRequest,
      reply: FastifyReply,
      form: { readonly fields: Readonly<Record<string, string>> },
    ) => {
      const page = renderForm({
        title: 'Sign out?',
        text: 'You will be signed out of all applications that use this account.',
        action: '/oidc/logout',
        hidden: form.fields,
        fields: [],
        buttons: [{ label: 'Sign out' }],
      });
      await sendPage(reply, page);
    },
  };
}
