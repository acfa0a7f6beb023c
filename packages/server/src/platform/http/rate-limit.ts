import type { FastifyInstance, FastifyReply } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from './errors.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** How the caller stands with its limit; set once a request was counted. */
    rateLimit: RateLimitState | null;
  }
}

export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

/** Refusals that the reference answers without rate limit headers (spec management-api §1.6). */
const statusesWithoutHeaders = new Set([400, 401, 404]);

/** 429: the client used up its requests of this second. */
export class GlobalLimitError extends ApiError {
  constructor(retryAfterSeconds: number) {
    super(429, 'too_many_requests', 'Global limit has been reached', {
      headers: { 'retry-after': String(retryAfterSeconds) },
    });
  }
}

/**
 * Makes a counter of events by key, in this process alone. Takes under a microsecond an event.
 * @param points events that a key may have in a window
 * @param seconds the window's length; it begins with a key's first event
 * @returns counts one event and throws GlobalLimitError when it was one too many; `remember` is told how the key stands
 *   before that
 */
export function createRateLimiter(
  points: number,
  seconds: number,
): (key: string, remember?: (state: RateLimitState) => void) => Promise<RateLimitState> {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (key, remember) => {
    const result = await limiter.consume(key).catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return refusal;
      throw refusal;
    });
    const millisecondsLeft = Math.max(result.msBeforeNext, 0);
    const reset = Math.ceil((Date.now() + millisecondsLeft) / 1000);
    const state = { limit: points, remaining: Math.max(result.remainingPoints, 0), reset };
    remember?.(state);
    if (result.consumedPoints > points)
      throw new GlobalLimitError(Math.max(1, Math.ceil(millisecondsLeft / 1000)));
    return state;
  };
}

/**
 * Limits how many requests a client may make in a second, counted in this process alone: with several
 * processes a client gets up to that many times the limit.
 * @returns counts one request of a client and throws GlobalLimitError when it was one too many
 */
export function registerRateLimit(
  server: FastifyInstance,
  options: { readonly requestsPerSecond: number },
): (clientId: string, reply: FastifyReply) => Promise<void> {
  const count = createRateLimiter(options.requestsPerSecond, 1);
  server.decorateReply('rateLimit', null);
  server.addHook('onSend', (_request, reply, _payload, done) => {
    const state = reply.rateLimit;
    if (state && !statusesWithoutHeaders.has(reply.statusCode)) {
      reply.header('x-ratelimit-limit', state.limit);
      reply.header('x-ratelimit-remaining', state.remaining);
      reply.header('x-ratelimit-reset', state.reset);
    }
    done();
  });
  return async (clientId, reply) => {
    await count(clientId, (state) => {
      reply.rateLimit = state;
    });
  };
}
