import { ChangePasswordBody } from '@muster/contract';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Application, findApplication, matchesOrigin } from '../applications/index.ts';
import { findConnectionByName, findConnectionOfClient } from '../connections/index.ts';
import { ApiError, InvalidBodyError } from '../platform/http/errors.ts';
import { compileValidator } from '../platform/http/validation.ts';
import type { AccountDependencies, Visitor } from './dependencies.ts';
import { AccountRefusal, invalidSignUp } from './errors.ts';
import { presentAccount } from './present-account.ts';
import { readBody } from './read-body.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { parseSignUp, signUp } from './sign-up.ts';

const resetAnswer = "We've just sent you an email to reset your password.";
const validateReset = compileValidator(ChangePasswordBody, 'body');

/** Registers `/dbconnections/signup` and `/dbconnections/change_password`: JSON or forms, without a token. */
export function registerAccountRoutes(server: FastifyInstance, dependencies: AccountDependencies): void {
  server.register(async (scope) => {
    scope.setErrorHandler((error: FastifyError | Error, request, reply) =>
      respondToError(error, request, reply),
    );

    scope.post('/dbconnections/signup', async (request, reply) => {
      const body = parseSignUp(readBody(request.body, request.headers['content-type']));
      await keepCrossOriginAnswer(dependencies, request, reply, body.client_id);
      reply.rateLimit = (await dependencies.limits.countSignUp(request.ip)) ?? null;
      const user = await signUp(dependencies, body, describeVisitor(request));
      return reply
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(presentAccount(user)));
    });

    scope.post('/dbconnections/change_password', async (request, reply) => {
      const body = parseReset(readBody(request.body, request.headers['content-type']));
      const { client_id: clientId } = body;
      const application =
        clientId === undefined
          ? undefined
          : await keepCrossOriginAnswer(dependencies, request, reply, clientId);
      if (clientId !== undefined && !application) throw new InvalidBodyError('The client does not exist.');
      const { limits, database } = dependencies;
      reply.rateLimit = (await limits.countPasswordReset(request.ip, body.identifier)) ?? null;
      const connection = application
        ? await findConnectionOfClient(database, body.connection, application.clientId)
        : await findConnectionByName(database, body.connection);
      if (connection?.strategy !== 'auth0')
        throw new InvalidBodyError('There is no such database connection for the client.');
      const { identifier } = body;
      await requestPasswordReset(
        dependencies,
        { application, connection, identifier },
        describeVisitor(request),
      );
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(resetAnswer);
    });
  });
}

function parseReset(body: unknown): ChangePasswordBody & { readonly identifier: string } {
  validateReset(body ?? null);
  // The validator has just proven the shape.
  const parsed = body as ChangePasswordBody;
  const identifier = parsed.email ?? parsed.username;
  if (identifier === undefined)
    throw new InvalidBodyError("Payload validation error: 'Missing required property: email'.");
  if (Reflect.get(parsed, 'password'))
    throw new InvalidBodyError(
      'The new password is chosen on the page that the mail leads to. Send no password here.',
    );
  return { ...parsed, identifier };
}

/** A page may read the answer if the application that it names has its origin; others of the tenant do not matter. */
async function keepCrossOriginAnswer(
  { database }: AccountDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  clientId: string,
): Promise<Application | undefined> {
  const application = await findApplication(database, clientId);
  const { origin } = request.headers;
  const isAllowed = application?.origins.some((allowed) => matchesOrigin(allowed, origin ?? ''));
  if (origin !== undefined && !isAllowed) reply.removeHeader('access-control-allow-origin');
  return application;
}

/** `x-request-language` wins: browsers may not change `Accept-Language`. */
function describeVisitor(request: FastifyRequest): Visitor {
  const { 'x-request-language': asked, 'accept-language': language } = request.headers;
  return {
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? '',
    language: typeof asked === 'string' && asked !== '' ? asked : language,
  };
}

function respondToError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = describeError(error, request.url.startsWith('/dbconnections/signup'));
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  if (error instanceof ApiError) reply.headers(error.headers);
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function describeError(
  error: FastifyError | Error,
  isSignUp: boolean,
): { readonly status: number; readonly body: unknown } {
  if (error instanceof AccountRefusal) return { status: error.statusCode, body: error.body };
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status >= 500)
    return { status: 500, body: { error: 'server_error', error_description: 'Internal Server Error' } };
  if (status === 429)
    return { status, body: { error: 'too_many_requests', error_description: error.message } };
  return isSignUp
    ? { status, body: { ...invalidSignUp(error.message).body, statusCode: status } }
    : { status, body: { error: 'invalid_request', error_description: error.message } };
}
