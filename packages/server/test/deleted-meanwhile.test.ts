import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './support/accounts-fixture.ts';
import {
  api,
  createApi,
  createClient,
  createUser,
  database,
  password,
  postAsClient,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';
import { waitUntilBlocking } from './support/wait-until-blocking.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await createApi(server);
});
afterAll(() => server.close());

/** Sends a request while somebody deletes the user; the deletion commits once something of the request waits for it. */
async function sendWhileDeleting(userId: string, send: () => Promise<TestAnswer>): Promise<TestAnswer> {
  const { answer } = await server.database.transaction().execute(async (transaction) => {
    await sql`DELETE FROM users WHERE user_id = ${userId}`.execute(transaction);
    const sent = send();
    await waitUntilBlocking(transaction);
    return { answer: sent };
  });
  return answer;
}

describe('a user who is deleted meanwhile', () => {
  it.each([
    ['/tickets/password-change', (id: string) => ({ user_id: id })],
    ['/tickets/email-verification', (id: string) => ({ user_id: id })],
    ['/users/{id}/password-reset-email', () => undefined],
    ['/jobs/verification-email', (id: string) => ({ user_id: id })],
  ])('is not found by POST %s', async (path, makeBody) => {
    const id = await createUser(server, `${crypto.randomUUID()}@example.com`);
    const target = path.replace('{id}', encodeURIComponent(id));
    const body = makeBody(id);
    const answer = await sendWhileDeleting(id, () =>
      server.request('POST', target, body === undefined ? {} : { body }),
    );
    expect([answer.status, answer.body.errorCode]).toEqual([404, 'inexistent_user']);
  });

  it('is nobody to whoever asks for a new password', async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const id = await createUser(server, email);
    const ask = () => post(server, '/dbconnections/change_password', { connection: database, email });
    const answer = await sendWhileDeleting(id, ask);
    const ofNobody = await ask();
    expect([answer.status, answer.text]).toEqual([ofNobody.status, ofNobody.text]);
    expect(answer.status).toBe(200);
  });

  it.each([
    ['the right password', password],
    ['a wrong password', 'Wrong-horse-9'],
  ])('gets no token for %s', async (_title, typed) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const id = await createUser(server, email);
    const client = await createClient(server);
    const answer = await sendWhileDeleting(id, () =>
      postAsClient(server, client, '/oauth/token', {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: database,
        username: email,
        password: typed,
        audience: api,
        scope: 'openid offline_access',
      }),
    );
    expect(answer.status).toBe(403);
  });
});
