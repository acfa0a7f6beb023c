import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts, Visitor } from '../../accounts/index.ts';
import { findApplication } from '../../applications/index.ts';
import { type Connection, findConnectionOfClient, listConnectionsOfClient } from '../../connections/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { isRecord } from '../../platform/is-record.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Unblocking } from '../../protection/index.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import type { Look, Page } from '../pages/index.ts';
import type { Evidence, SignInOutcome } from '../pipeline/attempt.ts';
import type { SignIn } from '../pipeline/sign-in.ts';
import { createFormGuard, type FormGuard } from './csrf.ts';
import { createLookFinder } from './look.ts';
import { sendPage } from './page-answer.ts';
import { describeProblem } from './problem-pages.ts';
import type { Transaction, TransactionOutcome, Transactions } from './transaction.ts';

export interface FlowOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly signIn: SignIn;
  readonly transactions: Transactions;
  /** Absent: nobody signs up or resets a password here. */
  readonly accounts?: Accounts | undefined;
  /** Absent: nobody is blocked for wrong passwords. */
  readonly unblocking?: Unblocking | undefined;
}

/** What a page was asked with: of the query, or of the form that was posted. */
export type Form = Readonly<Record<string, string | undefined>>;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** What the pages share. */
export interface Flow extends FlowOptions {
  readonly guard: FormGuard;
  /** A page of a transaction; without one the person is sent to where signing in begins. */
  onTransaction(
    handle: (
      request: FastifyRequest,
      reply: FastifyReply,
      transaction: Transaction,
      form: Form,
    ) => Promise<unknown> | FastifyReply,
  ): Handler;
  /** A page that stands for itself; posted forms must be ours. */
  onForm(
    handle: (request: FastifyRequest, reply: FastifyReply, form: Form) => Promise<unknown> | FastifyReply,
  ): Handler;
  /** Answers with a page, in the language of the transaction or of the browser. */
  show(
    request: FastifyRequest,
    reply: FastifyReply,
    describe: (look: Look) => Page,
    options?: {
      /** Language tags that the application asked for, the best first. */
      readonly requested?: readonly string[];
      readonly status?: number;
    },
  ): Promise<FastifyReply>;
  /** Sends the browser on with what came of the transaction. */
  finish(
    request: FastifyRequest,
    reply: FastifyReply,
    transaction: Transaction,
    outcome: TransactionOutcome,
  ): Promise<unknown>;
  signInFor(
    request: FastifyRequest,
    transaction: Transaction,
    evidence: Evidence,
    connection?: string,
  ): Promise<SignInOutcome>;
}

export function createFlow(options: FlowOptions): Flow {
  const guard = createFormGuard(options.secrets, options.publicUrl);
  const { database, transactions, signIn } = options;
  const findLook = createLookFinder(database);
  const show: Flow['show'] = async (request, reply, describe, { requested = [], status = 200 } = {}) => {
    const look = await findLook({ requested, acceptLanguage: request.headers['accept-language'] });
    return sendPage(reply, describe(look), look, status);
  };
  const showForged = (request: FastifyRequest, reply: FastifyReply, requested: readonly string[] = []) =>
    show(
      request,
      reply,
      (look) => describeProblem(look, 'invalid_request', look.texts['error-page']['error-page'].forged),
      { requested, status: 400 },
    );
  const isForged = (request: FastifyRequest, form: Form) =>
    request.method === 'POST' && !guard.accepts(request, form['csrf']);
  return {
    ...options,
    guard,
    show,
    onTransaction: (handle) => async (request, reply) => {
      const form = readForm(request);
      const transaction = await transactions.find(request, reply, form['state'] ?? '');
      if (!transaction) return showExpired(options, show, request, reply);
      return isForged(request, form)
        ? showForged(request, reply, transaction.locales)
        : handle(request, reply, transaction, form);
    },
    onForm: (handle) => async (request, reply) => {
      const form = readForm(request);
      return isForged(request, form) ? showForged(request, reply) : handle(request, reply, form);
    },
    finish: async (request, reply, transaction, outcome) => {
      const next = await transactions.finish(request, reply, transaction.state, outcome);
      if (next === undefined) return showExpired(options, show, request, reply);
      return reply.header('cache-control', 'no-store').redirect(next, 303);
    },
    signInFor: async (request, transaction, evidence, connection) =>
      signIn({
        kind: 'login',
        protocol: 'oidc-basic-profile',
        clientId: transaction.clientId,
        clientName: (await findApplication(database, transaction.clientId))?.name,
        connection: connection ?? transaction.connection,
        evidence,
        audience: transaction.audience,
        scope: transaction.scope,
        ip: request.ip,
        userAgent: request.headers['user-agent'] ?? '',
        language: transaction.locales[0] ?? request.headers['accept-language'],
      }),
  };
}

export function describeVisitor(request: FastifyRequest): Visitor {
  return {
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    language: request.headers['accept-language'],
  };
}

/** The database connection that new accounts of a transaction join. */
export async function findDatabaseOf(
  database: Database,
  { connection: name, clientId }: Transaction,
): Promise<Connection | undefined> {
  const candidates =
    name === undefined
      ? await listConnectionsOfClient(database, clientId)
      : [await findConnectionOfClient(database, name, clientId)];
  return candidates.find((connection) => connection?.strategy === 'auth0');
}

/** What the application is told of a sign-in that ended, either way. */
export function toTransactionOutcome(outcome: SignInOutcome): TransactionOutcome {
  if (outcome.ok)
    return {
      kind: 'signed in',
      userId: outcome.user.userId,
      methods: outcome.methods,
      claims: outcome.claims,
    };
  const { kind, redirectError: error, description } = outcome.refusal;
  const { verified } = outcome;
  // The session begins before scripts have their say (spec authentication §5.1): the next request is denied without a page.
  return kind === 'denied' && verified
    ? { kind: 'denied', userId: verified.user.userId, methods: verified.methods, error, description }
    : { kind: 'refused', error, description };
}

/** A bookmarked or finished sign-in begins anew where its application or the tenant says (spec authentication §1.2). */
async function showExpired(
  options: FlowOptions,
  show: Flow['show'],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const { client: clientId } = readNames(request.query);
  const application = clientId === undefined ? undefined : await findApplication(options.database, clientId);
  const start =
    readStart(application?.loginUri) ??
    readStart((await getTenantSettings(options.database))['default_redirection_uri']);
  if (start) {
    start.searchParams.set('iss', `${options.publicUrl}/`);
    return reply.redirect(start.href, 302);
  }
  return show(
    request,
    reply,
    (look) => describeProblem(look, 'access_denied', look.texts['error-page']['error-page'].expired),
    { status: 400 },
  );
}

/** Where people may be sent without having asked for it. */
function readStart(uri: unknown): URL | undefined {
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  return url?.protocol === 'https:' && url.hostname !== 'localhost' ? url : undefined;
}

/** The first of repeated parameters counts; what PostgreSQL cannot keep is none. */
function readForm(request: FastifyRequest): Form {
  return readNames(request.method === 'POST' ? request.body : request.query);
}

function readNames(sent: unknown): Form {
  if (!isRecord(sent)) return {};
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return [name, typeof first === 'string' && !first.includes('\0') ? first : undefined];
    }),
  );
}
