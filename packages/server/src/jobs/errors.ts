import { ApiError } from '../platform/http/errors.ts';

/** 404: no such job, or its time is over. */
export class JobNotFoundError extends ApiError {
  constructor(message = 'Job not found.') {
    super(404, 'inexistent_job', message);
  }
}

/** 409: what the job changes is not settled yet. */
export class JobNotEndedError extends ApiError {
  constructor(id: string) {
    super(409, 'job_not_ended', `${id} has not ended. Wait for its end, or cancel it.`);
  }
}

/** No mail was queued, though the user has an address. */
export class VerificationNotSentError extends ApiError {
  constructor() {
    super(400, 'invalid_body', 'No mail was sent: the template verify_email is off.');
  }
}

/** 404: no such upload, or its time is over. */
export class UploadNotFoundError extends ApiError {
  constructor() {
    super(
      404,
      'inexistent_job',
      'There is no such upload. It is deleted when its import ends, or a day after the last piece.',
    );
  }
}

/** 409: the piece does not follow on what the upload has. */
export class UploadConflictError extends ApiError {
  constructor(size: number) {
    super(409, 'upload_conflict', `The upload has ${size} bytes. Go on from there.`, {
      extra: { offset: size },
    });
  }
}

/** 409: the upload is what another import reads, or read; `job_id` says which. */
export class UploadTakenError extends ApiError {
  constructor(jobId: string) {
    super(409, 'upload_conflict', `${jobId} imports this upload already.`, { extra: { job_id: jobId } });
  }
}

/** 413: more bytes than MUSTER_IMPORT_LIMIT. The rest of the body is not read, so the connection ends. */
export class FileTooLargeError extends ApiError {
  constructor(limit: number) {
    super(
      413,
      'payload_too_large',
      `Payload content length greater than maximum allowed: ${limit}. Send a smaller file, or gzip it.`,
      { headers: { connection: 'close' } },
    );
  }
}

/** 400: what an import names or brings cannot be used. A file that is still on its way is not waited for. */
export class InvalidImportError extends ApiError {
  constructor(message: string) {
    super(400, 'invalid_body', message, { headers: { connection: 'close' } });
  }
}

/** 403: a link to a file that was not made here, or is too old. */
export class InvalidLinkError extends ApiError {
  constructor(isExpired: boolean) {
    super(
      403,
      undefined,
      isExpired
        ? 'This link has expired. Get the job again: its answer has a new one.'
        : 'This link is not valid.',
    );
  }
}
