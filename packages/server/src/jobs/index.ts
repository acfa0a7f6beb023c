export { type CompletionMailDependencies, createCompletionMails } from './completion-mails.ts';
export type { JobDependencies } from './dependencies.ts';
export { registerDownloads } from './downloads.ts';
export { createJobHandlers, type JobHandlerDependencies } from './handlers.ts';
export { startJobMaintenance } from './maintain-jobs.ts';
export { registerJobRoutes } from './routes.ts';
