import { createClient } from '../support/sign-in-fixture.ts';
import type { TestServer } from '../support/test-server.ts';
import { databaseName, type Exercises, makeUser, unique } from './records.ts';

/** Guesses a password once, which is once too often here. @returns the identifier that is blocked now */
async function blockUser(
  server: TestServer,
  identifier = `${unique('guessed')}@example.com`,
): Promise<string> {
  const settings = '/attack-protection/brute-force-protection';
  await server.request('PATCH', settings, { body: { enabled: true, shields: ['block'], max_attempts: 1 } });
  const application = await createClient(server);
  const guess = await server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: databaseName,
      username: identifier,
      password: 'wrong',
      client_id: application.id,
      client_secret: application.secret,
    }),
  });
  if (guess.status !== 403) throw new Error(`the guess was answered with ${guess.status} ${guess.text}`);
  await server.request('PATCH', settings, { body: { shields: ['block', 'user_notification'] } });
  return identifier;
}

export const protectionExercises: Exercises = {
  'GET /attack-protection/brute-force-protection': async () => [{}],
  'PATCH /attack-protection/brute-force-protection': async () => [
    { body: {} },
    { body: { allowlist: ['192.0.2.1', '198.51.100.0/24', '2001:db8::1', '2001:db8::/32'] } },
    { body: { enabled: true, shields: [], mode: 'count_per_identifier', max_attempts: 1 } },
    {
      body: {
        shields: ['user_notification', 'block'],
        allowlist: [],
        mode: 'count_per_identifier_and_ip',
        max_attempts: 100,
      },
    },
  ],
  'GET /user-blocks': async (server) => [
    { query: { identifier: await blockUser(server) } },
    { query: { identifier: 'nobody@example.com', consider_brute_force_enablement: true } },
  ],
  'DELETE /user-blocks': async (server) => [
    { query: { identifier: await blockUser(server) } },
    { query: { identifier: 'nobody@example.com' } },
  ],
  'GET /user-blocks/{}': async (server) => {
    const { id, email } = await makeUser(server);
    await blockUser(server, email);
    return [
      { parameters: [id] },
      { parameters: [id], query: { consider_brute_force_enablement: false } },
      { parameters: [(await makeUser(server)).id] },
    ];
  },
  'DELETE /user-blocks/{}': async (server) => {
    const { id, email } = await makeUser(server);
    await blockUser(server, email);
    return [{ parameters: [id] }, { parameters: [id] }];
  },
};
