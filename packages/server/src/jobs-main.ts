import { readConfig } from './config.ts';
import { runJobs } from './process/run-jobs.ts';
import { describeStartError } from './process/start-errors.ts';

try {
  await runJobs(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${describeStartError(error)}\n`);
  process.exit(1);
}
