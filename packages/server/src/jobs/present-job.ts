import type { Job as JobSchema } from '@muster/contract';
import type { Static } from 'typebox';
import type { Job } from '../platform/jobs/index.ts';
import {
  mayReadRoles,
  parseExportParameters,
  parseImportParameters,
  readExportedUsers,
  readImportProgress,
} from '../users/index.ts';
import { createFileLink, type FileLinks } from './file-links.ts';
import { parseActionParameters, readActedUsers } from './users-actions/action-job.ts';

export type PresentedJob = Static<typeof JobSchema>;

/** What the caller of a job's resource may follow. */
export interface JobViewer {
  readonly scopes: ReadonlySet<string>;
}

/** A job as the Management API shows it; links only for those who may read what is behind them. */
export function presentJob(job: Job, links: FileLinks, viewer: JobViewer): PresentedJob {
  const common = {
    id: job.id,
    type: job.kind,
    status: job.status,
    created_at: job.createdAt.toISOString(),
    ...(job.connectionId === undefined ? {} : { connection_id: job.connectionId }),
    ...(job.connection === undefined ? {} : { connection: job.connection }),
    ...(job.externalId === undefined ? {} : { external_id: job.externalId }),
    ...(job.statusDetails === undefined ? {} : { status_details: job.statusDetails }),
    ...presentProgress(job),
  };
  switch (job.kind) {
    case 'users_import':
      return { ...common, ...presentImport(job, links, viewer) };
    case 'users_export':
      return { ...common, ...presentExport(job, links, viewer) };
    case 'users_action':
      return { ...common, ...presentAction(job) };
    default:
      return common;
  }
}

function presentImport(job: Job, links: FileLinks, { scopes }: JobViewer): Partial<PresentedJob> {
  const parameters = parseImportParameters(job.parameters);
  const { failed = 0, updated = 0, inserted = 0, unchanged = 0, total = 0 } = job.summary ?? {};
  const showsReport = job.reportFileId !== undefined && isEnded(job) && scopes.has('create:users');
  return {
    upsert: parameters.isUpsert,
    send_completion_email: parameters.sendsCompletionEmail,
    ...(parameters.mergesMetadata ? { merge_metadata: true } : {}),
    ...(parameters.isDryRun ? { dry_run: true } : {}),
    ...(job.summary === undefined ? {} : { summary: { failed, updated, inserted, unchanged, total } }),
    ...(showsReport
      ? { report_location: createFileLink(links, job.reportFileId, `${job.id}-report.jsonl`) }
      : {}),
  };
}

function presentExport(job: Job, links: FileLinks, { scopes }: JobViewer): Partial<PresentedJob> {
  const { format, limit, fields, q, includesCredentials, tellsRoles } = parseExportParameters(job.parameters);
  const maySee =
    scopes.has('read:users') &&
    (!includesCredentials || scopes.has('read:users_credentials')) &&
    (!tellsRoles || mayReadRoles(scopes));
  const showsFile = job.resultFileId !== undefined && job.status === 'completed' && maySee;
  return {
    // Clients expect a name; that of all connections is empty.
    connection: job.connection ?? '',
    format,
    ...(limit === undefined ? {} : { limit }),
    ...(fields === undefined ? {} : { fields }),
    ...(q === undefined ? {} : { q }),
    ...(showsFile ? { location: createFileLink(links, job.resultFileId, `${job.id}.${format}.gz`) } : {}),
  };
}

function presentAction(job: Job): Partial<PresentedJob> {
  const { action, q, changedBy, roleIds, isDryRun } = parseActionParameters(job.parameters);
  const { changed = 0, unchanged = 0, failed = 0 } = job.summary ?? {};
  return {
    action,
    ...(q === undefined ? {} : { q }),
    ...(changedBy === undefined ? {} : { changed_by: changedBy }),
    ...(roleIds === undefined ? {} : { roles: roleIds }),
    ...(isDryRun === true ? { dry_run: true } : {}),
    ...(job.total === undefined ? {} : { summary: { changed, unchanged, failed, total: job.total } }),
  };
}

function isEnded(job: Job): boolean {
  return job.endedAt !== undefined;
}

/** How far it is, and how long the rest takes at the speed of this run: time that nobody worked on it does not count. */
function presentProgress(job: Job): Pick<PresentedJob, 'percentage_done' | 'time_left_seconds' | 'phase'> {
  if (job.status === 'completed') return { percentage_done: 100, time_left_seconds: 0 };
  if (job.status !== 'processing' || !job.total) return {};
  const { share, buildsIndexes } = measure(job, job.checkpoint, job.total);
  const percentage = { percentage_done: Math.min(99, Math.floor(share * 100)) };
  // How long an index takes, nobody knows before.
  if (buildsIndexes) return { ...percentage, phase: 'building_indexes' };
  const gained = share - measure(job, job.runCheckpoint, job.total).share;
  if (gained <= 0 || job.runStartedAt === undefined) return percentage;
  const seconds = (Date.now() - job.runStartedAt.getTime()) / 1000;
  return { ...percentage, time_left_seconds: Math.max(1, Math.ceil((seconds * (1 - share)) / gained)) };
}

function measure(job: Job, checkpoint: unknown, total: number): { share: number; buildsIndexes: boolean } {
  if (job.kind === 'users_import') return readImportProgress(checkpoint, total);
  const done = job.kind === 'users_action' ? readActedUsers(checkpoint) : readExportedUsers(checkpoint);
  return { share: Math.min(1, done / total), buildsIndexes: false };
}
