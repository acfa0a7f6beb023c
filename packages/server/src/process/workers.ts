import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { answerMetricsRequests } from '../platform/telemetry/routes.ts';
import type { DatabaseConnection } from './database-connection.ts';

/** What the primary tells a worker over the process channel, so that no secret stands in an environment. */
export interface WorkerOrder {
  readonly connection: DatabaseConnection;
  readonly secretKey: string;
}

export type WorkerReport =
  | { readonly ready: true; readonly port: number }
  | { readonly ready: false; readonly message: string };

/**
 * Starts `config.workers` HTTP processes that share the port, and replaces one that dies.
 * @throws Error with the worker's own message when the first ones cannot start
 */
export async function startWorkers(
  config: Config,
  connection: DatabaseConnection,
  secretKey: string,
  logger: Logger,
): Promise<{ port: number; stop(): Promise<void> }> {
  let isStopping = false;
  answerMetricsRequests();
  const order: WorkerOrder = { connection, secretKey };
  const reports = await Promise.all(Array.from({ length: config.workers }, () => startWorker(order)));
  cluster.on('exit', (worker, code, signal) => {
    if (isStopping) return;
    logger.error({ pid: worker.process.pid, code, signal }, 'an HTTP process died and is replaced');
    startWorker(order).catch((error: unknown) =>
      logger.fatal({ err: error }, 'an HTTP process could not be replaced'),
    );
  });
  return {
    port: reports[0]?.port ?? config.port,
    stop: async () => {
      isStopping = true;
      const workers = Object.values(cluster.workers ?? {}).filter(
        (worker): worker is Worker => worker !== undefined,
      );
      await Promise.all(
        workers.map(async (worker) => {
          const exited = once(worker, 'exit');
          worker.process.kill('SIGTERM');
          await exited;
        }),
      );
    },
  };
}

async function startWorker(order: WorkerOrder): Promise<{ port: number }> {
  const worker = cluster.fork();
  const report = new Promise<WorkerReport>((resolve) => {
    worker.once('message', resolve);
    worker.once('exit', () => resolve({ ready: false, message: 'an HTTP process died at its start' }));
  });
  worker.send(order);
  const answer = await report;
  if (answer.ready) return { port: answer.port };
  const error = new Error(answer.message);
  // Already a line for the operator: print it without this process' stack.
  error.name = 'ConfigError';
  throw error;
}
