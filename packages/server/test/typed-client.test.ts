import {
  createManagementClient,
  createUser,
  deleteUser,
  getUser,
  listUsers,
  ManagementCallError,
  type ManagementClient,
  updateUser,
} from '@muster/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let client: ManagementClient;

beforeAll(async () => {
  server = await startTestServer();
  const url = await server.app.server.listen({ host: '127.0.0.1', port: 0 });
  client = createManagementClient({ url, getToken: () => server.getToken() });
});
afterAll(() => server.close());

describe('the typed client', () => {
  it('calls operations with the types of the contract and checks what comes back', async () => {
    const body = {
      connection: 'Username-Password-Authentication',
      email: 'typed@example.com',
      password: 'Correct-horse-9',
    };
    const made = await client.call(createUser, { body });
    const id = made.body.user_id ?? '';
    expect(made).toMatchObject({ status: 201, etag: '"1"' });
    const read = await client.call(getUser, { parameters: { id }, query: { fields: 'email' } });
    expect(read.body).toEqual({ email: 'typed@example.com' });
    const page = await client.call(listUsers, { query: { per_page: 1, include_totals: true } });
    expect(page.body).toMatchObject({ limit: 1, length: 1 });
    await client.call(updateUser, { parameters: { id }, body: { nickname: 'typed' }, ifMatch: '"1"' });
    const stale = client.call(updateUser, { parameters: { id }, body: { nickname: 'late' }, ifMatch: '"1"' });
    await expect(stale).rejects.toMatchObject({ statusCode: 412, errorCode: 'precondition_failed' });
    expect((await client.call(deleteUser, { parameters: { id } })).status).toBe(204);
    await expect(client.call(getUser, { parameters: { id } })).rejects.toBeInstanceOf(ManagementCallError);
  });
});
