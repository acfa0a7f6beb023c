export { runExportCommand } from './export-command.ts';
export { runImportCommand } from './import-command.ts';
export { runJobsCommand } from './jobs-command.ts';
export { ServerRefusal, ServerUnreachableError } from './server-client.ts';
