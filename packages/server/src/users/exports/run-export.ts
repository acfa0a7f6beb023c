import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Database } from '../../platform/database/database.ts';
import {
  advanceJob,
  appendToFile,
  completeFile,
  insertFile,
  type Job,
  type JobContext,
  type JobHandler,
  type JobOutcome,
  setJobFile,
} from '../../platform/jobs/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { toImportable } from '../passwords/imported/index.ts';
import { type Presentation, presentUser } from '../present-user.ts';
import { compileSearch, defaultSort, type UserSearch } from '../search/index.ts';
import { findUsers } from '../store.ts';
import { credentialFields, readExportColumns } from './export-fields.ts';
import {
  type ExportCheckpoint,
  type ExportParameters,
  parseExportCheckpoint,
  parseExportParameters,
} from './export-job.ts';
import { countUsers, listCredentials, listUserIdsAfter, takeWithinSize } from './exports-store.ts';
import { createCsvWriter, createJsonWriter, type RowWriter } from './write-rows.ts';

export interface ExportDependencies {
  /** For reading users while the job's own connection writes the file. */
  readonly database: Database;
  readonly search: UserSearch;
  readonly secrets: SecretBox;
  readonly presentation: Presentation;
}

/** Users of one step, and bytes of their metadata from which it takes fewer. */
const batchRows = 4_000;
const batchSize = 8 * 1024 * 1024;
/** Level 4 of zlib: half the time of the default for a twentieth more bytes. */
const gzipLevel = 4;

const compress = promisify(gzip);

/** The handler of `users_export` jobs. */
export function createExportHandler(dependencies: ExportDependencies): JobHandler {
  return (job, context) => runExport(dependencies, job, context);
}

/**
 * Writes users in order of their ids, or as a search finds them, each once: users that come or go meanwhile may be in
 * the file or not. Every step adds one member to the gzip file (RFC 1952 §2.2) and moves the checkpoint with it.
 */
async function runExport(
  dependencies: ExportDependencies,
  job: Job,
  context: JobContext,
): Promise<JobOutcome> {
  const parameters = parseExportParameters(job.parameters);
  const fields = readExportColumns(parameters);
  if (!fields.isValid) return { status: 'failed', details: `${fields.name} is not the path of a field.` };
  const writer = (parameters.format === 'csv' ? createCsvWriter : createJsonWriter)(fields.columns);
  const source = createSource(dependencies, job, parameters);
  let checkpoint = job.checkpoint
    ? parseExportCheckpoint(job.checkpoint)
    : await begin(context, job, parameters, writer, source);
  let upcoming = readStep(dependencies, source, parameters, writer, checkpoint);
  for (;;) {
    const step = await upcoming;
    if (!step) break;
    const next = { ...step.place, fileId: checkpoint.fileId, size: checkpoint.size + step.content.length };
    // The next users are read while these are written.
    upcoming = readStep(dependencies, source, parameters, writer, next);
    upcoming.catch(() => undefined);
    const advanced = await writeStep(context, job, checkpoint, next, step.content);
    checkpoint = next;
    if (advanced.isCancellationAsked) return { status: 'cancelled' };
    if (context.signal.aborted) return undefined;
  }
  await completeFile(context.connection.database, checkpoint.fileId, checkpoint.written);
  return { status: 'completed' };
}

/** A place among the users to export. */
type Place = Pick<ExportCheckpoint, 'after' | 'afterFound' | 'written'>;

interface Source {
  /** Ids of the next users, and where those behind each of them begin. */
  next(place: Place, limit: number): Promise<readonly { userId: string; place: Omit<Place, 'written'> }[]>;
  count(): Promise<number>;
}

function createSource(
  { database, search }: ExportDependencies,
  job: Job,
  { q }: Pick<ExportParameters, 'q'>,
): Source {
  if (q === undefined) {
    const connectionId = job.connectionId;
    return {
      next: async ({ after }, limit) =>
        (await listUserIdsAfter(database, { after, limit, connectionId })).map((userId) => ({
          userId,
          place: { after: userId },
        })),
      count: () => countUsers(database, connectionId),
    };
  }
  const request = { node: compileSearch(q, job.connection), sort: defaultSort, offset: 0 };
  return {
    next: async ({ afterFound: after }, limit) => {
      const found = await search.find({ ...request, limit, wantsTotal: false, ...(after ? { after } : {}) });
      return found.rows.map(({ userId, key, id }) => ({ userId, place: { afterFound: { key, id } } }));
    },
    count: async () => (await search.find({ ...request, limit: 1, wantsTotal: true })).total ?? 0,
  };
}

