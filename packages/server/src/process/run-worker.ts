import { once } from 'node:events';
import type { Config } from '../config.ts';
import { createLogger } from './create-logger.ts';
import { serve } from './serve.ts';
import { describeStartError } from './start-errors.ts';
import { onStopSignal } from './stop-signal.ts';
import type { WorkerOrder, WorkerReport } from './workers.ts';

/** An HTTP process under a primary: waits for its order, serves, and ends with the primary. */
export async function runWorker(config: Config): Promise<void> {
  const [order]: WorkerOrder[] = await once(process, 'message');
  const report = (message: WorkerReport) =>
    new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
  if (!order) throw new Error('the primary sent no order');
  // Ctrl-C reaches the whole group of a terminal; the primary decides the order of stopping.
  process.on('SIGINT', () => undefined);
  try {
    const serving = await serve(config, order.connection, order.secretKey, createLogger(config));
    await report({ ready: true, port: serving.port });
    process.on('disconnect', () => process.exit(1));
    onStopSignal(['SIGTERM'], () => serving.stop());
  } catch (error) {
    await report({
      ready: false,
      message: describeStartError(error).replace(/^Muster could not start: /, ''),
    });
    process.exit(1);
  }
}
