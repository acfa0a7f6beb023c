import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runImport, spawnServer } from './support/spawned-server.ts';

const root = resolve(import.meta.dirname, '../../..');
let workspace: string;
let release: string;

/** Installed as npm does it, from the packages that are here already: what no manifest names is not found. */
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'muster-release-'));
  await chmod(workspace, 0o755);
  release = join(workspace, 'release');
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.ts'), release]);
  for (const manifest of ['package.json', 'packages/server/package.json'])
    for (const name of Object.keys(
      JSON.parse(await readFile(join(release, manifest), 'utf8')).dependencies,
    )) {
      const link = join(release, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(root, 'node_modules', name), link);
    }
}, 240_000);
afterAll(() => rm(workspace, { recursive: true, force: true }));

it('starts from a folder of its own, asks somebody to sign in and runs a job', {
  timeout: 120_000,
}, async () => {
  const server = spawnServer({ MUSTER_DATA_DIR: join(workspace, 'data') }, { folder: release });
  const url = await server.ready;
  const { clientId } = Object(await (await fetch(`${url}/dashboard/config.json`)).json());
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: 'http://muster.test/dashboard',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const asked = await fetch(`${url}/authorize?${query}`, { redirect: 'manual' });
  const place = new URL(asked.headers.get('location') ?? '', 'http://muster.test');
  const cookie = asked.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const page = await fetch(`${url}${place.pathname}${place.search}`, { headers: { cookie } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('name="password"')]);
  expect((await fetch(`${url}/dashboard`)).status).toBe(200);
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  expect(await runImport(url)).toMatchObject({ status: 'completed', summary: { inserted: 1 } });
  server.process.kill('SIGTERM');
  expect(await server.exited).toBe(0);
});

it.each([
  ['', ['fastify', 'kysely', 'oidc-provider'], ['react', 'vite', 'vitest']],
  ['packages/dashboard/dist', ['react', '@mantine/core', '@tanstack/react-router'], ['fastify', 'vite']],
])('says in %j whose licences what is there has', async (folder, within, without) => {
  const text = await readFile(join(release, folder, 'THIRD-PARTY-LICENSES'), 'utf8');
  const isNamed = (name: string) => new RegExp(`^${name} \\d\\S* \\(`, 'm').test(text);
  expect([...within, ...without].filter(isNamed)).toEqual(within);
});
