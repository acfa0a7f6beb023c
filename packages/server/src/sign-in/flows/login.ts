import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplication } from '../../applications/index.ts';
import { getPromptSettings } from '../../tenant/index.ts';
import { type Flow, findDatabaseOf, toTransactionOutcome } from './flow.ts';
import { type LoginProblem, type LoginStep, makeLoginPage } from './login-page.ts';
import type { Transaction } from './transaction.ts';

interface Shown {
  readonly identifier?: string;
  readonly problem?: LoginProblem;
}

/** Registers `/u/login` and its two steps. */
export function registerLogin(server: FastifyInstance, flow: Flow): void {
  const firstStep = async (): Promise<LoginStep> =>
    (await getPromptSettings(flow.database)).identifier_first ? 'identifier' : 'both';

  for (const path of ['/u/login', '/u/login/identifier', '/u/login/password'])
    server.get(
      path,
      flow.onTransaction(async (request, reply, transaction) =>
        showLogin(flow, request, reply, transaction, await firstStep()),
      ),
    );

  server.post(
    '/u/login/identifier',
    flow.onTransaction((request, reply, transaction, form) => {
      const identifier = (form['username'] ?? '').trim();
      // Whoever it is, known or not, the next page is the same.
      return identifier === ''
        ? showLogin(flow, request, reply, transaction, 'identifier', { problem: 'missingUsername' })
        : showLogin(flow, request, reply, transaction, 'password', { identifier });
    }),
  );

  for (const [path, step] of [
    ['/u/login', 'both'],
    ['/u/login/password', 'password'],
  ] as const)
    server.post(
      path,
      flow.onTransaction(async (request, reply, transaction, form) => {
        const { username: identifier = '', password = '' } = form;
        const again = (problem: Shown['problem']) =>
          showLogin(flow, request, reply, transaction, identifier === '' ? 'both' : step, {
            identifier,
            ...(problem === undefined ? {} : { problem }),
          });
        if (identifier === '') return again('missing');
        if (password === '') return again('missingPassword');
        const outcome = await flow.signInFor(request, transaction, {
          kind: 'password',
          identifier,
          password,
        });
        if (!outcome.ok && outcome.refusal.kind === 'wrong_credentials') return again('wrongCredentials');
        if (!outcome.ok && outcome.refusal.kind === 'too_many_attempts')
          return again('tooManyWrongPasswords');
        return flow.finish(request, reply, transaction, toTransactionOutcome(outcome));
      }),
    );
}

async function showLogin(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: Transaction,
  step: LoginStep,
  shown: Shown = {},
): Promise<FastifyReply> {
  const application = await findApplication(flow.database, transaction.clientId);
  const connection = flow.accounts && (await findDatabaseOf(flow.database, transaction));
  const csrf = flow.guard.issue(request, reply);
  return flow.show(
    request,
    reply,
    ({ texts }) =>
      makeLoginPage(texts, {
        step,
        applicationName: application?.name ?? transaction.clientId,
        identifier: shown.identifier ?? transaction.loginHint ?? '',
        problem: shown.problem,
        state: transaction.state,
        csrf,
        offersReset: connection !== undefined && !connection.options.disablesPasswordReset,
        offersSignUp: connection !== undefined && !connection.options.disablesSignup,
      }),
    { requested: transaction.locales, status: statusOf(shown.problem) },
  );
}

function statusOf(problem: LoginProblem | undefined): number {
  if (problem === undefined) return 200;
  return problem === 'tooManyWrongPasswords' ? 429 : 400;
}
