import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { fetchToken, type SpawnedServer, spawnServer } from './support/spawned-server.ts';
import { testManagementClient, testSecretKey } from './support/test-config.ts';
import { createTestDatabase, type TestDatabase } from './support/test-database.ts';

let database: TestDatabase;
let server: SpawnedServer;
let url: string;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  server = spawnServer({ DATABASE_URL: database.url, MUSTER_SECRET_KEY: testSecretKey, MUSTER_WORKERS: '1' });
  await server.ready;
  url = `http://127.0.0.1:${new URL(await server.ready).port}`;
  folder = await mkdtemp(join(tmpdir(), 'muster-commands-'));
});
afterAll(async () => {
  server.process.kill('SIGTERM');
  await server.exited;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function run(...words: string[]): Promise<{ code: unknown; output: string }> {
  const command = spawnServer({}, { program: 'command', words: [...words, '--url', url] });
  const code = await command.exited;
  return { code, output: command.output() };
}

describe('the commands against a running server', () => {
  it('import a file, tell what failed, and leave a report', async () => {
    const path = join(folder, 'users.json');
    await writeFile(
      path,
      JSON.stringify([{ email: 'command@example.com', user_metadata: { a: 1 } }, { email: 'bad' }]),
    );
    const report = join(folder, 'report.jsonl');
    const { code, output } = await run('import', path, '--report', report);
    expect(output).toContain('1 inserted, 0 updated, 0 unchanged, 1 failed, 2 rows.');
    expect(output).toContain('row 2, line 1: FORMAT: email is not a valid email.');
    expect(code).toBe(3);
    expect((await readFile(report, 'utf8')).split('\n')).toHaveLength(3);
    expect((await readdir(folder)).sort()).toEqual(['report.jsonl', 'users.json']);
  });

  it('check a file without writing', async () => {
    const path = join(folder, 'dry.csv');
    await writeFile(path, 'email,name\ndry@example.com,Dry\n');
    const { code, output } = await run('import', path, '--dry-run', '--upsert');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('1 inserted') });
    expect(
      (await run('export', join(folder, 'none.gz'), '--q', 'email:dry@example.com', '--fields', 'email'))
        .code,
    ).toBe(0);
    expect(gunzipSync(await readFile(join(folder, 'none.gz'))).toString()).toBe('');
  });

  it('export what import takes', async () => {
    const path = join(folder, 'out.json.gz');
    expect(
      (await run('export', path, '--q', 'email:command*', '--include-password-hashes')).output,
    ).toContain(path);
    const [line = ''] = gunzipSync(await readFile(path))
      .toString()
      .split('\n');
    expect(JSON.parse(line)).toMatchObject({ email: 'command@example.com', user_metadata: { a: 1 } });
    const again = await run('import', path, '--upsert');
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('1 unchanged') });
  });

  it('carry roles, as far as the client may read who has which', async () => {
    const headers = { authorization: `Bearer ${await fetchToken(url)}`, 'content-type': 'application/json' };
    const create = async (path: string, body: object) =>
      Object(
        await (
          await fetch(`${url}/api/v2${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
        ).json(),
      );
    await create('/roles', { name: 'operator' });
    const file = join(folder, 'roles.jsonl');
    await writeFile(file, '{"email":"roles@example.com","roles":["operator"]}\n');
    expect((await run('import', file)).output).toContain('1 inserted');
    const path = join(folder, 'roles.csv.gz');
    await run('export', path, '--format', 'csv', '--q', 'email:roles*');
    expect(gunzipSync(await readFile(path)).toString()).toContain('"[""operator""]"');
    expect((await run('import', path, '--upsert')).output).toContain('1 unchanged');
    const client = await create('/clients', { name: 'narrow', app_type: 'non_interactive' });
    await create('/client-grants', {
      client_id: client.client_id,
      audience: 'http://muster.test/api/v2/',
      scope: ['read:users'],
    });
    const narrow = spawnServer(
      {
        MUSTER_MANAGEMENT_CLIENT_ID: client.client_id,
        MUSTER_MANAGEMENT_CLIENT_SECRET: client.client_secret,
      },
      { program: 'command', words: ['export', path, '--q', 'email:roles*', '--url', url] },
    );
    expect(await narrow.exited).toBe(0);
    expect(narrow.output()).toContain(
      'Without roles, which need the scope read:roles and read:role_members.',
    );
    const [line = ''] = gunzipSync(await readFile(path))
      .toString()
      .split('\n');
    expect(JSON.parse(line)).toMatchObject({ email: 'roles@example.com' });
    expect(line).not.toContain('operator');
  });

  it('go on with an upload that was interrupted', async () => {
    const path = join(folder, 'resumed.json');
    const content = JSON.stringify([{ email: 'resumed@example.com' }]);
    await writeFile(path, content);
    const headers = { authorization: `Bearer ${await fetchToken(url)}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ size: content.length });
    const begun: unknown = await (
      await fetch(`${url}/api/v2/jobs/uploads`, { method: 'POST', headers, body })
    ).json();
    const id = typeof begun === 'object' && begun !== null && 'id' in begun ? begun.id : undefined;
    await fetch(`${url}/api/v2/jobs/uploads/${id}?offset=0`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: content.slice(0, 7),
    });
    const { mtimeMs } = await stat(path);
    await writeFile(
      `${path}.muster-upload`,
      JSON.stringify({ mark: `${url} ${content.length} ${mtimeMs}`, id }),
    );
    const { code, output } = await run('import', path);
    expect(output).toContain('Going on behind');
    expect(output).toContain('1 inserted');
    expect(code).toBe(0);
  });

  it('start one import of a file, also when the answer to its request was lost', async () => {
    const path = join(folder, 'once.json');
    const content = JSON.stringify([{ email: 'once@example.com' }]);
    await writeFile(path, content);
    const authorization = `Bearer ${await fetchToken(url)}`;
    const send = async (method: string, address: string, body: string | FormData, type?: string) => {
      const headers = { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
      const answer = await fetch(`${url}/api/v2/jobs/${address}`, { method, headers, body });
      return Object(await answer.json());
    };
    const upload = await send(
      'POST',
      'uploads',
      JSON.stringify({ size: content.length }),
      'application/json',
    );
    await send('PUT', `uploads/${upload.id}?offset=0`, content, 'application/octet-stream');
    const form = new FormData();
    form.set('upload_id', String(upload.id));
    const connections = Object(
      await (await fetch(`${url}/api/v2/connections`, { headers: { authorization } })).json(),
    );
    form.set('connection_id', connections[0].id);
    const job = await send('POST', 'users-imports', form);
    const { mtimeMs } = await stat(path);
    const mark = `${url} ${content.length} ${mtimeMs}`;
    await writeFile(`${path}.muster-upload`, JSON.stringify({ mark, id: upload.id, isSent: true }));
    const { code, output } = await run('import', path);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('1 inserted') });
    expect(output).toContain(`Job ${job.id} imports this file already.`);
    expect(await readdir(folder)).not.toContain('once.json.muster-upload');
  });

  it('list jobs, show one and its errors', async () => {
    const list = await run('jobs');
    expect(list.output).toMatch(/^job_\w{16} {2}\S+ {2}users_import {2}completed {2}100%$/m);
    const [id = ''] = /job_\w{16}/.exec(list.output.split('\n').at(-2) ?? '') ?? [];
    expect((await run('jobs', id)).output).toContain(`"id": "${id}"`);
    expect((await run('jobs', 'errors', id)).output).toContain('"email":"bad"');
  });

  it('are refused in a line', async () => {
    const refusals: readonly [readonly string[], string][] = [
      [['import'], 'Name one file'],
      [['import', '/nowhere/users.json'], 'no such file'],
      [['import', 'x', '--connection', 'nobody'], 'There is no connection nobody'],
      [['export', '--format', 'xml'], '--format must be json or csv'],
      [['export', '--limit', '-1'], '--limit'],
      [['export', '--q', 'name:('], 'q'],
      [['jobs', 'job_0000000000000000'], 'Job not found.'],
      [['import', '--upsrt'], 'upsrt'],
    ];
    const answers = await Promise.all(
      refusals.map(async ([words, message]) => ({ words, message, ...(await run(...words)) })),
    );
    for (const { words, message, code, output } of answers) {
      expect(code, words.join(' ')).toBe(1);
      expect(output).toContain(message);
      expect(output).not.toContain('    at ');
    }
  });

  it('say how to be let in, and where nobody listens', async () => {
    const command = (environment: Record<string, string>, ...words: string[]) =>
      spawnServer(environment, { program: 'command', words });
    const anonymous = command({ MUSTER_MANAGEMENT_CLIENT_ID: '' }, 'jobs', '--url', url);
    await anonymous.exited;
    expect(anonymous.output()).toContain('Set MUSTER_MANAGEMENT_CLIENT_ID');
    const wrong = command(
      { MUSTER_MANAGEMENT_CLIENT_ID: testManagementClient.id, MUSTER_MANAGEMENT_CLIENT_SECRET: 'wrong' },
      'jobs',
      '--url',
      url,
    );
    expect(await wrong.exited).toBe(1);
    expect(wrong.output()).not.toContain('    at ');
  });
});
