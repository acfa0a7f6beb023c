import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import { buildOpenApiDocument, type Operation } from '@muster/contract';
import type { FastifyInstance } from 'fastify';
import { referencePage, referencePolicy, referenceScript, referenceStyle } from './page.ts';

/** All that the page loads of Swagger UI; the rest of the package, source maps above all, is not served. */
const servedAssets = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js', '/favicon-32x32.png']);

export interface ReferenceOptions {
  /** Read when the document is first asked for, so modules may register after this. */
  readonly operations: readonly Operation[];
  /** Without a trailing slash. */
  readonly publicUrl: string;
}

/** Registers `/openapi.json` (OpenAPI 3.1) and the browsable reference at `/docs`, both open to everybody. */
export function registerReferenceRoutes(server: FastifyInstance, options: ReferenceOptions): void {
  let openApiText: string | undefined;
  server.get('/openapi.json', async (_request, reply) => {
    openApiText ??= JSON.stringify(
      buildOpenApiDocument(options.operations, {
        title: 'Muster Management API',
        version: readVersion(),
        serverUrl: `${options.publicUrl}/api/v2`,
        tokenUrl: `${options.publicUrl}/oauth/token`,
      }),
    );
    return reply.type('application/json; charset=utf-8').send(openApiText);
  });

  const servePart = (path: string, contentType: string, text: string) =>
    server.get(path, async (_request, reply) =>
      reply
        .header('content-security-policy', referencePolicy)
        .header('referrer-policy', 'no-referrer')
        .type(`${contentType}; charset=utf-8`)
        .send(text),
    );
  servePart('/docs', 'text/html', referencePage);
  servePart('/docs/', 'text/html', referencePage);
  servePart('/docs/reference.js', 'text/javascript', referenceScript);
  servePart('/docs/reference.css', 'text/css', referenceStyle);
  server.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/docs/assets/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => servedAssets.has(path),
  });
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '0';
}
