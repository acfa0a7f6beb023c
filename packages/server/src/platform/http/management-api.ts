import { Readable } from 'node:stream';
import {
  type BodyOf,
  currentUserScopes,
  isWriting,
  type Operation,
  type ParametersOf,
  type QueryOf,
  type ResponseSchemas,
  type StatusOf,
} from '@muster/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TObject, TSchema } from 'typebox';
import type { Caller, RequestSummary } from './caller.ts';
import { ApiError, UnownedResourceError } from './errors.ts';
import { compileChecker, compileFormValidator, compileValidator } from './validation.ts';

export const basePath = '/api/v2';

/** What a handler gets: the parsed request and who makes it. */
export interface OperationRequest<O> {
  readonly parameters: ParametersOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  /** The body of an operation with a `bodyType`, as it arrives. */
  readonly stream: Readable;
  readonly contentType: string;
  readonly caller: Caller;
  readonly summary: RequestSummary;
  /** The versions in `If-Match`, without quotes; absent when the header is, or is `*`. */
  readonly ifMatch: readonly string[] | undefined;
  /** The request's address under the public URL, for `Link` headers. */
  readonly url: URL;
  /** Aborted once the connection of the request is closed, or its answer sent. */
  readonly signal: AbortSignal;
}

/**
 * A declared status, its body (`undefined` where the contract has none) and headers of this answer. Bodies are
 * held against their schemas at run time, when `checkAnswers` is on; JSON text that is too long to be made at once
 * comes as a `Readable` and is not.
 */
export interface OperationAnswer<Status extends number = number> {
  readonly status: Status;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type OperationHandler<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends ResponseSchemas,
  Status extends StatusOf<R>,
> = (request: OperationRequest<Operation<P, Q, B, R>>) => Promise<OperationAnswer<Status>>;

/** Turns a bearer token into its caller, or throws the documented 400, 401 or 429. */
export type Authenticate = (request: FastifyRequest, reply: FastifyReply) => Promise<Caller>;

/** Called once a refused write was answered; keeps the failure in the log. */
export type RecordRefusal = (
  caller: Caller,
  summary: RequestSummary,
  operation: Operation,
  error: ApiError,
) => void;

/** Where modules register their operations. One instance per server; knows nothing of what they do. */
export interface ManagementApi {
  readonly operations: readonly Operation[];
  handle<
    P extends TObject,
    Q extends TObject,
    B extends TSchema,
    R extends ResponseSchemas,
    Status extends StatusOf<R>,
  >(operation: Operation<P, Q, B, R>, handler: OperationHandler<P, Q, B, R, Status>): void;
}

export interface ManagementApiOptions {
  readonly authenticate: Authenticate;
  readonly recordRefusal: RecordRefusal;
  /** Origin under which callers reach the server; the `Host` header is theirs to invent. */
  readonly publicUrl: string;
  /** Check every answer against its schema and declared status; on in tests and development. */
  readonly checkAnswers: boolean;
}

/** Makes the registrar for Management API operations on a Fastify instance. */
export function createManagementApi(server: FastifyInstance, options: ManagementApiOptions): ManagementApi {
  const operations: Operation[] = [];
  return {
    operations,
    handle(operation, handler) {
      operations.push(operation);
      registerOperation(server, operation, handler, options);
    },
  };
}

function registerOperation<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends ResponseSchemas,
  Status extends StatusOf<R>,
>(
  server: FastifyInstance,
  operation: Operation<P, Q, B, R>,
  handler: OperationHandler<P, Q, B, R, Status>,
  options: ManagementApiOptions,
): void {
  const parse = compileParser(operation);
  const check = options.checkAnswers ? compileAnswerCheck(operation) : undefined;
  const needed = operation.requiredScopes ?? [];
  const isWrite = isWriting(operation);
  const { bodyType } = operation;
  const isAboutUser = /^\/users\/\{id\}(\/|$)/.test(operation.path);
  server.route({
    method: operation.method,
    url: basePath + operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: { operationId: operation.id },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const whoever = await options.authenticate(request, reply);
      const caller = isWrite && whoever.isReadOnly ? withOwnScopesOnly(whoever, operation) : whoever;
      requireScopes(caller, operation.scopes, needed);
      if (isAboutUser && !mayActForOthers(caller, operation.scopes)) requireSelf(caller, request.params);
      const contentType = request.headers['content-type'] ?? '';
      const summary = summarize(request);
      try {
        if (bodyType ? !contentType.startsWith(bodyType) : request.body instanceof Readable)
          throw new ApiError(
            415,
            'invalid_body',
            `Unsupported Media Type. Send ${bodyType ?? 'application/json'}.`,
          );
        const stream = request.body instanceof Readable ? request.body : Readable.from([]);
        const parsed = parse(request);
        // The validator has just proven these shapes; this is the one place where they get their types.
        const typed = parsed as Pick<
          OperationRequest<Operation<P, Q, B, R>>,
          'parameters' | 'query' | 'body'
        >;
        const answer = await handler({
          ...typed,
          stream,
          contentType,
          caller,
          summary,
          ifMatch: parseIfMatch(request.headers['if-match']),
          get url() {
            return new URL(request.originalUrl, options.publicUrl);
          },
          get signal() {
            return untilClosed(reply);
          },
        });
        if (!(answer.body instanceof Readable)) check?.(answer.status, answer.body);
        return send(reply, answer.status, answer.body, answer.headers);
      } catch (error) {
        if (isWrite && error instanceof ApiError) options.recordRefusal(caller, summary, operation, error);
        throw error;
      }
    },
  });
}

