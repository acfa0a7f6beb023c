import { randomBytes } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { registerBodyParsers } from './body-parsing.ts';
import { ApiError, NotFoundError } from './errors.ts';
import { tellPlainAddresses } from './peer-address.ts';

export interface HttpServerOptions {
  readonly logger: FastifyBaseLogger;
  /** Bytes; larger bodies are refused with 413. */
  readonly bodyLimit: number;
  /** PEM texts; absent: plain HTTP. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Whether `X-Forwarded-*` of the peer are believed. */
  readonly trustProxy: boolean;
}

/**
 * Makes the Fastify instance that every face registers on: body parsing, request ids, security headers and
 * the one place where errors become the documented envelope.
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const server: FastifyInstance = Fastify({
    loggerInstance: options.logger,
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy,
    genReqId: createRequestIdMaker(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    // Identifiers of resource servers are whole URLs and arrive with %2F inside one path segment.
    routerOptions: { maxParamLength: 2000, ignoreTrailingSlash: false },
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => refuseUnparsedRequest(error, socket),
    frameworkErrors: (error, request, reply) => respondToError(error, request, reply),
    ...(options.tls ? { https: { cert: options.tls.certificate, key: options.tls.key } } : {}),
  });
  registerBodyParsers(server);
  const isTls = options.tls !== undefined;
  tellPlainAddresses(server.server, isTls);
  // Callbacks, not promises: these run for every request.
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-cache');
    reply.header('vary', 'origin,accept-encoding');
    if (isTls || request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
    done(request.url.includes('%00') ? refuseNul() : undefined);
  });
  server.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        // Queries carry tickets, codes and e-mail addresses: the path alone goes to the log.
        path: request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        ip: request.ip,
      },
      'request',
    );
    done();
  });
  server.setErrorHandler((error: FastifyError, request, reply) => respondToError(error, request, reply));
  server.setNotFoundHandler((request, reply) => respondToError(new NotFoundError(), request, reply));
  return server;
}

/**
 * Answers what Node could not parse as a request, in the documented form. The connection ends with it and the answer
 * says so: a client that pools connections would otherwise send its next request into a closed one.
 */
function refuseUnparsedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = describeUnparsedRequest(error);
  const body = Buffer.from(JSON.stringify(refusal.toBody()));
  const head = [
    `HTTP/1.1 ${refusal.statusCode} ${STATUS_CODES[refusal.statusCode]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}

function describeUnparsedRequest(error: NodeJS.ErrnoException): ApiError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(408, 'bad_request', 'The request did not arrive in time.');
    case 'HPE_HEADER_OVERFLOW':
      if (isInAddress(error))
        return new ApiError(
          414,
          'bad_request',
          'The address of the request is too long: a long search goes into the body of a POST.',
        );
      return new ApiError(431, 'bad_request', 'The address and headers of the request are too long.');
    default:
      return new ApiError(400, 'bad_request', 'The request is not valid HTTP.');
  }
}

/** Whether what Node gave up on is the request's first line: it has no end within what Node reads. */
function isInAddress(error: Error): boolean {
  if (!('rawPacket' in error) || !Buffer.isBuffer(error.rawPacket)) return false;
  const end = error.rawPacket.indexOf('\r\n');
  return end < 0 || end >= maxHeaderSize;
}

/** Unique across processes by a random prefix, and cheap: one random read a process, not one a request. */
function createRequestIdMaker(): () => string {
  const prefix = randomBytes(9).toString('base64url');
  let counter = 0;
  return () => `${prefix}-${(counter++).toString(36)}`;
}

/** NUL cannot be stored or compared by PostgreSQL; no id or parameter has one. */
function refuseNul(): ApiError {
  return new ApiError(400, 'invalid_uri', "Path validation error: 'String contains a NUL character'.");
}

function respondToError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const known = error instanceof ApiError ? error : translate(error);
  if (known.statusCode >= 500) request.log.error({ err: error }, 'request failed');
  reply
    .code(known.statusCode)
    .headers(known.headers)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(known.toBody()));
}

/** Fastify's own refusals, and the 500 for what nobody foresaw. */
function translate(error: FastifyError): ApiError {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError(413, 'payload_too_large', `${error.message}. Send a smaller body.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError(
        415,
        'invalid_body',
        'Unsupported Media Type. Send application/json or application/x-www-form-urlencoded.',
      );
    case 'FST_ERR_BAD_URL':
      return new ApiError(
        400,
        'invalid_uri',
        "Path validation error: 'The path is not valid percent-encoding'.",
      );
    // query_canceled: the statement timeout ended it (PostgreSQL's appendix of error codes).
    case '57014':
      return new ApiError(
        503,
        undefined,
        'The query exceeded the timeout. Please try refining your search criteria.',
        { cause: error },
      );
    default: {
      const status = error.statusCode ?? 500;
      if (status < 500) return new ApiError(status, 'bad_request', error.message);
      return new ApiError(500, undefined, 'Internal Server Error', { cause: error });
    }
  }
}
