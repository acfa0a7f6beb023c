import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountVerdict } from '../../accounts/index.ts';
import { findApplication } from '../../applications/index.ts';
import type { Connection } from '../../connections/index.ts';
import { getPromptSettings } from '../../tenant/index.ts';
import { type Field, fill, listPasswordRules, type Texts } from '../pages/index.ts';
import { describeVisitor, type Flow, type Form, findDatabaseOf, toTransactionOutcome } from './flow.ts';
import { describeProblem } from './problem-pages.ts';
import { listExtraFields, listIdentifierFields, readExtraFields } from './sign-up-fields.ts';
import type { Transaction } from './transaction.ts';

/** Of the account, or of what the tenant asks besides. */
type Refusal =
  | Pick<Extract<AccountVerdict, { ok: false }>, 'code' | 'field'>
  | { readonly code: 'wrong_fields'; readonly fields: readonly string[] };

/** Registers `/u/signup`. */
export function registerSignup(server: FastifyInstance, flow: Flow): void {
  const { accounts, database } = flow;

  server.get(
    '/u/signup',
    flow.onTransaction(async (request, reply, transaction) => {
      const connection = await findDatabaseOf(database, transaction);
      return accounts && connection && !connection.options.disablesSignup
        ? showSignup(flow, request, reply, transaction, connection, { email: transaction.loginHint })
        : reply.redirect(`/u/login?state=${encodeURIComponent(transaction.state)}`, 302);
    }),
  );

  server.post(
    '/u/signup',
    flow.onTransaction(async (request, reply, transaction, form) => {
      const connection = await findDatabaseOf(database, transaction);
      if (!accounts || !connection || connection.options.disablesSignup)
        return flow.show(
          request,
          reply,
          (look) => describeProblem(look, 'unauthorized', look.texts.signup.signup.disabled),
          { requested: transaction.locales, status: 400 },
        );
      const again = (refusal: Refusal) =>
        showSignup(flow, request, reply, transaction, connection, form, refusal);
      const { signup_fields: extra } = await getPromptSettings(database);
      const { metadata, wrong } = readExtraFields(extra, form);
      if (wrong.length > 0) return again({ code: 'wrong_fields', fields: wrong });
      const made = await accounts.signUp({
        clientId: transaction.clientId,
        connection,
        email: form['email'],
        username: form['username'],
        phoneNumber: form['phone_number'],
        password: form['password'] ?? '',
        ...(Object.keys(metadata).length > 0 ? { userMetadata: metadata } : {}),
        visitor: describeVisitor(request),
      });
      if (!made.ok) return again(made);
      const evidence = { kind: 'vouched', userId: made.userId, connectionId: connection.id } as const;
      const outcome = await flow.signInFor(request, transaction, evidence, connection.name);
      return flow.finish(request, reply, transaction, toTransactionOutcome(outcome));
    }),
  );
}

async function showSignup(
  flow: Flow,
  request: FastifyRequest,
  reply: FastifyReply,
  transaction: Transaction,
  connection: Connection,
  form: Form,
  refusal?: Refusal,
): Promise<FastifyReply> {
  const application = await findApplication(flow.database, transaction.clientId);
  const { signup_fields: extra } = await getPromptSettings(flow.database);
  const csrf = flow.guard.issue(request, reply);
  return flow.show(
    request,
    reply,
    ({ texts, language }) => {
      const { signup } = texts.signup;
      const values = { clientName: application?.name ?? transaction.clientId };
      const problem = refusal && describeRefusal(refusal, texts);
      const fields: Field[] = [
        ...listIdentifierFields(connection, texts, form),
        ...listExtraFields(extra, language, form),
        {
          name: 'password',
          label: signup.passwordLabel,
          type: 'password',
          autocomplete: 'new-password',
          rules: listPasswordRules(connection.options.passwordPolicy, texts, 'first'),
        },
      ];
      const wrong = refusal ? listWrongFields(refusal) : [];
      const isBeside = fields.some(({ name }) => wrong.includes(name));
      return {
        pageTitle: fill(signup.pageTitle, values),
        title: fill(signup.title, values),
        description: fill(signup.description, values),
        problem: isBeside ? undefined : problem,
        form: {
          action: '/u/signup',
          hidden: { state: transaction.state, csrf },
          fields: fields.map((field) => (wrong.includes(field.name) ? { ...field, problem } : field)),
          buttons: [{ label: signup.buttonText }],
        },
        links: [
          {
            text: signup.footerText,
            label: signup.footerLinkText,
            url: `/u/login?state=${encodeURIComponent(transaction.state)}`,
          },
        ],
      };
    },
    { requested: transaction.locales, status: refusal ? 400 : 200 },
  );
}

function listWrongFields(refusal: Refusal): readonly string[] {
  if ('fields' in refusal) return refusal.fields;
  return refusal.field === undefined ? [] : [refusal.field];
}

function describeRefusal(refusal: Refusal, texts: Texts): string {
  const { signup } = texts.signup;
  if ('fields' in refusal) return signup.missing;
  const { code, field } = refusal;
  if (code === 'too_many_requests') return texts.login.login.tooManyAttempts;
  if (code === 'user_exists' || code === 'username_exists') return signup.exists;
  switch (field) {
    case 'password':
      return signup.weakPassword;
    case 'email':
      return signup.invalidEmail;
    case 'username':
      return signup.invalidUsername;
    case 'phone_number':
      return signup.invalidPhone;
    default:
      return signup.exists;
  }
}
