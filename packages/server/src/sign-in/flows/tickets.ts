import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeVisitor, type Flow, findDatabaseOf, showProblem } from './flow.ts';
import { sendPage } from './page-answer.ts';
import { renderForm, renderMessage } from './plain-pages.ts';

/** Registers `/u/reset-password/…` and `/u/email-verification`: where the links of e-mails lead. */
export function registerTicketPages(server: FastifyInstance, flow: Flow): void {
  const { accounts } = flow;
  if (!accounts) return;

  server.get(
    '/u/reset-password/request',
    flow.onTransaction((request, reply, transaction) =>
      sendPage(
        reply,
        renderForm({
          title: 'Forgot your password?',
          text: 'Enter your email address, and we will send you a link to choose a new one.',
          action: '/u/reset-password/request',
          hidden: { state: transaction.state, csrf: flow.guard.issue(request, reply) },
          fields: [
            {
              name: 'email',
              label: 'Email address',
              type: 'email',
              autocomplete: 'email',
              value: transaction.loginHint ?? '',
            },
          ],
          buttons: [{ label: 'Continue' }],
        }),
      ),
    ),
  );

  server.post(
    '/u/reset-password/request',
    flow.onTransaction(async (request, reply, transaction, form) => {
      const connection = await findDatabaseOf(flow.database, transaction);
      if (!connection) return showProblem(reply, 'unauthorized', 'Passwords cannot be reset here.');
      await accounts.requestPasswordReset({
        clientId: transaction.clientId,
        connection,
        email: form['email'] ?? '',
        visitor: describeVisitor(request),
      });
      const text = 'If there is an account with this address, a link to choose a new password is on its way.';
      return sendPage(reply, renderMessage({ title: 'Check your email', text }));
    }),
  );

  server.get(
    '/u/reset-password',
    flow.onForm(async (request, reply, form) => {
      const ticket = form['ticket'] ?? '';
      const verdict = await accounts.inspectPasswordReset(ticket);
      return verdict.ok
        ? showNewPassword(flow, request, reply, ticket)
        : showProblem(reply, 'access_denied', verdict.description);
    }),
  );

  server.post(
    '/u/reset-password/change',
    flow.onForm(async (request, reply, form) => {
      const { ticket = '', password = '' } = form;
      const visitor = describeVisitor(request);
      const verdict = await accounts.completePasswordReset({ ticket, password, visitor });
      if (!verdict.ok)
        return verdict.isTicketGone
          ? showProblem(reply, 'access_denied', verdict.description)
          : showNewPassword(flow, request, reply, ticket, verdict.description);
      if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 303);
      const text = 'You can now log in to the application with the new password.';
      return sendPage(reply, renderMessage({ title: 'Password changed', text }));
    }),
  );

  server.get(
    '/u/email-verification',
    // A mail scanner that only asks for the headers uses no ticket up.
    { exposeHeadRoute: false },
    flow.onForm(async (request, reply, form) => {
      const verdict = await accounts.verifyEmail(form['ticket'] ?? '', describeVisitor(request));
      if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 302);
      if (!verdict.ok) return showProblem(reply, 'access_denied', verdict.description);
      const text = 'Your email was verified. You can continue using the application.';
      return sendPage(reply, renderMessage({ title: 'Email verified', text }));
    }),
  );
}

function showNewPassword(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  ticket: string,
  problem?: string,
): FastifyReply {
  const page = renderForm({
    title: 'Choose a new password',
    problem,
    action: '/u/reset-password/change',
    hidden: { ticket, csrf: flow.guard.issue(request, reply) },
    fields: [{ name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password' }],
    buttons: [{ label: 'Change password' }],
  });
  return sendPage(reply, page, problem === undefined ? 200 : 400);
}
