import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Connection } from '../../connections/index.ts';
import { type Look, listPasswordRules, type Page } from '../pages/index.ts';
import { describeVisitor, type Flow, findDatabaseOf } from './flow.ts';
import { describeProblem } from './problem-pages.ts';
import type { Transaction } from './transaction.ts';

/** Registers `/u/reset-password/…` and `/u/email-verification`: where the links of e-mails lead. */
export function registerTicketPages(server: FastifyInstance, flow: Flow): void {
  const { accounts } = flow;
  if (!accounts) return;

  const findOpenConnection = async (transaction: Transaction) => {
    const connection = await findDatabaseOf(flow.database, transaction);
    return connection?.options.disablesPasswordReset ? undefined : connection;
  };
  const showDisabled = (request: FastifyRequest, reply: FastifyReply, { locales }: Transaction) =>
    flow.show(
      request,
      reply,
      (look) =>
        describeProblem(
          look,
          'unauthorized',
          look.texts['reset-password']['reset-password-request'].disabled,
        ),
      { requested: locales, status: 400 },
    );

  server.get(
    '/u/reset-password/request',
    flow.onTransaction(async (request, reply, transaction) => {
      if (!(await findOpenConnection(transaction))) return showDisabled(request, reply, transaction);
      const csrf = flow.guard.issue(request, reply);
      return flow.show(
        request,
        reply,
        ({ texts }) => {
          const screen = texts['reset-password']['reset-password-request'];
          return {
            pageTitle: screen.pageTitle,
            title: screen.title,
            description: screen.description,
            form: {
              action: '/u/reset-password/request',
              hidden: { state: transaction.state, csrf },
              fields: [
                {
                  name: 'email',
                  label: screen.emailLabel,
                  type: 'text',
                  autocomplete: 'username',
                  maxLength: 320,
                  value: transaction.loginHint ?? '',
                },
              ],
              buttons: [{ label: screen.buttonText }],
            },
            links: [{ label: screen.backText, url: toLogin(transaction) }],
          };
        },
        { requested: transaction.locales },
      );
    }),
  );

  server.post(
    '/u/reset-password/request',
    flow.onTransaction(async (request, reply, transaction, form) => {
      const connection = await findOpenConnection(transaction);
      if (!connection) return showDisabled(request, reply, transaction);
      await accounts.requestPasswordReset({
        clientId: transaction.clientId,
        connection,
        email: form['email'] ?? '',
        visitor: describeVisitor(request),
      });
      const state = encodeURIComponent(transaction.state);
      return flow.show(
        request,
        reply,
        ({ texts }) => {
          const screen = texts['reset-password']['reset-password-email'];
          return {
            pageTitle: screen.pageTitle,
            title: screen.title,
            description: screen.description,
            symbol: 'mail',
            links: [
              {
                text: screen.again,
                label: screen.againLink,
                url: `/u/reset-password/request?state=${state}`,
              },
              {
                label: texts['reset-password']['reset-password-request'].backText,
                url: toLogin(transaction),
              },
            ],
          };
        },
        { requested: transaction.locales },
      );
    }),
  );

  server.get(
    '/u/reset-password',
    flow.onForm(async (request, reply, form) => {
      const ticket = form['ticket'] ?? '';
      const verdict = await accounts.inspectPasswordReset(ticket);
      return verdict.ok
        ? showNewPassword(flow, request, reply, ticket, verdict.connection)
        : flow.show(request, reply, (look) => describeDeadLink(look, verdict.code), { status: 400 });
    }),
  );

  server.post(
    '/u/reset-password/change',
    flow.onForm(async (request, reply, form) => {
      const { ticket = '', password = '' } = form;
      const open = await accounts.inspectPasswordReset(ticket);
      const verdict = await accounts.completePasswordReset({
        ticket,
        password,
        visitor: describeVisitor(request),
      });
      if (!verdict.ok)
        return verdict.isTicketGone || !open.ok
          ? flow.show(request, reply, (look) => describeDeadLink(look, verdict.code), { status: 400 })
          : showNewPassword(flow, request, reply, ticket, open.connection, true);
      if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 303);
      return flow.show(request, reply, ({ texts }) => ({
        ...texts['reset-password']['reset-password-success'],
        symbol: 'done',
      }));
    }),
  );

  server.get(
    '/u/email-verification',
    // A mail scanner that only asks for the headers uses no ticket up.
    { exposeHeadRoute: false },
    flow.onForm(async (request, reply, form) => {
      const verdict = await accounts.verifyEmail(form['ticket'] ?? '', describeVisitor(request));
      if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 302);
      return flow.show(
        request,
        reply,
        ({ texts }): Page => {
          const screen = texts['email-verification']['email-verification-result'];
          if (verdict.ok)
            return {
              pageTitle: screen.pageTitle,
              title: screen.verifiedTitle,
              description: screen.verifiedDescription,
              symbol: 'done',
            };
          return {
            pageTitle: screen.pageTitle,
            title: screen.errorTitle,
            description: screen[toReason(verdict.code)],
            symbol: 'problem',
            problemCode: 'access_denied',
          };
        },
        { status: verdict.ok ? 200 : 400 },
      );
    }),
  );
}

function toLogin({ state }: Transaction): string {
  return `/u/login?state=${encodeURIComponent(state)}`;
}

function toReason(code: string): 'expired' | 'used' | 'unknown' {
  return code === 'expired' || code === 'used' ? code : 'unknown';
}

function describeDeadLink({ texts }: Look, code: string): Page {
  const screen = texts['reset-password']['reset-password-error'];
  return {
    pageTitle: screen.pageTitle,
    title: screen.title,
    description: screen[toReason(code)],
    symbol: 'problem',
    problemCode: 'access_denied',
  };
}

async function showNewPassword(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  ticket: string,
  connection: Connection,
  isWrong = false,
): Promise<FastifyReply> {
  const csrf = flow.guard.issue(request, reply);
  return flow.show(
    request,
    reply,
    ({ texts }) => {
      const screen = texts['reset-password']['reset-password'];
      return {
        pageTitle: screen.pageTitle,
        title: screen.title,
        description: screen.description,
        form: {
          action: '/u/reset-password/change',
          hidden: { ticket, csrf },
          fields: [
            {
              name: 'password',
              label: screen.passwordLabel,
              type: 'password',
              autocomplete: 'new-password',
              rules: listPasswordRules(connection.options.passwordPolicy, texts, 'another'),
              problem: isWrong ? texts.signup.signup.weakPassword : undefined,
            },
          ],
          buttons: [{ label: screen.buttonText }],
        },
      };
    },
    { status: isWrong ? 400 : 200 },
  );
}
