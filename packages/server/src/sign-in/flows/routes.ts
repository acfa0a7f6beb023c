import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplication, findResourceServer } from '../../applications/index.ts';
import { findConnectionOfClient, listConnectionsOfClient } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { isRecord } from '../../platform/is-record.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import type { SignIn } from '../pipeline/sign-in.ts';
import type { Accounts } from './accounts.ts';
import { createFormGuard } from './csrf.ts';
import { sendPage } from './page-answer.ts';
import { renderForm, renderMessage } from './plain-pages.ts';
import type { Transaction, TransactionOutcome, Transactions } from './transaction.ts';

export interface FlowOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly signIn: SignIn;
  readonly transactions: Transactions;
  /** Absent: the pages that need it answer that they are switched off. */
  readonly accounts?: Accounts | undefined;
}

type Form = Readonly<Record<string, string | undefined>>;

/** Registers the pages under `/u`, on which people sign in, sign up, consent and choose passwords. */
export function registerSignInRoutes(server: FastifyInstance, options: FlowOptions): void {
  const guard = createFormGuard(options.secrets, options.publicUrl);
  const { transactions } = options;

  /** Runs a page of a transaction; without one the person is sent to where signing in begins. */
  const onTransaction =
    (
      handle: (
        request: FastifyRequest,
        reply: FastifyReply,
        transaction: Transaction,
        form: Form,
      ) => Promise<unknown> | FastifyReply,
    ) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const form = readForm(request);
      const transaction = await transactions.find(request, reply, form['state'] ?? '');
      if (!transaction) return showExpired(options, reply);
      if (request.method === 'POST' && !guard.accepts(request, form['csrf']))
        return showProblem(reply, 'invalid_request', 'The form has expired. Go back and try again.');
      return handle(request, reply, transaction, form);
    };

  const finish = async (
    request: FastifyRequest,
    reply: FastifyReply,
    transaction: Transaction,
    outcome: TransactionOutcome,
  ) => {
    const next = await transactions.finish(request, reply, transaction.state, outcome);
    if (next === undefined) return showExpired(options, reply);
    return reply.header('cache-control', 'no-store').redirect(next, 303);
  };

  const showLogin = async (
    request: FastifyRequest,
    reply: FastifyReply,
    transaction: Transaction,
    shown: { readonly identifier?: string | undefined; readonly problem?: string } = {},
  ) => {
    const application = await findApplication(options.database, transaction.clientId);
    const state = encodeURIComponent(transaction.state);
    const page = renderForm({
      title: 'Sign in',
      text: `to continue to ${application?.name ?? transaction.clientId}`,
      problem: shown.problem,
      action: '/u/login',
      hidden: { state: transaction.state, csrf: guard.issue(request, reply) },
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
      links: options.accounts
        ? [
            { label: 'Forgot your password?', url: `/u/reset-password/request?state=${state}` },
            { label: 'Sign up', url: `/u/signup?state=${state}` },
          ]
        : [],
    });
    return sendPage(reply, page, shown.problem === undefined ? 200 : 400);
  };

  for (const path of ['/u/login', '/u/login/identifier', '/u/login/password'])
    server.get(
      path,
      onTransaction((request, reply, transaction) => showLogin(request, reply, transaction)),
    );

  server.post(
    '/u/login',
    onTransaction(async (request, reply, transaction, form) => {
      const { username: identifier = '', password = '' } = form;
      if (identifier === '' || password === '')
        return showLogin(request, reply, transaction, { identifier, problem: 'Enter both.' });
      const outcome = await options.signIn({
        ...(await describeRequest(options.database, request, transaction)),
        evidence: { kind: 'password', identifier, password },
      });
      if (outcome.ok)
        return finish(request, reply, transaction, {
          kind: 'signed in',
          userId: outcome.user.userId,
          methods: outcome.methods,
          claims: outcome.claims,
        });
      const { refusal } = outcome;
      if (refusal.kind === 'wrong_credentials' || refusal.kind === 'too_many_attempts')
        return showLogin(request, reply, transaction, { identifier, problem: refusal.description });
      return finish(request, reply, transaction, {
        kind: 'refused',
        error: refusal.redirectError,
        description: refusal.description,
      });
    }),
  );

  const showSignup = async (
    request: FastifyRequest,
    reply: FastifyReply,
    transaction: Transaction,
    shown: { readonly email?: string | undefined; readonly problem?: string } = {},
  ) => {
    const page = renderForm({
      title: 'Sign up',
      problem: shown.problem,
      action: '/u/signup',
      hidden: { state: transaction.state, csrf: guard.issue(request, reply) },
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
  };

  server.get(
    '/u/signup',
    onTransaction((request, reply, transaction) =>
      options.accounts
        ? showSignup(request, reply, transaction)
        : reply.redirect(`/u/login?state=${encodeURIComponent(transaction.state)}`, 302),
    ),
  );

  server.post(
    '/u/signup',
    onTransaction(async (request, reply, transaction, form) => {
      const connection = await databaseOf(options.database, transaction);
      if (!options.accounts || !connection)
        return showProblem(reply, 'unauthorized', 'Sign-up is switched off.');
      const { email = '', username, password = '' } = form;
      const made = await options.accounts.signUp({
        clientId: transaction.clientId,
        connection,
        email,
        username,
        password,
        visitor: describeVisitor(request),
      });
      if (!made.ok) return showSignup(request, reply, transaction, { email, problem: made.description });
      const outcome = await options.signIn({
        ...(await describeRequest(options.database, request, transaction)),
        connection: connection.name,
        evidence: { kind: 'vouched', userId: made.userId, connectionId: connection.id },
      });
      return finish(
        request,
        reply,
        transaction,
        outcome.ok
          ? {
              kind: 'signed in',
              userId: outcome.user.userId,
              methods: ['pwd'],
              claims: outcome.claims,
            }
          : {
              kind: 'refused',
              error: outcome.refusal.redirectError,
              description: outcome.refusal.description,
            },
      );
    }),
  );

  server.get(
    '/u/consent',
    onTransaction(async (request, reply, transaction) => {
      const application = await findApplication(options.database, transaction.clientId);
      const page = renderForm({
        title: 'Authorize application',
        text: `${application?.name ?? transaction.clientId} asks for access to your account:`,
        items: await describeScopes(options, transaction),
        action: '/u/consent',
        hidden: { state: transaction.state, csrf: guard.issue(request, reply) },
        fields: [],
        buttons: [
          { label: 'Accept', name: 'action', value: 'accept' },
          { label: 'Decline', name: 'action', value: 'deny' },
        ],
      });
      return sendPage(reply, page);
    }),
  );

  server.post(
    '/u/consent',
    onTransaction((request, reply, transaction, form) =>
      finish(
        request,
        reply,
        transaction,
        form['action'] === 'accept' && transaction.waitsFor === 'consent'
          ? { kind: 'consented' }
          : { kind: 'refused', error: 'access_denied', description: 'User did not authorize the request' },
      ),
    ),
  );
}

/** As the person sees them: the API's descriptions, and what the scopes of OpenID Connect open. */
async function describeScopes(options: FlowOptions, transaction: Transaction): Promise<string[]> {
  const api =
    transaction.audience === undefined
      ? undefined
      : await findResourceServer(options.database, options.secrets, transaction.audience);
  const known: Readonly<Record<string, string>> = {
    profile: 'Your name and picture',
    email: 'Your email address',
    phone: 'Your phone number',
    address: 'Your address',
    offline_access: 'Access while you are away',
  };
  return transaction.wantedScope
    .filter((scope) => scope !== 'openid')
    .map((scope) => known[scope] ?? (api?.scopeDescriptions.get(scope) || scope));
}

async function describeRequest(database: Database, request: FastifyRequest, transaction: Transaction) {
  const application = await findApplication(database, transaction.clientId);
  return {
    protocol: 'oidc-basic-profile' as const,
    clientId: transaction.clientId,
    clientName: application?.name,
    connection: transaction.connection,
    audience: transaction.audience,
    scope: transaction.scope,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
  };
}

function describeVisitor(request: FastifyRequest) {
  return {
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    language: request.headers['accept-language'],
  };
}

async function databaseOf(database: Database, { connection, clientId }: Transaction) {
  if (connection !== undefined) return findConnectionOfClient(database, connection, clientId);
  return (await listConnectionsOfClient(database, clientId)).find(({ strategy }) => strategy === 'auth0');
}

/** A bookmarked or finished sign-in begins anew where the tenant says (spec authentication §1.2). */
async function showExpired(options: FlowOptions, reply: FastifyReply): Promise<unknown> {
  const { default_redirection_uri: uri } = await getTenantSettings(options.database);
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.protocol === 'https:' && url.hostname !== 'localhost') {
    url.searchParams.set('iss', `${options.publicUrl}/`);
    return reply.redirect(url.href, 302);
  }
  return showProblem(
    reply,
    'access_denied',
    'This sign-in has ended or was begun in another browser. Go back to the application and try again.',
  );
}

function showProblem(reply: FastifyReply, code: string, text: string): FastifyReply {
  return sendPage(reply, renderMessage({ title: 'This did not work', text, code }), 400);
}

/** Of the query, or of the form that was posted; the first of repeated ones counts. */
function readForm(request: FastifyRequest): Form {
  const sent: unknown = request.method === 'POST' ? request.body : request.query;
  if (!isRecord(sent)) return {};
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return [name, typeof first === 'string' && !first.includes('\0') ? first : undefined];
    }),
  );
}
