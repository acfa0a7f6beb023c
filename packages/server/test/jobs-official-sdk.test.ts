import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ManagementClient } from 'auth0';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { testManagementClient } from './support/test-config.ts';
import { startTestJobs } from './support/test-jobs.ts';
import { startTlsServer, type TlsServer } from './support/tls-server.ts';

let server: TlsServer;
let jobs: JobRunner;
let management: ManagementClient;
let folder: string;
beforeAll(async () => {
  server = await startTlsServer();
  jobs = startTestJobs(server);
  folder = await mkdtemp(join(tmpdir(), 'muster-sdk-jobs-'));
  management = new ManagementClient({
    domain: server.domain,
    clientId: testManagementClient.id,
    clientSecret: testManagementClient.secret,
  });
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function findConnectionId(): Promise<string> {
  const connections = await management.connections.list({ strategy: ['auth0'] });
  for await (const { id } of connections) if (id !== undefined) return id;
  throw new Error('no connection');
}

async function waitForEnd(id: string) {
  return vi.waitFor(
    async () => {
      const job = await management.jobs.get(id);
      expect(job.status).toBe('completed');
      return job;
    },
    { timeout: 30_000, interval: 50 },
  );
}

describe('jobs with the official SDK', () => {
  it('imports a file, lists what failed, exports the users', async () => {
    const path = join(folder, 'users.json');
    await writeFile(path, JSON.stringify([{ email: 'sdk@example.com', name: 'Sdk' }, { email: 'bad' }]));
    const created = await management.jobs.usersImports.create({
      users: createReadStream(path),
      connection_id: await findConnectionId(),
      upsert: true,
      external_id: 'sdk',
      send_completion_email: false,
    });
    expect(created).toMatchObject({ type: 'users_import', status: 'pending', external_id: 'sdk' });
    expect(await waitForEnd(created.id)).toMatchObject({ summary: { inserted: 1, failed: 1, total: 2 } });
    expect(await management.jobs.errors.get(created.id)).toMatchObject([
      { user: { email: 'bad' }, errors: [{ code: 'FORMAT', path: 'email' }] },
    ]);

    const exported = await management.jobs.usersExports.create({
      format: 'json',
      fields: [{ name: 'email' }, { name: 'name', export_as: 'fullName' }],
    });
    const { location } = await waitForEnd(exported.id ?? '');
    const answer = await fetch(String(location));
    const lines = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
    expect(lines).toContain('{"email":"sdk@example.com","fullName":"Sdk"}\n');
  });

  it('sends a verification e-mail', async () => {
    const user = await management.users.create({
      connection: 'Username-Password-Authentication',
      email: 'sdk-verify@example.com',
      password: 'Correct-horse-9',
    });
    const job = await management.jobs.verificationEmail.create({ user_id: user.user_id ?? '' });
    expect(job).toMatchObject({ type: 'verification_email' });
  });
});
