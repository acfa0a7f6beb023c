import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  api,
  buildAuthorization,
  createApi,
  createClient,
  createUser,
  discover,
  signInAt,
  typeCredentials,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const role = 'https://acme.example/role';
let server: TestServer;
let configuration: client.Configuration;
let userId: string;
const kinds: string[] = [];

beforeAll(async () => {
  server = await startTestServer(
    {},
    {
      signInSteps: {
        scripts: [
          {
            name: 'give a role',
            run: async (_database, attempt) => {
              kinds.push(attempt.request.kind);
              if (attempt.user?.email === 'denied@example.com')
                return {
                  kind: 'denied',
                  status: 403,
                  error: 'access_denied',
                  redirectError: 'access_denied',
                  description: 'Not on Mondays.',
                  logType: 'f',
                };
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

  it('are asked for anew by a session and a refresh token, which count no sign-in', async () => {
    const browser = openBrowser(server);
    const change = { scope: 'openid offline_access' };
    kinds.length = 0;
    const first = await signInAt(browser, configuration, 'ada@example.com', change);
    const count = async () => (await server.request('GET', `/users/${userId}`)).body.logins_count;
    const counted = await count();
    await signInAt(browser, configuration, 'ada@example.com', change);
    const silent = await signInAt(browser, configuration, 'ada@example.com', { ...change, prompt: 'none' });
    await client.refreshTokenGrant(configuration, first.refresh_token ?? '');
    expect(kinds).toEqual(['login', 'session', 'silent', 'refresh']);
    expect(silent.claims()).toMatchObject({ [role]: 'admin' });
    expect(await count()).toBe(counted);
  });

  it('leave the session to who is denied: the next request is denied without a page', async () => {
    await createUser(server, 'denied@example.com');
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration);
    const denied = await typeCredentials(browser, await browser.open(url.href), 'denied@example.com');
    const told = (answer: { location: string | undefined }) =>
      Object.fromEntries(new URL(answer.location ?? '').searchParams);
    const refusal = { error: 'access_denied', error_description: 'Not on Mondays.' };
    expect(told(denied)).toMatchObject(refusal);
    expect(told(await browser.open(url.href))).toMatchObject(refusal);
    expect(told(await browser.open(`${url.href}&prompt=none`))).toMatchObject(refusal);
  });

  it('are repeated by /userinfo for opaque tokens', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, 'ada@example.com', { scope: 'openid' });
    expect(await client.fetchUserInfo(configuration, tokens.access_token, userId)).toEqual({
      sub: userId,
      [role]: 'admin',
    });
  });

  it('are repeated by /userinfo for the JWT of an API', async () => {
    const change = { scope: 'openid', audience: api };
    const tokens = await signInAt(openBrowser(server), configuration, 'ada@example.com', change);
    expect(await client.fetchUserInfo(configuration, tokens.access_token, userId)).toEqual({
      sub: userId,
      [role]: 'admin',
    });
  });
});
