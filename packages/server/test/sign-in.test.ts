import { decodeJwt } from 'jose';
import { sql } from 'kysely';
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
  exchange,
  password,
  signInAt,
  type TestClient,
  typeCredentials,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let configuration: client.Configuration;
let userId: string;
const email = 'ada@example.com';

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
  await createApi(server);
  userId = await createUser(server, email);
  configuration = await discover(server, application);
});
afterAll(() => server.close());

describe('signing in by code and PKCE', () => {
  it('gives tokens that name the user, by the scopes', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, email);
    expect(tokens.scope).toBe('openid profile email');
    expect(tokens.claims()).toMatchObject({
      sub: userId,
      email,
      email_verified: true,
      given_name: 'Ada',
      name: email,
      nickname: 'ada',
      sid: expect.any(String),
    });
    expect(tokens.claims()).not.toHaveProperty('auth_time');
    const profile = await client.fetchUserInfo(configuration, tokens.access_token, userId);
    const { iss, aud, exp, iat, nonce, sid, at_hash, ...claims } = Object(tokens.claims());
    expect(profile).toEqual(claims);
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('counts the sign-in and writes its event', async () => {
    const before = (await server.request('GET', `/users/${userId}`)).body.logins_count ?? 0;
    await signInAt(openBrowser(server), configuration, email);
    const { body } = await server.request('GET', `/users/${userId}`);
    expect(body).toMatchObject({
      logins_count: before + 1,
      last_ip: expect.any(String),
      last_login: expect.any(String),
    });
    const found = await server.request('GET', '/users', { query: { q: `logins_count:${before + 1}` } });
    expect(found.body.map((user: { user_id: string }) => user.user_id)).toContain(userId);
    const logs = await server.request('GET', `/users/${userId}/logs`);
    expect(logs.body.map((event: { type: string }) => event.type)).toEqual(
      expect.arrayContaining(['s', 'seacft']),
    );
  });

  it('gives a JWT for an API, with its audience, scopes and an array that includes userinfo', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, email, {
      audience: api,
      scope: 'openid read:things fly:moon offline_access',
    });
    expect(tokens.scope).toBe('openid offline_access read:things');
    expect(tokens.refresh_token).toEqual(expect.any(String));
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: 'http://muster.test/',
      sub: userId,
      aud: [api, 'http://muster.test/userinfo'],
      azp: application.id,
      scope: 'openid offline_access read:things',
    });
    expect(await client.fetchUserInfo(configuration, tokens.access_token, userId)).toEqual({ sub: userId });
  });

  it('takes a wrong password with one text, and lets try again', async () => {
    const browser = openBrowser(server);
    const authorization = await buildAuthorization(configuration);
    const page = await browser.open(authorization.url.href);
    const wrong = await typeCredentials(browser, page, email, 'wrong');
    const unknown = await typeCredentials(browser, wrong, 'nobody@example.com');
    for (const refused of [wrong, unknown]) {
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('Wrong email or password.');
    }
    const answer = await typeCredentials(browser, unknown, email);
    expect((await exchange(configuration, authorization, answer)).claims()?.sub).toBe(userId);
    const types = (await server.request('GET', '/logs')).body.map((event: { type: string }) => event.type);
    expect(types).toEqual(expect.arrayContaining(['fp', 'fu']));
  });

  it('sends a blocked user back to the application', async () => {
    await createUser(server, 'blocked@example.com', { blocked: true });
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration);
    const answer = await typeCredentials(browser, await browser.open(url.href), 'blocked@example.com');
    const sent = new URL(answer.location ?? '').searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      error: 'unauthorized',
      error_description: 'user is blocked',
      state: expect.any(String),
    });
  });

  it('lets a code be used once, and takes back what the first use issued', async () => {
    const browser = openBrowser(server);
    const authorization = await buildAuthorization(configuration, { scope: 'openid offline_access' });
    const answer = await typeCredentials(browser, await browser.open(authorization.url.href), email);
    const tokens = await exchange(configuration, authorization, answer);
    await expect(exchange(configuration, authorization, answer)).rejects.toMatchObject({
      status: 403,
      error: 'invalid_grant',
      error_description: 'Invalid authorization code',
    });
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: 'Unknown or invalid refresh token.',
    });
    await expect(client.fetchUserInfo(configuration, tokens.access_token, userId)).rejects.toMatchObject({
      status: 401,
    });
  });

  it('holds the verifier against the challenge, and lets neither be left out', async () => {
    const get = async (change: Record<string, string> = {}) => {
      const browser = openBrowser(server);
      const authorization = await buildAuthorization(configuration, change);
      const url = new URL(authorization.url);
      if (change['code_challenge'] === '') {
        url.searchParams.delete('code_challenge');
        url.searchParams.delete('code_challenge_method');
      }
      const answer = await typeCredentials(browser, await browser.open(url.href), email);
      return new URL(answer.location ?? '').searchParams.get('code') ?? '';
    };
    const redeem = (form: Record<string, string>) =>
      server.fetchRaw('POST', '/oauth/token', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({
          grant_type: 'authorization_code',
          client_id: application.id,
          client_secret: application.secret,
          ...form,
        }),
      });
    const refused = { error: 'invalid_grant', error_description: 'Failed to verify code verifier' };
    const wrong = await redeem({ code: await get(), code_verifier: client.randomPKCECodeVerifier() });
    expect([wrong.status, wrong.body]).toEqual([403, refused]);
    const absent = await redeem({ code: await get() });
    expect([absent.status, absent.body]).toEqual([403, refused]);
    const downgraded = await redeem({
      code: await get({ code_challenge: '' }),
      code_verifier: client.randomPKCECodeVerifier(),
    });
    expect([downgraded.status, downgraded.body]).toEqual([403, refused]);
  });
});

