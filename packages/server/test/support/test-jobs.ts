import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { vi } from 'vitest';
import { accountGuard, listOwners, narrowToStanding } from '../../src/administration/index.ts';
import { createCompletionMails, createJobHandlers } from '../../src/jobs/index.ts';
import { openBulkConnection } from '../../src/platform/database/bulk-connection.ts';
import { type JobRunner, startJobRunner } from '../../src/platform/jobs/index.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { createUserListeners } from '../../src/user-listeners.ts';
import { testSecretKey } from './test-config.ts';
import type { TestAnswer, TestServer } from './test-server.ts';

/** Works on the server's jobs in this process, as its own process does in production. */
export function startTestJobs(server: Pick<TestServer, 'testDatabase' | 'config'>): JobRunner {
  const { database, searchDatabase, connection } = server.testDatabase;
  const secrets = createSecretBox(testSecretKey);
  return startJobRunner({
    database,
    connect: () => openBulkConnection(connection, { statementTimeout: 60_000 }),
    handlers: createJobHandlers({
      database,
      searchDatabase,
      searchCapacity: { timeout: 60_000, poolSize: 3 },
      secrets,
      config: server.config,
      guard: accountGuard,
      listeners: createUserListeners({ secrets, publicUrl: server.config.publicUrl }),
      narrowToStanding: (holder) => narrowToStanding(database, holder),
    }),
    listener: createCompletionMails({ secrets, publicUrl: server.config.publicUrl, listOwners }),
    logger: pino({ level: 'fatal' }),
  });
}

/** Sends an import as a form; a part that is `undefined` is left out. @param token instead of the management client's */
export async function sendImport(
  server: TestServer,
  file: string | Buffer | undefined,
  fields: Readonly<Record<string, string | undefined>>,
  token?: string,
): Promise<TestAnswer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, value);
  if (file !== undefined)
    form.set('users', new Blob([typeof file === 'string' ? file : new Uint8Array(file)]), 'users.json');
  const request = new Request('http://form.test', { method: 'POST', body: form });
  const payload = Buffer.from(await request.arrayBuffer());
  return server.fetchRaw('POST', '/api/v2/jobs/users-imports', {
    payload: Readable.from(cut(payload)),
    headers: {
      authorization: `Bearer ${token ?? (await server.getToken())}`,
      'content-type': request.headers.get('content-type') ?? '',
      'content-length': String(payload.length),
    },
  });
}

/**
 * In pieces as large as a socket's. Sent as one, a file would be stored as one block, however large, which every process that
 * goes on with its import unpacks to the end before its first row.
 */
function* cut(payload: Buffer): Generator<Buffer> {
  const size = 64 * 1024;
  for (let start = 0; start < payload.length; start += size) yield payload.subarray(start, start + size);
}

/** The job once it has ended. */
export async function waitForJob(
  server: TestServer,
  id: string,
  timeout = 30_000,
): Promise<TestAnswer['body']> {
  return vi.waitFor(
    async () => {
      const { body } = await server.request('GET', `/jobs/${id}`);
      if (['pending', 'processing'].includes(body.status)) throw new Error(`still ${body.status}`);
      return body;
    },
    { timeout, interval: 20 },
  );
}

/** Imports and waits for the end. */
export async function runImport(
  server: TestServer,
  file: unknown,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<TestAnswer['body']> {
  const content = typeof file === 'string' || Buffer.isBuffer(file) ? file : JSON.stringify(file);
  const answer = await sendImport(server, content, fields);
  if (answer.status !== 202) throw new Error(`the import was refused: ${answer.text}`);
  return waitForJob(server, answer.body.id);
}

/** Exports, waits for the end and downloads the file, unpacked. */
export async function runExport(
  server: TestServer,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  const answer = await server.request('POST', '/jobs/users-exports', { body });
  if (answer.status !== 200) throw new Error(`the export was refused: ${answer.text}`);
  const job = await waitForJob(server, answer.body.id);
  if (job.status !== 'completed') throw new Error(`the export failed: ${JSON.stringify(job)}`);
  return download(server, job.location);
}

/** What is behind a signed link; gzip files unpacked. */
export async function download(server: TestServer, location: string): Promise<string> {
  const url = new URL(location);
  const answer = await server.app.server.inject({ method: 'GET', url: url.pathname + url.search });
  if (answer.statusCode !== 200) throw new Error(`the download was refused: ${answer.payload}`);
  const bytes = answer.rawPayload;
  return (url.pathname.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
