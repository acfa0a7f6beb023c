import type { ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { median } from '../load.ts';
import { benchEnvironment, fetchToken, makeFolder, openDataFolder, startServer } from '../servers.ts';
import { copyRows, databaseOf, dropDatabase, dumpRows, makeDatabase } from './bare-copy.ts';
import { idPrefix, writePeople } from './people-file.ts';
import { rateBetween, type WatchedJob, watchJob } from './watch-job.ts';

const users = Number(process.env['BENCH_USERS'] ?? 1_000_000);
const port = 4821;
const url = `http://127.0.0.1:${port}`;
const api = `${url}/api/v2`;
const seeds = { first: 1, second: 2 };
/** Parts to run, both when none is named: `BENCH_PARTS=empty`. */
const parts = (process.env['BENCH_PARTS'] ?? 'empty,full').split(',');
/** Milliseconds between two interactive calls while an import runs. */
const callInterval = 50;

/**
 * Imports into an empty and into a full directory beside a bare COPY of the same rows, and exports. Muster runs as it does where nothing
 * is configured, with its own PostgreSQL; the COPY has that PostgreSQL to itself.
 */
export async function benchImport(say: (line: string) => void): Promise<void> {
  const folder = await makeFolder('import');
  const dataFolder = join(folder, 'data');
  try {
    const file = join(folder, 'people.jsonl');
    await writePeople(file, users, seeds.first);
    say(`${users} users a file of ${Math.round((await stat(file)).size / 1e6)} MB; bars in brackets`);
    const first = await withMuster(dataFolder, async (muster) => {
      const imported = await importFile(muster, file);
      await exportUsers(muster, {}, 'export, default fields', say);
      const everything = {
        fields: ['user_id', 'email', 'user_metadata', 'app_metadata', 'identities'].map((name) => ({ name })),
      };
      await exportUsers(muster, everything, 'export, whole metadata', say);
      return imported;
    });
    const bareFirst = await withDatabase(dataFolder, async (url) => {
      await dumpRows(url, folder, idPrefix(seeds.first));
      const seconds = await copyRows(await makeDatabase(url, 'bare'), folder);
      await dropDatabase(url, 'bare');
      if (parts.includes('full')) await makeDatabase(url, 'bare', new URL(url).pathname.slice(1));
      return seconds;
    });
    report('into an empty directory', first, bareFirst, 5_000, say);
    if (!parts.includes('full')) return;

    await writePeople(file, users, seeds.second);
    const second = await withMuster(dataFolder, async (muster) => {
      const id = `auth0|${await findAnyId(muster)}`;
      const quiet = await callFor(muster, id, new Promise((settle) => setTimeout(settle, 10_000)));
      const importing = importFile(muster, file);
      const busy = await callFor(muster, id, importing);
      for (const [name, times] of Object.entries(busy)) {
        const before = median(quiet[name] ?? []);
        say(
          `${name}: median ${median(times).toFixed(1)} ms during the import, ${before.toFixed(1)} ms before: ${(median(times) / before).toFixed(2)}× [≤ 2]`,
        );
      }
      return importing;
    });
    const bareSecond = await withDatabase(dataFolder, async (url) => {
      await dumpRows(url, folder, idPrefix(seeds.second));
      return copyRows(databaseOf(url, 'bare'), folder);
    });
    report(`into a directory of ${users}`, second, bareSecond, 2_000, say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Muster's PostgreSQL without Muster. */
async function withDatabase<Result>(
  dataFolder: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const database = await openDataFolder(dataFolder);
  try {
    return await work(database.url);
  } finally {
    await database.stop();
  }
}

interface Muster {
  readonly process: ChildProcess;
  readonly token: string;
}

async function withMuster<Result>(
  dataFolder: string,
  work: (muster: Muster) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(
    'packages/server/src/main.ts',
    {
      ...benchEnvironment,
      MUSTER_DATA_DIR: dataFolder,
      PORT: String(port),
      MUSTER_WORKERS: '1',
      MUSTER_LOG_LEVEL: 'warn',
    },
    /ready at/,
  );
  try {
    return await work({ process: server, token: await fetchToken(url) });
  } finally {
    server.kill('SIGTERM');
    await new Promise((settle) => server.on('exit', settle));
  }
}

/** By the resumable upload: one request, whose body is read from the disk as it goes. */
async function importFile(muster: Muster, path: string): Promise<WatchedJob> {
  const size = (await stat(path)).size;
  const upload = await call(muster, 'POST', '/jobs/uploads', { size });
  const sent = await fetch(`${api}/jobs/uploads/${upload['id']}?offset=0`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${muster.token}`,
      'content-type': 'application/octet-stream',
      'content-length': String(size),
    },
    body: createReadStream(path),
    duplex: 'half',
  });
  if (sent.status !== 200) throw new Error(`the upload was refused: ${await sent.text()}`);
  const form = new FormData();
  form.set('upload_id', String(upload['id']));
  form.set('connection_id', await findConnectionId(muster));
  const answer = await fetch(`${api}/jobs/users-imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${muster.token}` },
    body: form,
  });
  const job: unknown = await answer.json();
  if (typeof job !== 'object' || job === null || !('id' in job)) throw new Error(JSON.stringify(job));
  return watchJob(api, muster.token, String(job.id), muster.process.pid ?? 0);
}

async function exportUsers(
  muster: Muster,
  body: unknown,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const created = await call(muster, 'POST', '/jobs/users-exports', body);
  const job = await watchJob(api, muster.token, String(created['id']), muster.process.pid ?? 0);
  const answer = await fetch(String(job.location).replace(benchEnvironment.MUSTER_PUBLIC_URL, url));
  let bytes = 0;
  if (!answer.body) throw new Error('the export is empty');
  await pipeline(
    answer.body,
    new Writable({
      write: (piece: Buffer, _encoding, done) => {
        bytes += piece.length;
        done();
      },
    }),
  );
  say(
    `${name}: ${rate(users / job.seconds)} rows/s [≥ 30,000], ${Math.round(bytes / 1e6)} MB; ${describeMemory(job)}`,
  );
}

function report(
  name: string,
  job: WatchedJob,
  bareSeconds: number,
  bar: number,
  say: (line: string) => void,
): void {
  const speed = users / job.seconds;
  const bare = users / bareSeconds;
  // Indexes that are built behind the rows are in the ratio, as a COPY writes them with its rows.
  say(
    `import ${name}: ${rate(rateBetween(job, 0, 1))} rows/s [≥ ${rate(bar)}], ${rate(speed)} with all that follows the last row; bare COPY ${rate(bare)} rows/s; ratio ${(speed / bare).toFixed(2)} [≥ 0.50]`,
  );
  const tenths = Array.from({ length: 10 }, (_, index) => rateBetween(job, index / 10, (index + 1) / 10));
  const [first = Number.NaN, last = Number.NaN] = [tenths[0], tenths[9]];
  say(
    `  tenth by tenth ${tenths.map(rate).join(' ')} rows/s, the last ${(last / first).toFixed(2)} of the first [≥ 0.8]; ${describeMemory(job)}; ${JSON.stringify(job.summary)}`,
  );
}

function describeMemory({ memory }: WatchedJob): string {
  const half = memory.slice(Math.floor(memory.length / 2));
  return `memory ${Math.round(Math.max(...memory))} MB at most [≤ 350], median of the second half ${Math.round(median(half.length > 0 ? half : [0]))}`;
}

/** Calls as a screen does, one at a time, until the work ends. @returns milliseconds of each kind */
async function callFor(
  muster: Muster,
  id: string,
  work: Promise<unknown>,
): Promise<Record<string, number[]>> {
  const kinds: Record<string, string> = {
    'GET /users/{id}': `/users/${encodeURIComponent(id)}`,
    'GET /users?q=email': `/users?q=${encodeURIComponent('email:"nobody@example.com"')}`,
    'GET /users?q=plan': `/users?per_page=10&q=${encodeURIComponent('app_metadata.plan:pro AND name:anna*')}`,
  };
  const times: Record<string, number[]> = {};
  let isOver = false;
  work.then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  while (!isOver) {
    for (const [name, path] of Object.entries(kinds)) {
      const startedAt = performance.now();
      await call(muster, 'GET', path);
      times[name] ??= [];
      times[name].push(performance.now() - startedAt);
    }
    await new Promise((settle) => setTimeout(settle, callInterval));
  }
  return times;
}

async function findConnectionId(muster: Muster): Promise<string> {
  const [connection] = Object.values(await call(muster, 'GET', '/connections?strategy=auth0'));
  if (typeof connection !== 'object' || connection === null || !('id' in connection))
    throw new Error('no connection');
  return String(connection.id);
}

async function findAnyId(muster: Muster): Promise<string> {
  const [user] = Object.values(
    await call(muster, 'GET', `/users?per_page=1&q=${encodeURIComponent('name:anna*')}`),
  );
  if (typeof user !== 'object' || user === null || !('user_id' in user)) throw new Error('no user');
  return String(user.user_id).slice('auth0|'.length);
}

async function call(
  muster: Muster,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await fetch(api + path, {
    method,
    headers: { authorization: `Bearer ${muster.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const value: unknown = await answer.json();
  if (!answer.ok || typeof value !== 'object' || value === null)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(value)}`);
  return { ...value };
}

function rate(value: number): string {
  return Math.round(value).toLocaleString('en');
}
