import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import { api, createApi, createClient, createUser, discover, signInAt } from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const role = 'https://acme.example/role';
let server: TestServer;
let configuration: client.Configuration;
let userId: string;

beforeAll(async () => {
  server = await startTestServer(
    {},
    {
      signInSteps: {
        scripts: [
          {
            name: 'give a role',
            run: async (_database, attempt) => {
              attempt.claims = {
                idToken: { [role]: 'admin', sub: 'auth0|somebody-else', email: 'forged@example.com' },
                accessToken: { [role]: 'reader', permissions: ['everything'] },
              };
              return undefined;
            },
          },
        ],
      },
    },
  );
  await createApi(server);
  userId = await createUser(server, 'ada@example.com');
  configuration = await discover(server, await createClient(server));
});
afterAll(() => server.close());

describe('claims of a sign-in', () => {
  it('stand in both tokens and in the profile, without what scripts may not say', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, 'ada@example.com', {
      scope: 'openid offline_access',
      audience: api,
    });
    expect(tokens.claims()).toMatchObject({ sub: userId, [role]: 'admin' });
    expect(tokens.claims()).not.toHaveProperty('email');
    expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: userId, [role]: 'reader' });
    expect(decodeJwt(tokens.access_token)).not.toHaveProperty('permissions');

    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.claims()).toMatchObject({ sub: userId, [role]: 'admin' });
    expect(decodeJwt(refreshed.access_token)[role]).toBe('reader');
  });

  it('are repeated by /userinfo for opaque tokens', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, 'ada@example.com', { scope: 'openid' });
    expect(await client.fetchUserInfo(configuration, tokens.access_token, userId)).toEqual({
      sub: userId,
      [role]: 'admin',
    });
  });
});