describe('the session', () => {
  it('signs in to a second application without a page, under the same session id', async () => {
    const second = await createClient(server, { name: 'Second' });
    const other = await discover(server, second);
    const browser = openBrowser(server);
    const first = await signInAt(browser, configuration, email);
    const authorization = await buildAuthorization(other, { prompt: 'none' });
    const answer = await browser.open(authorization.url.href);
    const tokens = await exchange(other, authorization, answer);
    expect(tokens.claims()).toMatchObject({ sub: userId, sid: first.claims()?.['sid'] });
  });

  it('answers login_required silently where there is none', async () => {
    const { url } = await buildAuthorization(configuration, { prompt: 'none' });
    const answer = await openBrowser(server).open(url.href);
    expect(new URL(answer.location ?? '').searchParams.get('error')).toBe('login_required');
  });

  it('asks again for prompt=login and max_age=0, and then says when', async () => {
    const browser = openBrowser(server);
    await signInAt(browser, configuration, email);
    for (const change of [{ prompt: 'login' }, { max_age: '0' }]) {
      const authorization = await buildAuthorization(configuration, change);
      const page = await browser.open(authorization.url.href);
      expect(page.status).toBe(200);
      const answer = await typeCredentials(browser, page, email);
      const tokens = await exchange(configuration, authorization, answer);
      expect(tokens.claims()).toHaveProperty('auth_time');
    }
  });

  it('is as young as max_age asks, where no ID token is asked for too', async () => {
    const browser = openBrowser(server);
    const { url: entry } = await buildAuthorization(configuration, { scope: 'read:things', audience: api });
    await typeCredentials(browser, await browser.open(entry.href), email);
    const open = async (change: Record<string, string>) => {
      const { url } = await buildAuthorization(configuration, {
        scope: 'read:things',
        audience: api,
        ...change,
      });
      const answer = await browser.open(url.href);
      return answer.location ? [...new URL(answer.location).searchParams.keys()][0] : answer.status;
    };
    expect(await open({ max_age: '600' })).toBe('code');
    expect(await open({ max_age: '0' })).toBe(200);
    expect(await open({ prompt: 'login' })).toBe(200);
    expect(await open({ prompt: 'none' })).toBe('code');
    expect(await open({ prompt: 'none', max_age: '0' })).toBe('error');
    expect(await open({ max_age: 'a while' })).toBe('error');
    await sql`UPDATE oidc_payloads SET payload = payload || jsonb_build_object('loginTs', (payload ->> 'loginTs')::integer - 601)
      WHERE model = 'Session'`.execute(server.database);
    expect(await open({ max_age: '600' })).toBe(200);
    expect(await open({ max_age: '600', prompt: 'none' })).toBe('error');
  });

  it('ends with the browser where the tenant wants that', async () => {
    const findCookie = async () => {
      const { url } = await buildAuthorization(configuration);
      const browser = openBrowser(server);
      const answer = await typeCredentials(browser, await browser.open(url.href), email);
      return [answer.headers['set-cookie']].flat().find((line) => String(line).startsWith('auth0='));
    };
    expect(await findCookie()).toMatch(/; expires=/i);
    const change = (mode: string) =>
      server.request('PATCH', '/tenants/settings', { body: { session_cookie: { mode } } });
    await change('non-persistent');
    const ending = await findCookie();
    await change('persistent');
    expect(ending).toMatch(/^auth0=/);
    expect(ending).not.toMatch(/expires|max-age/i);
  });

  it('is replaced when another user signs in, in the same browser', async () => {
    const other = await createUser(server, 'grace@example.com');
    const browser = openBrowser(server);
    const first = await signInAt(browser, configuration, email);
    const authorization = await buildAuthorization(configuration, { prompt: 'login' });
    const page = await browser.open(authorization.url.href);
    const answer = await typeCredentials(browser, page, 'grace@example.com');
    const tokens = await exchange(configuration, authorization, answer);
    expect(tokens.claims()?.sub).toBe(other);
    expect(tokens.claims()?.['sid']).not.toBe(first.claims()?.['sid']);
  });

  it.each([
    ['where nobody was signed in', {}, 'page'],
    ['where somebody was', { prompt: 'login' }, 'session'],
  ] as const)('is replaced by a tab that began %s, though another tab signed in since', async (_name, change, start) => {
    const other = await createUser(server, `tab-${start}@example.com`);
    await createUser(server, `first-${start}@example.com`);
    const browser = openBrowser(server);
    if (start === 'session') await signInAt(browser, configuration, `first-${start}@example.com`);
    const slow = await buildAuthorization(configuration, change);
    const page = await browser.open(slow.url.href);
    await browser.open('/v2/logout');
    await signInAt(browser, configuration, `tab-${start}@example.com`);
    const answer = await typeCredentials(browser, page, email);
    expect((await exchange(configuration, slow, answer)).claims()?.sub).toBe(userId);
    const silent = await buildAuthorization(configuration, { prompt: 'none' });
    const tokens = await exchange(configuration, silent, await browser.open(silent.url.href));
    expect(tokens.claims()?.sub).toBe(userId);
    const listed = await server.request('GET', `/users/${encodeURIComponent(other)}/sessions`);
    expect(listed.body).toEqual({ sessions: [] });
  });

  it('cannot be begun in one browser and finished in another', async () => {
    const { url } = await buildAuthorization(configuration);
    const page = await openBrowser(server).open(url.href);
    const victim = await openBrowser(server).open(page.url.href);
    expect(victim.status).toBe(400);
  });

  it('that is over begins anew where its application says, else where the tenant does', async () => {
    const own = await createClient(server);
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(await discover(server, own));
    const page = await browser.open(url.href);
    expect((await typeCredentials(browser, page, email)).location).toContain('code=');
    expect((await browser.open(page.url.href)).status).toBe(400);

    const settings = { default_redirection_uri: 'https://tenant.example.com/start' };
    await server.request('PATCH', '/tenants/settings', { body: settings });
    const start = async () => new URL((await browser.open(page.url.href)).location ?? '');
    const iss = encodeURIComponent(`${server.config.publicUrl}/`);
    expect((await start()).href).toBe(`https://tenant.example.com/start?iss=${iss}`);

    const body = { initiate_login_uri: 'https://own.example.com/login?from=muster' };
    expect((await server.request('PATCH', `/clients/${own.id}`, { body })).status).toBe(200);
    expect((await start()).href).toBe(`https://own.example.com/login?from=muster&iss=${iss}`);
    await server.request('PATCH', '/tenants/settings', { body: { default_redirection_uri: '' } });
  });

  it('takes no form of another site', async () => {
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration);
    const page = await browser.open(url.href);
    const refused = await browser.submit(page, { username: email, password, csrf: 'guessed' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('The form has expired');
  });
});
