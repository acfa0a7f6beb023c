import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

const attempts = 10_000;
/** Writers at a time: each waits for its own answer only, all the others are the load. */
const writers = 16;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.request('POST', '/connections', { body: { name: 'email', strategy: 'email' } });
  const { body } = await server.request('GET', '/clients', { query: { per_page: 1 } });
  const { body: connections } = await server.request('GET', '/connections', { query: { name: 'email' } });
  await server.request('PATCH', `/connections/${connections[0].id}`, {
    body: { enabled_clients: [body[0].client_id] },
  });
});
afterAll(() => server.close());

it(`a write is found by a search begun right after its answer, ${attempts.toLocaleString('en')} times out of as many`, async () => {
  let next = 0;
  let found = 0;
  const work = async (writer: number) => {
    const created = await server.request('POST', '/users', {
      body: { connection: 'email', email: `writer${writer}@example.com`, verify_email: false },
    });
    const userId = created.body.user_id;
    for (let attempt = next++; attempt < attempts; attempt = next++) {
      const written = await server.request('PATCH', `/users/${encodeURIComponent(userId)}`, {
        body: { app_metadata: { mark: `m${attempt}`, count: attempt } },
      });
      expect(written.status, written.text).toBe(200);
      const q =
        attempt % 2 === 0 ? `app_metadata.mark:m${attempt}` : `app_metadata.count:[${attempt} TO ${attempt}]`;
      const answer = await server.request('GET', '/users', { query: { q, fields: 'user_id' } });
      if (answer.body.length === 1 && answer.body[0].user_id === userId) found++;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => work(writer)));
  expect(found).toBe(attempts);
}, 300_000);
