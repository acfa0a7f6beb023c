import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplication } from '../../applications/index.ts';
import { getPromptSettings } from '../../tenant/index.ts';
import { type Field, fill, type Page } from '../pages/index.ts';
import { type Flow, findDatabaseOf, toTransactionOutcome } from './flow.ts';
import type { Transaction } from './transaction.ts';

/** Which of the two steps a page asks for; `both` on one page, unless the tenant wants the identifier first. */
type Step = 'both' | 'identifier' | 'password';

interface Shown {
  readonly identifier?: string;
  readonly problem?:
    | 'wrongCredentials'
    | 'tooManyAttempts'
    | 'missing'
    | 'missingUsername'
    | 'missingPassword';
}

/** Registers `/u/login` and its two steps. */
export function registerLogin(server: FastifyInstance, flow: Flow): void {
  const firstStep = async (): Promise<Step> =>
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
        if (!outcome.ok && outcome.refusal.kind === 'too_many_attempts') return again('tooManyAttempts');
        return flow.finish(request, reply, transaction, toTransactionOutcome(outcome));
      }),
    );
}

async function showLogin(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: Transaction,
  step: Step,
  shown: Shown = {},
): Promise<FastifyReply> {
  const application = await findApplication(flow.database, transaction.clientId);
  const connection = flow.accounts && (await findDatabaseOf(flow.database, transaction));
  const state = encodeURIComponent(transaction.state);
  const csrf = flow.guard.issue(request, reply);
  const identifier = shown.identifier ?? transaction.loginHint ?? '';
  const hasPassword = step !== 'identifier';
  return flow.show(
    request,
    reply,
    ({ texts }): Page => {
      const { login } = texts.login;
      const screen = {
        both: login,
        identifier: texts['login-id']['login-id'],
        password: texts['login-password']['login-password'],
      }[step];
      const values = { clientName: application?.name ?? transaction.clientId };
      const fields: Field[] = [];
      if (step !== 'password')
        fields.push({
          name: 'username',
          label: login.usernameLabel,
          type: 'text',
          autocomplete: 'username',
          maxLength: 320,
          value: identifier,
        });
      if (hasPassword)
        fields.push({
          name: 'password',
          label: login.passwordLabel,
          type: 'password',
          autocomplete: 'current-password',
        });
      return {
        pageTitle: fill(screen.pageTitle, values),
        title: fill(screen.title, values),
        description: fill(screen.description, values),
        problem: shown.problem && login[shown.problem],
        person:
          step === 'password'
            ? {
                text: identifier,
                label: texts['login-password']['login-password'].editText,
                url: `/u/login/identifier?state=${state}`,
              }
            : undefined,
        form: {
          action: { both: '/u/login', identifier: '/u/login/identifier', password: '/u/login/password' }[
            step
          ],
          hidden: {
            state: transaction.state,
            csrf,
            ...(step === 'password' ? { username: identifier } : {}),
          },
          fields,
          link:
            connection && !connection.options.disablesPasswordReset && hasPassword
              ? { label: login.forgotPasswordText, url: `/u/reset-password/request?state=${state}` }
              : undefined,
          buttons: [{ label: login.buttonText }],
        },
        links:
          connection && !connection.options.disablesSignup
            ? [{ text: login.footerText, label: login.footerLinkText, url: `/u/signup?state=${state}` }]
            : [],
      };
    },
    { requested: transaction.locales, status: shown.problem === undefined ? 200 : 400 },
  );
}
