import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { dashboardClientId, managementAudience } from '../applications/index.ts';

/** Where `npm run build` puts the dashboard; beside the sources and in a release alike. */
const builtFolder = resolve(import.meta.dirname, '../../../dashboard/dist');

export interface DashboardOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly folder?: string;
}

/**
 * Registers `/dashboard`: the built files, what the page must know of the server, and the page itself for every other path,
 * because its pages have addresses of their own. Without built files it says how to make them.
 */
export function registerDashboardRoutes(
  server: FastifyInstance,
  { publicUrl, folder = builtFolder }: DashboardOptions,
): void {
  server.get('/dashboard/config.json', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({
      url: publicUrl,
      clientId: dashboardClientId,
      audience: managementAudience(publicUrl),
    }),
  );
  const page = join(folder, 'index.html');
  if (!existsSync(page)) {
    const explain = async (_request: unknown, reply: FastifyReply) =>
      reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The dashboard is not built: npm run dashboard\n');
    server.get('/dashboard', explain);
    server.get('/dashboard/*', explain);
    return;
  }
  const html = readFileSync(page, 'utf8');
  server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/dashboard/assets/',
    decorateReply: false,
    index: false,
    // Their names have a hash of their contents.
    immutable: true,
    maxAge: '365d',
    // What the build left beside each file, for browsers that take it.
    preCompressed: true,
  });
  const show = async (_request: unknown, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64url');
    return reply
      .headers(createHeaders(nonce, publicUrl))
      .type('text/html; charset=utf-8')
      .send(html.replace('name="style-nonce" content=""', `name="style-nonce" content="${nonce}"`));
  };
  server.get('/dashboard', show);
  server.get('/dashboard/*', show);
}

/** Scripts and styles of our own; pictures from wherever users have theirs, by HTTPS where the dashboard itself is. */
function createHeaders(nonce: string, publicUrl: string): Readonly<Record<string, string>> {
  const pictures = publicUrl.startsWith('https:') ? 'https:' : 'https: http:';
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      `img-src ${pictures} data:`,
      "font-src 'self'",
      "connect-src 'self'",
      // Renews the session silently.
      "frame-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}
