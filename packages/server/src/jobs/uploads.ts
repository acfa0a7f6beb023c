import type { Readable } from 'node:stream';
import type { Database } from '../platform/database/database.ts';
import type { Caller } from '../platform/http/caller.ts';
import {
  completeFile,
  findFile,
  holdFile,
  insertFile,
  type JobFile,
  listJobsOfSource,
} from '../platform/jobs/index.ts';
import { parseImportParameters } from '../users/index.ts';
import type { JobDependencies } from './dependencies.ts';
import {
  FileTooLargeError,
  InvalidImportError,
  UploadConflictError,
  UploadNotFoundError,
  UploadTakenError,
} from './errors.ts';
import { appendAll } from './store-upload.ts';

interface PresentedUpload {
  readonly id: number;
  readonly offset: number;
  readonly size?: number;
  readonly is_complete: boolean;
}

/** Begins an upload in pieces. @param size bytes of the whole file @throws FileTooLargeError */
export async function createUpload(
  { database, config }: JobDependencies,
  size: number,
  caller: Caller,
): Promise<PresentedUpload> {
  if (size > config.importLimit) throw new FileTooLargeError(config.importLimit);
  const id = await insertFile(database, { kind: 'upload', owner: caller.subject, expectedSize: size });
  return { id, offset: 0, size, is_complete: false };
}

/** @throws UploadNotFoundError */
export async function getUpload(
  { database }: JobDependencies,
  id: number,
  caller: Caller,
): Promise<PresentedUpload> {
  return presentUpload(await findUpload(database, id, caller.subject));
}

/**
 * Adds the next piece. What arrives before a connection breaks stays: the client asks how far it is, and goes on.
 * @throws UploadNotFoundError, UploadConflictError, FileTooLargeError beyond the announced size
 */
export async function appendToUpload(
  { database }: JobDependencies,
  piece: { readonly id: number; readonly offset: number; readonly stream: Readable },
  caller: Caller,
): Promise<PresentedUpload> {
  const upload = await findUpload(database, piece.id, caller.subject);
  if (upload.isComplete || upload.size !== piece.offset) throw new UploadConflictError(upload.size);
  const limit = upload.expectedSize ?? 0;
  const size = await appendAll(database, upload, piece.stream, limit);
  if (size === limit) await completeFile(database, upload.id);
  return presentUpload({ ...upload, size, isComplete: size === limit });
}

/**
 * Takes a complete upload for an import: for one, and for any number that only try it. Who asks again, because the answer
 * was lost, is told of the job that there is.
 * @throws UploadNotFoundError, UploadTakenError, InvalidImportError
 */
export async function claimUpload(
  transaction: Database,
  { id, isDryRun }: { readonly id: number; readonly isDryRun: boolean },
  owner: string,
): Promise<{ id: number; size: number }> {
  if (!isDryRun) {
    await holdFile(transaction, id);
    const taken = (await listJobsOfSource(transaction, id)).find(
      ({ parameters, caller }) => caller.subject === owner && !parseImportParameters(parameters).isDryRun,
    );
    if (taken) throw new UploadTakenError(taken.id);
  }
  const upload = await findUpload(transaction, id, owner);
  if (!upload.isComplete)
    throw new InvalidImportError(
      `The upload is not complete: it has ${upload.size} of ${upload.expectedSize} bytes.`,
    );
  return { id: upload.id, size: upload.size };
}

async function findUpload(database: Database, id: number, owner: string): Promise<JobFile> {
  const file = await findFile(database, id);
  // Somebody else's upload is as unknown as one that never was.
  if (file?.kind !== 'upload' || file.owner !== owner) throw new UploadNotFoundError();
  return file;
}

function presentUpload({ id, size, expectedSize, isComplete }: JobFile): PresentedUpload {
  return {
    id,
    offset: size,
    ...(expectedSize === undefined ? {} : { size: expectedSize }),
    is_complete: isComplete,
  };
}
