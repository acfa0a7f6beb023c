import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeVisitor, type Flow, findDatabaseOf, showProblem, toTransactionOutcome } from './flow.ts';
import { sendPage } from './page-answer.ts';
import { renderForm } from './plain-pages.ts';
import type { Transaction } from './transaction.ts';

/** Registers `/u/signup`. */
export function registerSignup(server: FastifyInstance, flow: Flow): void {
  const { accounts, database } = flow;

  server.get(
    '/u/signup',
    flow.onTransaction((request, reply, transaction) =>
      accounts
        ? showSignup(flow, request, reply, transaction)
        : reply.redirect(`/u/login?state=${encodeURIComponent(transaction.state)}`, 302),
    ),
  );

  server.post(
    '/u/signup',
    flow.onTransaction(async (request, reply, transaction, form) => {
      const connection = await findDatabaseOf(database, transaction);
      if (!accounts || !connection || connection.options.disablesSignup)
        return showProblem(reply, 'unauthorized', 'Sign-up is switched off.');
      const { email = '', username, password = '' } = form;
      const made = await accounts.signUp({
        clientId: transaction.clientId,
        connection,
        email,
        username,
        password,
        visitor: describeVisitor(request),
      });
      if (!made.ok)
        return showSignup(flow, request, reply, transaction, { email, problem: made.description });
      const evidence = { kind: 'vouched', userId: made.userId, connectionId: connection.id } as const;
      const outcome = await flow.signInFor(request, transaction, evidence, connection.name);
      return flow.finish(request, reply, transaction, toTransactionOutcome(outcome));
    }),
  );
}

function showSignup(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: Transaction,
  shown: { readonly email?: string; readonly problem?: string } = {},
): FastifyReply {
  const page = renderForm({
    title: 'Sign up',
    problem: shown.problem,
    action: '/u/signup',
    hidden: { state: transaction.state, csrf: flow.guard.issue(request, reply) },
    fields: [
      {
        name: 'email',
        label: 'Email address',
        type: 'email',
        autocomplete: 'email',
        value: shown.email ?? transaction.loginHint ?? '',
      },
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password' },
    ],
    buttons: [{ label: 'Continue' }],
    links: [{ label: 'Sign in', url: `/u/login?state=${encodeURIComponent(transaction.state)}` }],
  });
  return sendPage(reply, page, shown.problem === undefined ? 200 : 400);
}
