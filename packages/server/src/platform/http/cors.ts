import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const allowedMethods = 'GET,POST,PATCH,PUT,DELETE';
const allowedHeaders = 'Authorization,Content-Type,Auth0-Client,If-Match';
const exposedHeaders = 'X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,Retry-After,ETag,Link';
/** Seconds that a browser may remember a preflight; short, as an origin can be taken back. */
const preflightLifetime = '600';

export interface CorsOptions {
  /** Whether some client allows this origin. */
  isOriginAllowed(origin: string): Promise<boolean>;
}

/**
 * Lets browser applications call: the Management API from origins that a client allows, the token endpoint and
 * the published metadata from anywhere, without credentials. Other paths answer browsers of their own origin only.
 */
export function registerCors(server: FastifyInstance, options: CorsOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    const access = await decideAccess(request.url, origin, options);
    if (access === 'none') return undefined;
    allow(reply, access === 'public' ? '*' : origin);
    return isPreflight(request) ? answerPreflight(reply) : undefined;
  });
  // Without a route of its own an OPTIONS request would be a 404 also where it is no preflight, or one refused.
  server.addHook('onRequest', async (request, reply) =>
    request.method === 'OPTIONS' && scopeOf(request.url) !== undefined && !reply.sent ? reply.code(204).send() : undefined,
  );
}

type Access = 'none' | 'origin' | 'public';

async function decideAccess(url: string, origin: string, options: CorsOptions): Promise<Access> {
  switch (scopeOf(url)) {
    case 'public':
      return 'public';
    case 'management':
      return isWebOrigin(origin) && (await options.isOriginAllowed(origin)) ? 'origin' : 'none';
    default:
      return 'none';
  }
}

function scopeOf(url: string): 'management' | 'public' | undefined {
  if (url.startsWith('/api/v2/')) return 'management';
  const [path = ''] = url.split('?', 1);
  return path === '/oauth/token' || path.startsWith('/.well-known/') ? 'public' : undefined;
}

/** `null` and schemes of extensions or files are nobody's application. */
function isWebOrigin(origin: string): boolean {
  return origin.length < 300 && /^https?:\/\/[^/\s]+$/.test(origin) && URL.canParse(origin);
}

function isPreflight(request: FastifyRequest): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}

function allow(reply: FastifyReply, origin: string): void {
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', exposedHeaders);
}

function answerPreflight(reply: FastifyReply): FastifyReply {
  reply.header('access-control-allow-methods', allowedMethods);
  reply.header('access-control-allow-headers', allowedHeaders);
  reply.header('access-control-max-age', preflightLifetime);
  return reply.code(204).send();
}
