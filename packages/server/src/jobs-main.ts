import { prepareModules } from './process/prepare-modules.ts';

prepareModules();
const { readConfig } = await import('./config.ts');
const { runJobs } = await import('./process/run-jobs.ts');
const { describeStartError } = await import('./process/start-errors.ts');
try {
  await runJobs(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${describeStartError(error)}\n`);
  process.exit(1);
}
