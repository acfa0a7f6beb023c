import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Database } from '../database/database.ts';
import { checkReadiness } from './readiness.ts';
import { measureRequests } from './request-metrics.ts';
import { createMetricsReader } from './worker-metrics.ts';

export { answerMetricsRequests } from './worker-metrics.ts';

/**
 * Registers what operators' tools ask, without authentication or rate limit: `/healthz` (the process lives),
 * `/readyz` (the database answers) and `/metrics` (Prometheus text). They tell nothing of users or settings,
 * yet metrics belong inside: keep `/metrics` from the public at the proxy.
 */
export function registerTelemetryRoutes(
  server: FastifyInstance,
  dependencies: { readonly database: Database },
): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measureRequests(server, registry);
  const readMetrics = createMetricsReader(registry);

  server.get('/healthz', async () => ({ status: 'ok' }));

  server.get('/readyz', async (_request, reply) => {
    const readiness = await checkReadiness(dependencies.database);
    if (readiness.isReady) return { status: 'ok' };
    return reply
      .code(503)
      .header('retry-after', '5')
      .send({ status: 'unavailable', reason: readiness.reason });
  });

  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await readMetrics()),
  );
}
