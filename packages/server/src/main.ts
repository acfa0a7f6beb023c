import cluster from 'node:cluster';
import { ConfigError, readConfig } from './config.ts';
import { runPrimary } from './process/run-primary.ts';
import { runWorker } from './process/run-worker.ts';
import { describeStartError } from './process/start-errors.ts';

try {
  const config = readConfig(process.env);
  if (cluster.isPrimary) await runPrimary(config);
  else await runWorker(config);
} catch (error) {
  // One line for what the operator can mend; a stack only for what is our own fault.
  process.stderr.write(`${error instanceof ConfigError ? error.message : describeStartError(error)}\n`);
  process.exit(1);
}
