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
import { compileSearch, defaultSort, parseSortOrder, type UserSearch } from '../search/index.ts';
import { credentialFields, readExportColumns } from './export-fields.ts';
import {
  type ExportCheckpoint,
  type ExportParameters,
  parseExportCheckpoint,
  parseExportParameters,
} from './export-job.ts';
import {
  type Candidate,
  countUsers,
  listCredentials,
  listUsersAfter,
  measureUsers,
  readUsers,
  type UserPart,
} from './exports-store.ts';
import { listNeededParts } from './needed-parts.ts';
import { createCsvWriter, createJsonWriter, type RowWriter } from './write-rows.ts';

export interface ExportDependencies {
  /** For reading users while the job's own connection writes the file. */
  readonly database: Database;
  readonly search: UserSearch;
  readonly secrets: SecretBox;
  readonly presentation: Presentation;
}

/** Users of one step: few enough to be forgotten before they count as long-lived. Bytes of metadata from which it takes fewer. */
const batchRows = 1_500;
const batchSize = 8 * 1024 * 1024;
/** Level 4 of zlib: half the time of the default for a twentieth more bytes. */
const gzipLevel = 4;

const compress = promisify(gzip);

/** The handler of `users_export` jobs. */
export function createExportHandler(dependencies: ExportDependencies): JobHandler {
  return (job, context) => runExport(dependencies, job, context);
}

/**
 * Writes users in order of their ids, or as a search finds and sorts them, each once: users that come or go meanwhile, or change
 * what they are sorted by, may be in the file or not. Every step adds one member to the gzip file (RFC 1952 §2.2) and moves the checkpoint with it.
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
  const reading = { dependencies, source, parameters, parts: listNeededParts(fields.columns) };
  let checkpoint = job.checkpoint
    ? parseExportCheckpoint(job.checkpoint)
    : await begin(context, job, parameters, writer, source);
  // Three steps are under way at a time: users are read while those before them are packed and those before written.
  const steps = readSteps(reading, checkpoint);
  let upcoming = steps.next();
  let packing: Promise<PackedStep> | undefined;
  for (;;) {
    const { value: read } = await upcoming;
    if (read) {
      upcoming = steps.next();
      upcoming.catch(() => undefined);
    }
    const packed = await packing;
    packing = read && packStep(read, writer);
    packing?.catch(() => undefined);
    if (packed) {
      const next = {
        ...packed.place,
        fileId: checkpoint.fileId,
        size: checkpoint.size + packed.content.length,
      };
      const advanced = await writeStep(context, job, checkpoint, next, packed.content);
      checkpoint = next;
      if (advanced.isCancellationAsked) return { status: 'cancelled' };
      if (context.signal.aborted) return undefined;
    }
    if (!packing) break;
  }
  await completeFile(context.connection.database, checkpoint.fileId, checkpoint.written);
  return { status: 'completed' };
}

/** A place among the users to export. */
type Place = Pick<ExportCheckpoint, 'after' | 'afterFound' | 'written'>;

interface Source {
  /** Ids of the next users, and where those behind each of them begin. */
  next(place: Place, limit: number): Promise<readonly Candidate[]>;
  /** Where the users behind this one begin. */
  placeAfter(candidate: Candidate): Omit<Place, 'written'>;
  count(): Promise<number>;
}

function createSource(
  { database, search }: ExportDependencies,
  job: Job,
  { q, sort: order }: Pick<ExportParameters, 'q' | 'sort'>,
): Source {
  if (q === undefined && order === undefined) {
    const connectionId = job.connectionId;
    return {
      next: ({ after }, limit) => listUsersAfter(database, { after, limit, connectionId }),
      placeAfter: ({ userId }) => ({ after: userId }),
      count: () => countUsers(database, connectionId),
    };
  }
  const sort = (order === undefined ? undefined : parseSortOrder(order)) ?? defaultSort;
  const request = { node: compileSearch(q, job.connection), sort, offset: 0 };
  const places = new Map<string, { key: string | null; id: number }>();
  return {
    next: async ({ afterFound: after }, limit) => {
      const found = await search.find({ ...request, limit, wantsTotal: false, ...(after ? { after } : {}) });
      places.clear();
      for (const { userId, key, id } of found.rows) places.set(userId, { key, id });
      const sizes = await measureUsers(database, [...places.keys()]);
      return found.rows.map(({ userId }) => ({ userId, size: sizes.get(userId) ?? 0 }));
    },
    placeAfter: ({ userId }) => {
      const afterFound = places.get(userId);
      return afterFound ? { afterFound } : {};
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

interface Reading {
  readonly dependencies: ExportDependencies;
  readonly source: Source;
  readonly parameters: ExportParameters;
  readonly parts: readonly UserPart[];
}

interface ReadStep {
  readonly users: readonly Readonly<Record<string, unknown>>[];
  /** Where the users behind them begin. */
  readonly place: Place;
}

interface PackedStep {
  /** A gzip member, or nothing. */
  readonly content: Buffer;
  readonly place: Place;
}

/** The users behind a place, step by step. The next ones are looked for while these are read. */
async function* readSteps(
  { dependencies, source, parameters, parts }: Reading,
  from: Place,
): AsyncGenerator<ReadStep, undefined> {
  const limit = parameters.limit ?? Number.POSITIVE_INFINITY;
  let { written } = from;
  let upcoming = source.next(from, batchRows);
  while (written < limit) {
    const candidates = takeWithinSize(await upcoming).slice(0, limit - written);
    const last = candidates.at(-1);
    if (!last) return;
    const place = source.placeAfter(last);
    upcoming = source.next({ ...place, written }, batchRows);
    upcoming.catch(() => undefined);
    const users = await presentCandidates(dependencies, candidates, parts, parameters);
    written += users.length;
    yield { users, place: { ...place, written } };
  }
}

async function presentCandidates(
  dependencies: ExportDependencies,
  candidates: readonly Candidate[],
  parts: readonly UserPart[],
  { includesCredentials }: ExportParameters,
): Promise<Record<string, unknown>[]> {
  const { database, presentation } = dependencies;
  const ids = candidates.map(({ userId }) => userId);
  const [stored, credentials] = await Promise.all([
    readUsers(database, ids, parts),
    includesCredentials ? readCredentials(dependencies, ids) : undefined,
  ]);
  return stored.map((user) => {
    const presented = withoutNames(presentUser(user, presentation), credentialFields);
    return credentials ? { ...presented, ...credentials.get(user.userId) } : presented;
  });
}

/** As many as fit into the memory of a step together; at least one. Profiles may be a thousand times larger than is usual. */
function takeWithinSize(candidates: readonly Candidate[]): readonly Candidate[] {
  let size = 0;
  const end = candidates.findIndex((candidate) => {
    size += candidate.size;
    return size > batchSize;
  });
  return end < 0 ? candidates : candidates.slice(0, Math.max(1, end));
}

async function packStep({ users, place }: ReadStep, writer: RowWriter): Promise<PackedStep> {
  let text = '';
  for (const user of users) text += writer.write(user);
  return { content: text === '' ? Buffer.alloc(0) : await compress(text, { level: gzipLevel }), place };
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
