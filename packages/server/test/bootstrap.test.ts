import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap } from '../src/bootstrap.ts';
import { createSecretBox } from '../src/platform/secrets/secret-box.ts';
import { testSecretKey } from './support/test-config.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const listClients = async () => {
  const [connection] = (await server.request('GET', '/connections')).body;
  const { body } = await server.request('GET', `/connections/${connection.id}/clients`);
  return body.clients.map((client: { client_id: string }) => client.client_id);
};
const start = () => bootstrap(server.database, server.config, createSecretBox(testSecretKey));

it('an installation from before the dashboard gets its client, which people can sign in with', async () => {
  expect((await server.request('DELETE', '/clients/muster-dashboard')).status).toBe(204);
  expect(await listClients()).not.toContain('muster-dashboard');
  await start();
  expect(await listClients()).toContain('muster-dashboard');
});

it('a start leaves alone what an administrator switched off', async () => {
  const [connection] = (await server.request('GET', '/connections')).body;
  const answer = await server.request('PATCH', `/connections/${connection.id}/clients`, {
    body: [{ client_id: 'muster-dashboard', status: false }],
  });
  expect(answer.status).toBe(204);
  await start();
  expect(await listClients()).not.toContain('muster-dashboard');
});
