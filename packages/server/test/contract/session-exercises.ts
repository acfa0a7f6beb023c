import { openBrowser } from '../support/browser.ts';
import {
  createClient,
  createUser,
  database,
  discover,
  password,
  signInAt,
} from '../support/sign-in-fixture.ts';
import type { TestServer } from '../support/test-server.ts';
import type { Exercises } from './records.ts';

let people = 0;

async function signIn(server: TestServer) {
  const email = `contract${++people}@example.com`;
  const userId = await createUser(server, email);
  const application = await createClient(server);
  const configuration = await discover(server, application);
  const tokens = await signInAt(openBrowser(server), configuration, email, {
    scope: 'openid offline_access',
  });
  const { body } = await server.request('GET', `/users/${encodeURIComponent(userId)}/refresh-tokens`);
  return {
    userId,
    email,
    application,
    sessionId: String(tokens.claims()?.['sid']),
    tokenId: String(body.tokens[0].id),
  };
}

async function ownToken(server: TestServer): Promise<string> {
  const { email, application } = await signIn(server);
  const answer = await server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      username: email,
      password,
      client_id: application.id,
      client_secret: application.secret,
      audience: `${server.config.publicUrl}/api/v2/`,
      scope: 'create:current_user_device_credentials',
    }),
  });
  return answer.body.access_token;
}

/** Requests to every operation on sessions, refresh tokens, grants and devices that should be answered as documented. */
export const sessionExercises: Exercises = {
  'GET /sessions/{}': async (server) => [{ parameters: [(await signIn(server)).sessionId] }],
  'PATCH /sessions/{}': async (server) => {
    const { sessionId } = await signIn(server);
    return [
      { parameters: [sessionId], body: { session_metadata: { a: 1 } } },
      { parameters: [sessionId], body: { session_metadata: null } },
    ];
  },
  'DELETE /sessions/{}': async (server) => [{ parameters: [(await signIn(server)).sessionId] }],
  'POST /sessions/{}/revoke': async (server) => [{ parameters: [(await signIn(server)).sessionId] }],
  'GET /users/{}/sessions': async (server) => [
    { parameters: [(await signIn(server)).userId], query: { take: 5, include_totals: true } },
  ],
  'DELETE /users/{}/sessions': async (server) => [{ parameters: [(await signIn(server)).userId] }],
  'GET /users/{}/refresh-tokens': async (server) => [
    { parameters: [(await signIn(server)).userId], query: { take: 5, include_totals: true } },
  ],
  'DELETE /users/{}/refresh-tokens': async (server) => [{ parameters: [(await signIn(server)).userId] }],
  'GET /refresh-tokens': async (server) => {
    const { userId, application } = await signIn(server);
    return [
      { query: { user_id: userId } },
      { query: { user_id: userId, client_id: application.id, take: 1, fields: 'id', include_fields: true } },
    ];
  },
  'GET /refresh-tokens/{}': async (server) => [{ parameters: [(await signIn(server)).tokenId] }],
  'PATCH /refresh-tokens/{}': async (server) => {
    const { tokenId } = await signIn(server);
    return [
      { parameters: [tokenId], body: { refresh_token_metadata: { a: 1 } } },
      { parameters: [tokenId], body: { refresh_token_metadata: null } },
    ];
  },
  'DELETE /refresh-tokens/{}': async (server) => [{ parameters: [(await signIn(server)).tokenId] }],
  'POST /users/{}/revoke-access': async (server) => {
    const { userId, sessionId } = await signIn(server);
    return [
      {
        parameters: [userId],
        body: { session_id: sessionId, preserve_refresh_tokens: true },
      },
      { parameters: [userId], body: {} },
    ];
  },
  'POST /refresh-tokens/revoke': async (server) => {
    const { userId, tokenId, application } = await signIn(server);
    return [
      { body: { ids: [tokenId] } },
      { body: { user_id: userId, client_id: application.id, audience: 'https://api.example.com/' } },
    ];
  },
  'GET /grants': async (server) => {
    const { userId, application } = await signIn(server);
    return [
      {},
      {
        query: {
          user_id: userId,
          client_id: application.id,
          audience: 'x',
          page: 0,
          per_page: 5,
          include_totals: true,
        },
      },
    ];
  },
  'DELETE /grants': async (server) => [{ query: { user_id: (await signIn(server)).userId } }],
  'DELETE /grants/{}': async () => [{ parameters: ['unknown'] }],
  'GET /device-credentials': async (server) => {
    const { userId, application } = await signIn(server);
    return [
      { query: { user_id: userId } },
      {
        query: {
          client_id: application.id,
          type: 'refresh_token',
          fields: 'id,type',
          include_fields: true,
          page: 0,
          per_page: 5,
          include_totals: true,
        },
      },
    ];
  },
  'POST /device-credentials': async (server) => [
    {
      token: await ownToken(server),
      body: { device_name: 'Telephone', type: 'public_key', value: 'AAAA', device_id: 'a0-b1' },
    },
  ],
  'DELETE /device-credentials/{}': async (server) => [{ parameters: [(await signIn(server)).tokenId] }],
};
