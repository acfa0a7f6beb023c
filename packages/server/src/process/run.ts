import cluster from 'node:cluster';
import { flushCompileCache } from 'node:module';
import { ConfigError, readConfig } from '../config.ts';
import { describeStartError } from './start-errors.ts';

try {
  const config = readConfig(process.env);
  if (cluster.isPrimary) await (await import('./run-primary.ts')).runPrimary(config);
  else await (await import('./run-worker.ts')).runWorker(config);
  // Whoever is killed later has left it already.
  flushCompileCache();
} catch (error) {
  // One line for what the operator can mend; a stack only for what is our own fault.
  process.stderr.write(`${error instanceof ConfigError ? error.message : describeStartError(error)}\n`);
  process.exit(1);
}
