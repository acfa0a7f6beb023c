import * as operations from '@muster/contract';
import { defaultPageSize } from '@muster/contract';
import type { ManagementApi } from '../platform/http/management-api.ts';
import { listJobs } from '../platform/jobs/index.ts';
import { cancelJob } from './cancel-job.ts';
import { createExport } from './create-export.ts';
import { createImport } from './create-import.ts';
import { createVerificationEmail } from './create-verification-email.ts';
import type { JobDependencies } from './dependencies.ts';
import { getJob } from './get-job.ts';
import { findJobErrors } from './list-errors.ts';
import { presentJob } from './present-job.ts';
import { appendToUpload, createUpload, getUpload } from './uploads.ts';
import { createUsersAction } from './users-actions/create-users-action.ts';

/** Registers `/jobs`. */
export function registerJobRoutes(api: ManagementApi, dependencies: JobDependencies): void {
  const { database } = dependencies;

  api.handle(operations.createUsersImport, async ({ stream, contentType, caller, summary }) => {
    const context = { caller, summary, title: operations.createUsersImport.summary };
    return { status: 202, body: await createImport(dependencies, { stream, contentType }, context) };
  });

  api.handle(operations.createUsersExport, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.createUsersExport.summary };
    return { status: 200, body: await createExport(dependencies, body, context) };
  });

  api.handle(operations.createUsersAction, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.createUsersAction.summary };
    return { status: 202, body: await createUsersAction(dependencies, body, context) };
  });

  api.handle(operations.createVerificationEmail, async ({ body, caller, summary }) => {
    const context = { caller, summary, title: operations.createVerificationEmail.summary };
    return { status: 201, body: await createVerificationEmail(dependencies, body, context) };
  });

  api.handle(operations.listJobs, async ({ query, caller }) => {
    const limit = query.per_page ?? defaultPageSize;
    const offset = (query.page ?? 0) * limit;
    const { jobs, total } = await listJobs(database, { offset, limit, kind: query.type });
    const presented = jobs.map((job) => presentJob(job, dependencies, caller));
    return {
      status: 200,
      body: query.include_totals ? { start: offset, limit, total, jobs: presented } : presented,
    };
  });

  api.handle(operations.getJob, async ({ parameters, caller }) => {
    const job = await getJob(dependencies, parameters.id, caller);
    return { status: 200, body: presentJob(job, dependencies, caller) };
  });

  api.handle(operations.listJobErrors, async ({ parameters, query, caller }) => {
    const found = await findJobErrors(dependencies, parameters.id, query, caller);
    if (!found) return { status: 204, body: undefined };
    return {
      status: 200,
      body: 'job' in found ? presentJob(found.job, dependencies, caller) : found.errors,
    };
  });

  api.handle(operations.cancelJob, async ({ parameters, caller, summary }) => {
    const context = { caller, summary, title: operations.cancelJob.summary };
    return { status: 202, body: await cancelJob(dependencies, parameters.id, context) };
  });

  api.handle(operations.createUpload, async ({ body, caller }) => ({
    status: 201,
    body: await createUpload(dependencies, body.size, caller),
  }));

  api.handle(operations.getUpload, async ({ parameters, caller }) => ({
    status: 200,
    body: await getUpload(dependencies, parameters.id, caller),
  }));

  api.handle(operations.appendToUpload, async ({ parameters, query, stream, caller }) => ({
    status: 200,
    body: await appendToUpload(dependencies, { id: parameters.id, offset: query.offset, stream }, caller),
  }));
}
