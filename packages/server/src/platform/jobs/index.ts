export {
  appendToFile,
  blockSize,
  completeFile,
  deleteFile,
  findFile,
  holdFile,
  insertFile,
  type JobFile,
  readFileFrom,
} from './files-store.ts';
export {
  type HoldsScopes,
  type Job,
  type JobCaller,
  type JobStatus,
  type NewJob,
  scopesLost,
} from './job.ts';
export {
  type JobContext,
  type JobHandler,
  type JobListener,
  type JobOutcome,
  type JobRunner,
  startJobRunner,
} from './job-runner.ts';
export {
  advanceJob,
  askCancellation,
  deleteExpiredJobs,
  endJob,
  findJob,
  hasOpenJobs,
  insertJob,
  type JobError,
  type JobProgress,
  listJobErrors,
  listJobs,
  listJobsOfSource,
  listOpenJobIds,
  setJobFile,
} from './jobs-store.ts';