async function begin(
  { connection: { database } }: JobContext,
  job: Job,
  parameters: ExportParameters,
  writer: RowWriter,
  source: Source,
): Promise<ExportCheckpoint> {
  const total = Math.min(await source.count(), parameters.limit ?? Number.POSITIVE_INFINITY);
  const content = await compress(writer.header, { level: gzipLevel });
  return database.transaction().execute(async (transaction) => {
    const fileId = await insertFile(transaction, { kind: 'result' });
    await setJobFile(transaction, job.id, 'result', fileId);
    const size = await appendToFile(transaction, fileId, 0, content, { isCompressible: false });
    const checkpoint = { fileId, size: size ?? 0, written: 0 };
    const step = await advanceJob(transaction, job.id, 0, { checkpoint, done: 0, total });
    if (!step) throw new Error('another process works on this export');
    return checkpoint;
  });
}

/** @returns what the next step adds, and where it ends; undefined at the end */
async function readStep(
  dependencies: ExportDependencies,
  source: Source,
  parameters: ExportParameters,
  writer: RowWriter,
  from: Place,
): Promise<{ content: Buffer; place: Place } | undefined> {
  const { database, presentation } = dependencies;
  const limit = Math.min(batchRows, (parameters.limit ?? Number.POSITIVE_INFINITY) - from.written);
  if (limit <= 0) return undefined;
  const candidates = await source.next(from, limit);
  if (candidates.length === 0) return undefined;
  const ids = await takeWithinSize(
    database,
    candidates.map(({ userId }) => userId),
    batchSize,
  );
  const last = candidates[ids.length - 1];
  if (!last) throw new Error('a step of an export took more users than it found');
  const users = await findUsers(database, ids);
  const credentials = parameters.includesCredentials ? await readCredentials(dependencies, ids) : undefined;
  let text = '';
  for (const user of users) {
    const presented = presentUser(user, presentation);
    text += writer.write(
      credentials
        ? { ...withoutNames(presented, credentialFields), ...credentials.get(user.userId) }
        : withoutNames(presented, credentialFields),
    );
  }
  const content = text === '' ? Buffer.alloc(0) : await compress(text, { level: gzipLevel });
  return { content, place: { ...last.place, written: from.written + users.length } };
}

/** Root attributes of an identity provider never pass for credentials. */
function withoutNames(presented: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  if (!names.some((name) => name in presented)) return presented;
  return Object.fromEntries(Object.entries(presented).filter(([name]) => !names.includes(name)));
}

/** Hashes and factors as an import takes them. */
async function readCredentials(
  { database, secrets }: ExportDependencies,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const stored = await listCredentials(database, userIds);
  return new Map(
    Array.from(stored, ([userId, { hash, factors }]) => [
      userId,
      {
        ...(hash ? toImportable(hash) : {}),
        ...(factors.length === 0
          ? {}
          : {
              mfa_factors: factors.map(({ kind, value, secret }) =>
                kind === 'totp'
                  ? { totp: { secret: secret ? secrets.decrypt(secret, `factor of ${userId}`) : '' } }
                  : { [kind]: { value } },
              ),
            }),
      },
    ]),
  );
}

async function writeStep(
  { connection: { database } }: JobContext,
  job: Job,
  checkpoint: ExportCheckpoint,
  next: ExportCheckpoint,
  content: Buffer,
): Promise<{ isCancellationAsked: boolean }> {
  return database.transaction().execute(async (transaction) => {
    const options = { isCompressible: false };
    const size =
      content.length === 0
        ? checkpoint.size
        : await appendToFile(transaction, checkpoint.fileId, checkpoint.size, content, options);
    const step = await advanceJob(transaction, job.id, checkpoint.written, {
      checkpoint: next,
      done: next.written,
    });
    if (!step || size !== next.size) throw new Error('another process works on this export');
    return step;
  });
}
