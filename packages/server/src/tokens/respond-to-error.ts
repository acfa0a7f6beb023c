import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../platform/http/errors.ts';
import { type OAuthErrorBody, TokenRefusal } from './errors.ts';

/** Refusals before `oidc-provider` is asked, in its envelope. */
export function respondToOAuthError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = describeOAuthError(error);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

function describeOAuthError(error: Error): { status: number; body: OAuthErrorBody } {
  if (error instanceof TokenRefusal) {
    return {
      status: error.statusCode,
      body: { error: error.error, error_description: error.error_description ?? error.error },
    };
  }
  const stated: unknown = Reflect.get(error, 'statusCode');
  const status = error instanceof ApiError ? error.statusCode : typeof stated === 'number' ? stated : 500;
  if (status >= 500)
    return { status, body: { error: 'server_error', error_description: 'Internal Server Error' } };
  return { status, body: { error: 'invalid_request', error_description: error.message } };
}
