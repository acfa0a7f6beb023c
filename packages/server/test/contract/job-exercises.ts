import { testManagementClient } from '../support/test-config.ts';
import { runImport, startTestJobs, waitForJob } from '../support/test-jobs.ts';
import type { TestServer } from '../support/test-server.ts';
import { databaseName, type Exercises, makeUser } from './records.ts';

async function findDatabase(server: TestServer): Promise<{ id: string }> {
  const found = await server.request('GET', '/connections', { query: { name: databaseName } });
  return found.body[0];
}

/** Ids of an import with a failed row and of an export, both at their end. */
async function endJobs(server: TestServer): Promise<[string, string]> {
  const jobs = startTestJobs(server);
  const { id } = await findDatabase(server);
  const imported = await runImport(server, [{ email: 'bad' }], { connection_id: id });
  const exported = await server.request('POST', '/jobs/users-exports', { body: { limit: 1 } });
  await waitForJob(server, exported.body.id);
  await jobs.stop();
  return [imported.id, exported.body.id];
}

export const jobExercises: Exercises = {
  'POST /jobs/users-imports': async (server) => {
    const { id } = await findDatabase(server);
    return [
      { form: { connection_id: id } },
      { form: { connection_id: id, upsert: 'true', external_id: 'mine', send_completion_email: 'false' } },
    ];
  },
  'POST /jobs/users-exports': async (server) => {
    const { id } = await findDatabase(server);
    const fields = [{ name: 'email' }, { name: 'user_metadata.plan', export_as: 'plan' }];
    return [{ body: {} }, { body: { connection_id: id, format: 'csv', limit: 5, fields } }];
  },
  'POST /jobs/verification-email': async (server) => {
    const { id } = await makeUser(server);
    const identity = { user_id: id.split('|')[1], provider: 'auth0' };
    return [
      { body: { user_id: id } },
      { body: { user_id: id, client_id: testManagementClient.id, identity } },
    ];
  },
  'GET /jobs/{}': async (server) => {
    const pending = await server.request('POST', '/jobs/users-exports', { body: {} });
    const [imported, exported] = await endJobs(server);
    return [{ parameters: [imported] }, { parameters: [exported] }, { parameters: [pending.body.id] }];
  },
  'GET /jobs/{}/errors': async (server) => {
    const [imported, exported] = await endJobs(server);
    return [{ parameters: [imported] }, { parameters: [exported] }];
  },
};
