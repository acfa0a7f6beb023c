import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runImport, startTestJobs } from '../../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { JobRunner } from '../../platform/jobs/index.ts';
import { authenticateWithPassword } from './authenticate.ts';

let server: TestServer;
let jobs: JobRunner;
let connectionId: string;
beforeAll(async () => {
  server = await startTestServer();
  jobs = startTestJobs(server);
  const query = { name: 'Username-Password-Authentication' };
  connectionId = (await server.request('GET', '/connections', { query })).body[0].id;
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

function keyOf(id: string) {
  return { userId: `auth0|${id}`, connectionId, providerUserId: id };
}

async function algorithmOf(id: string): Promise<string | undefined> {
  const { rows } = await sql<{ algorithm: string }>`
    SELECT algorithm FROM credentials WHERE user_id = ${`auth0|${id}`}`.execute(server.database);
  return rows[0]?.algorithm;
}

it('signs users of every algorithm in with the old password, and keeps argon2id of it from then on', async () => {
  const fixture = join(import.meta.dirname, '../../../test/fixtures/password-vectors.json');
  const vectors: { password: string; password_hash?: string; custom_password_hash?: unknown }[] = JSON.parse(
    readFileSync(fixture, 'utf8'),
  );
  const users = vectors.map(({ password_hash, custom_password_hash }, index) => ({
    user_id: `vector${index}`,
    email: `vector${index}@example.com`,
    password_hash,
    custom_password_hash,
  }));
  const job = await runImport(server, users, { connection_id: connectionId });
  expect(job.summary).toMatchObject({ inserted: vectors.length, failed: 0 });
  for (const [index, { password }] of vectors.entries()) {
    const key = keyOf(`vector${index}`);
    expect(
      await authenticateWithPassword(server.database, key, `${password.slice(0, 60)}?`),
      users[index]?.email,
    ).toBe(false);
    expect(await algorithmOf(`vector${index}`)).not.toBe('argon2id');
    expect(await authenticateWithPassword(server.database, key, password), users[index]?.email).toBe(true);
    expect(await algorithmOf(`vector${index}`)).toBe('argon2id');
    expect(await authenticateWithPassword(server.database, key, password)).toBe(true);
  }
}, 60_000);

it('refuses a later upsert of the hash once the user has signed in', async () => {
  const hash = { algorithm: 'md5', hash: { value: '5d41402abc4b2a76b9719d911017c592', encoding: 'hex' } };
  const user = { user_id: 'late', email: 'late@example.com', custom_password_hash: hash };
  await runImport(server, [user], { connection_id: connectionId });
  const other = { ...hash, hash: { ...hash.hash, value: '7d793037a0760186574b0282f2f435e7' } };
  const upsert = { connection_id: connectionId, upsert: 'true' };
  expect((await runImport(server, [{ ...user, custom_password_hash: other }], upsert)).summary.updated).toBe(
    1,
  );
  expect(await authenticateWithPassword(server.database, keyOf('late'), 'hello')).toBe(false);
  expect(await authenticateWithPassword(server.database, keyOf('late'), 'world')).toBe(true);
  expect((await runImport(server, [user], upsert)).summary.unchanged).toBe(1);
  expect(await authenticateWithPassword(server.database, keyOf('late'), 'hello')).toBe(false);
});

it('knows nobody by no password', async () => {
  await runImport(server, [{ user_id: 'none', email: 'none@example.com' }], { connection_id: connectionId });
  expect(await authenticateWithPassword(server.database, keyOf('none'), '')).toBe(false);
  expect(await authenticateWithPassword(server.database, keyOf('absent'), 'x')).toBe(false);
  expect(await authenticateWithPassword(server.database, undefined, 'nobody has this password')).toBe(false);
});
