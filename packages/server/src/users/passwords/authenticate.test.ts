import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runImport, startTestJobs } from '../../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { JobRunner } from '../../platform/jobs/index.ts';
import { authenticateWithPassword, type PasswordDependencies } from './authenticate.ts';
import { hashPassword } from './hash.ts';
import { findPasswordHash, insertPasswordHash, replaceEqualHash } from './store.ts';

let server: TestServer;
let jobs: JobRunner;
let connectionId: string;
let dependencies: PasswordDependencies;
beforeAll(async () => {
  server = await startTestServer();
  dependencies = { database: server.database, hashCost: server.config.passwordHashCost };
  jobs = startTestJobs(server);
  const query = { name: 'Username-Password-Authentication' };
  connectionId = (await server.request('GET', '/connections', { query })).body[0].id;
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

interface Vector {
  readonly name: string;
  readonly password: string;
  readonly password_hash?: string;
  readonly custom_password_hash?: unknown;
}

/** The first two words of a vector's name: `hmac md4`, `django scrypt`, `bcrypt, password`. */
function kindOf(name: string): string {
  return name.split(' ', 2).join(' ');
}

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
  const all: Vector[] = JSON.parse(readFileSync(fixture, 'utf8'));
  // One of each kind: four argon2 computations for each of hundreds would take their time.
  const vectors = [...new Map(all.map((vector) => [kindOf(vector.name), vector])).values()];
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
    expect(await authenticateWithPassword(dependencies, key, `?${password}`), users[index]?.email).toBe(
      false,
    );
    expect(await algorithmOf(`vector${index}`)).not.toBe('argon2id');
    expect(await authenticateWithPassword(dependencies, key, password), users[index]?.email).toBe(true);
    expect(await algorithmOf(`vector${index}`)).toBe('argon2id');
    expect(await authenticateWithPassword(dependencies, key, password)).toBe(true);
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
  expect(await authenticateWithPassword(dependencies, keyOf('late'), 'hello')).toBe(false);
  expect(await authenticateWithPassword(dependencies, keyOf('late'), 'world')).toBe(true);
  expect((await runImport(server, [user], upsert)).summary.unchanged).toBe(1);
  expect(await authenticateWithPassword(dependencies, keyOf('late'), 'hello')).toBe(false);
});

it('knows nobody by no password', async () => {
  await runImport(server, [{ user_id: 'none', email: 'none@example.com' }], { connection_id: connectionId });
  expect(await authenticateWithPassword(dependencies, keyOf('none'), '')).toBe(false);
  expect(await authenticateWithPassword(dependencies, keyOf('absent'), 'x')).toBe(false);
  expect(await authenticateWithPassword(dependencies, undefined, 'nobody has this password')).toBe(false);
});

it('signs nobody in by the empty password or an endless one, whatever was imported', async () => {
  const ofNothing = { value: 'd41d8cd98f00b204e9800998ecf8427e', encoding: 'hex' };
  const endless = 'x'.repeat(4097);
  const ofEndless = { value: createHash('md5').update(endless).digest('hex'), encoding: 'hex' };
  const users = [ofNothing, ofEndless].map((hash, index) => ({
    user_id: `odd${index}`,
    email: `odd${index}@example.com`,
    custom_password_hash: { algorithm: 'md5', hash },
  }));
  expect((await runImport(server, users, { connection_id: connectionId })).summary.inserted).toBe(2);
  expect(await authenticateWithPassword(dependencies, keyOf('odd0'), '')).toBe(false);
  expect(await authenticateWithPassword(dependencies, keyOf('odd1'), endless)).toBe(false);
});

it('lets a password that was changed during a sign-in stand', async () => {
  const custom_password_hash = {
    algorithm: 'md5',
    hash: { value: '5d41402abc4b2a76b9719d911017c592', encoding: 'hex' },
  };
  const user = { user_id: 'swapped', email: 'swapped@example.com', custom_password_hash };
  await runImport(server, [user], { connection_id: connectionId });
  const key = keyOf('swapped');
  const old = await findPasswordHash(server.database, key);
  if (old === undefined) throw new Error('not imported');
  const changed = { hash: await hashPassword('changed', dependencies.hashCost), algorithm: 'argon2id' };
  expect(await replaceEqualHash(server.database, key, old, changed)).toBe(true);
  const late = { hash: await hashPassword('hello', dependencies.hashCost), algorithm: 'argon2id' };
  expect(await replaceEqualHash(server.database, key, old, late)).toBe(false);
  expect(await findPasswordHash(server.database, key)).toBe(changed.hash);
});

it('signs in everybody who comes at once with the imported password', async () => {
  const custom_password_hash = { algorithm: 'ldap', hash: { value: '{SHA}qvTGHdzF6KLavt4PO0gs2a6pQ00=' } };
  const user = { user_id: 'at-once', email: 'at-once@example.com', custom_password_hash };
  await runImport(server, [user], { connection_id: connectionId });
  const attempts = Array.from({ length: 4 }, () =>
    authenticateWithPassword(dependencies, keyOf('at-once'), 'hello'),
  );
  expect(await Promise.all(attempts)).toEqual([true, true, true, true]);
  expect(await authenticateWithPassword(dependencies, keyOf('at-once'), 'hello')).toBe(true);
});

it('takes a damaged hash for nobody’s password', async () => {
  const user = { user_id: 'damaged', email: 'damaged@example.com' };
  await runImport(server, [user], { connection_id: connectionId });
  const credential = { hash: '{"algorithm":"md5"', algorithm: 'md5' };
  await insertPasswordHash(server.database, keyOf('damaged'), credential);
  expect(await authenticateWithPassword(dependencies, keyOf('damaged'), 'hello')).toBe(false);
});

it('hashes a password anew at the next sign-in once hashes cost something else', async () => {
  const user = { user_id: 'dearer', email: 'dearer@example.com' };
  await runImport(server, [user], { connection_id: connectionId });
  const key = keyOf('dearer');
  const hash = await hashPassword('hello', dependencies.hashCost);
  await insertPasswordHash(server.database, key, { hash, algorithm: 'argon2id' });
  expect(await authenticateWithPassword(dependencies, key, 'hello')).toBe(true);
  expect(await findPasswordHash(server.database, key)).toBe(hash);

  const dearer = { ...dependencies, hashCost: { memory: 20, passes: 3 } };
  expect(await authenticateWithPassword(dearer, key, 'wrong')).toBe(false);
  expect(await findPasswordHash(server.database, key)).toBe(hash);
  expect(await authenticateWithPassword(dearer, key, 'hello')).toBe(true);
  expect(await findPasswordHash(server.database, key)).toMatch(/^\$argon2id\$v=19\$m=20480,t=3,p=1\$/);
  expect(await authenticateWithPassword(dearer, key, 'hello')).toBe(true);
});
