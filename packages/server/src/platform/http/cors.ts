import type { FastifyInstance, FastifyReply } from 'fastify';

const allowedMethods = 'GET,POST,PATCH,PUT,DELETE';
const allowedHeaders = 'Authorization,Content-Type,Auth0-Client,If-Match,X-Request-Language';
const exposedHeaders = 'X-RateLimit-Limit,X-RateLimit-Remaining,X-RateLimit-Reset,Retry-After,ETag,Link';
/** Seconds that a browser may remember a preflight; short, as an origin can be taken back. */
const preflightLifetime = '600';

export interface CorsOptions {
  /** Whether some client allows this origin. */
  isOriginAllowed(origin: string): Promise<boolean>;
}

/**
 * Lets browser applications call: the Management API and sign-up from origins that a client allows, the endpoints of
 * tokens and the published metadata from anywhere, without credentials. Other paths answer browsers of their own origin
 * only, and know no OPTIONS.
 */
export function registerCors(server: FastifyInstance, options: CorsOptions): void {
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    const isOptions = request.method === 'OPTIONS';
    if (origin === undefined && !isOptions) return undefined;
    const face = faceOf(request.url);
    if (!face) return undefined;
    if (face === 'public') {
      reply.header('access-control-allow-origin', '*').header('access-control-allow-credentials', 'false');
      describeAccess(reply, isOptions);
    } else if (origin !== undefined && isWebOrigin(origin) && (await options.isOriginAllowed(origin))) {
      reply.header('access-control-allow-origin', origin);
      describeAccess(reply, isOptions);
    }
    return isOptions ? reply.code(204).send() : undefined;
  });
}

/** Where the request itself proves what it may do: by a code, a token or a client's secret, never by a cookie. */
const publicPaths = new Set(['/oauth/token', '/oauth/revoke', '/userinfo']);

function faceOf(url: string): 'applications' | 'public' | undefined {
  if (url.startsWith('/api/v2/') || url.startsWith('/dbconnections/')) return 'applications';
  const [path = ''] = url.split('?', 1);
  return publicPaths.has(path) || path.startsWith('/.well-known/') ? 'public' : undefined;
}

/** `null` and schemes of extensions or files are nobody's application. */
function isWebOrigin(origin: string): boolean {
  return origin.length < 300 && /^https?:\/\/[^/\s]+$/.test(origin) && URL.canParse(origin);
}

function describeAccess(reply: FastifyReply, isPreflight: boolean): void {
  reply.header('access-control-expose-headers', exposedHeaders);
  if (!isPreflight) return;
  reply.header('access-control-allow-methods', allowedMethods);
  reply.header('access-control-allow-headers', allowedHeaders);
  reply.header('access-control-max-age', preflightLifetime);
}
