import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplication } from '../../applications/index.ts';
import { type Flow, toTransactionOutcome } from './flow.ts';
import { sendPage } from './page-answer.ts';
import { renderForm } from './plain-pages.ts';
import type { Transaction } from './transaction.ts';

/** Registers `/u/login`. */
export function registerLogin(server: FastifyInstance, flow: Flow): void {
  for (const path of ['/u/login', '/u/login/identifier', '/u/login/password'])
    server.get(
      path,
      flow.onTransaction((request, reply, transaction) => showLogin(flow, request, reply, transaction)),
    );

  server.post(
    '/u/login',
    flow.onTransaction(async (request, reply, transaction, form) => {
      const { username: identifier = '', password = '' } = form;
      const again = (problem: string) =>
        showLogin(flow, request, reply, transaction, { identifier, problem });
      if (identifier === '' || password === '') return again('Enter both.');
      const outcome = await flow.signInFor(request, transaction, { kind: 'password', identifier, password });
      const isForThePerson =
        !outcome.ok && ['wrong_credentials', 'too_many_attempts'].includes(outcome.refusal.kind);
      if (isForThePerson) return again(outcome.refusal.description);
      return flow.finish(request, reply, transaction, toTransactionOutcome(outcome));
    }),
  );
}

async function showLogin(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: Transaction,
  shown: { readonly identifier?: string; readonly problem?: string } = {},
): Promise<FastifyReply> {
  const application = await findApplication(flow.database, transaction.clientId);
  const state = encodeURIComponent(transaction.state);
  const page = renderForm({
    title: 'Sign in',
    text: `to continue to ${application?.name ?? transaction.clientId}`,
    problem: shown.problem,
    action: '/u/login',
    hidden: { state: transaction.state, csrf: flow.guard.issue(request, reply) },
    fields: [
      {
        name: 'username',
        label: 'Email address or username',
        type: 'text',
        autocomplete: 'username',
        value: shown.identifier ?? transaction.loginHint ?? '',
      },
      { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' },
    ],
    buttons: [{ label: 'Continue' }],
    links: flow.accounts
      ? [
          { label: 'Forgot your password?', url: `/u/reset-password/request?state=${state}` },
          { label: 'Sign up', url: `/u/signup?state=${state}` },
        ]
      : [],
  });
  return sendPage(reply, page, shown.problem === undefined ? 200 : 400);
}