function untilClosed({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (raw.destroyed) controller.abort();
  // Aborting makes an error with a stack, which nobody needs once the answer is out.
  else raw.once('close', () => raw.writableFinished || controller.abort());
  return controller.signal;
}

function send(
  reply: FastifyReply,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> | undefined,
): FastifyReply {
  reply.code(status);
  if (headers) reply.headers(headers);
  reply.header('content-type', 'application/json; charset=utf-8');
  if (body === undefined) return reply.send();
  return reply.send(body instanceof Readable ? body : JSON.stringify(body));
}

/** 403 with the wire text that deployment clients split to learn what is missing (spec management-api §1.2). */
function requireScopes(caller: Caller, anyOf: readonly string[], allOf: readonly string[]): void {
  if (!anyOf.some((scope) => caller.scopes.has(scope))) {
    throw new ApiError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${anyOf.join(',')}`);
  }
  const missing = allOf.filter((scope) => !caller.scopes.has(scope));
  if (missing.length > 0) {
    throw new ApiError(
      403,
      'insufficient_scope',
      `Insufficient scope, expected any of: ${missing.join(',')}`,
    );
  }
}

const ownScopes: ReadonlySet<string> = new Set(currentUserScopes);

/** People who only look start and stop nothing either, also where reading scopes would do: exports, for one. */
function withOwnScopesOnly(caller: Caller, { scopes }: Operation): Caller {
  if (!scopes.some((scope) => ownScopes.has(scope))) {
    throw new ApiError(
      403,
      'insufficient_scope',
      'The role of this token reads and does nothing else. An owner can give another one.',
    );
  }
  return { ...caller, scopes: caller.scopes.intersection(ownScopes) };
}

/** Whether the caller holds a scope of the operation that is about any user, not about the token's own alone. */
function mayActForOthers(caller: Caller, scopes: readonly string[]): boolean {
  return scopes.some((scope) => caller.scopes.has(scope) && !ownScopes.has(scope));
}

/** A user's own token acts on that user (spec authentication-and-extensibility §2.5). @throws UnownedResourceError */
function requireSelf(caller: Caller, parameters: unknown): void {
  if (Reflect.get(Object(parameters), 'id') !== caller.subject) throw new UnownedResourceError();
}

interface ParsedRequest {
  parameters: unknown;
  query: unknown;
  body: unknown;
}

function compileParser(operation: Operation): (request: FastifyRequest) => ParsedRequest {
  const parameters = operation.parameters && compileValidator(operation.parameters, 'path');
  const query = compileValidator(operation.query ?? { type: 'object', additionalProperties: false }, 'query');
  const parsedBody = operation.bodyType ? undefined : operation.body;
  const body = parsedBody && compileValidator(parsedBody, 'body');
  const form = parsedBody && compileFormValidator(parsedBody);
  return (request) => {
    parameters?.(request.params);
    query(request.query);
    if (body && form) {
      const isForm =
        request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
      (isForm ? form : body)(request.body ?? null);
    }
    return { parameters: request.params, query: request.query, body: body ? request.body : undefined };
  };
}

function compileAnswerCheck(operation: Operation): (status: number, body: unknown) => void {
  const checks = new Map(
    Object.entries(operation.responses).map(([status, schema]) => [
      Number(status),
      schema ? compileChecker(schema) : undefined,
    ]),
  );
  return (status, body) => {
    if (!checks.has(status))
      throw new Error(`${operation.id} answered ${status}, which its contract does not declare`);
    // Through JSON first: what counts is what the caller receives.
    const problem = checks.get(status)?.(body === undefined ? undefined : JSON.parse(JSON.stringify(body)));
    if (problem)
      throw new Error(`${operation.id} answered a body that its contract does not describe: ${problem}`);
  };
}

function parseIfMatch(header: string | undefined): readonly string[] | undefined {
  if (!header || header.trim() === '*') return undefined;
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
}

function summarize(request: FastifyRequest): RequestSummary {
  const query = typeof request.query === 'object' && request.query !== null ? { ...request.query } : {};
  return {
    method: request.method,
    path: request.url.split('?', 1)[0] ?? request.url,
    query,
    body: request.body instanceof Readable ? undefined : request.body,
  };
}
