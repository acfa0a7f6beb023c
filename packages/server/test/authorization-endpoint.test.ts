import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  api,
  buildAuthorization,
  callback,
  createApi,
  createClient,
  createUser,
  database,
  discover,
  exchange,
  password,
  postAsClient,
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
const realm = 'http://auth0.com/oauth/grant-type/password-realm';

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
  await createApi(server);
  userId = await createUser(server, email);
  configuration = await discover(server, application);
});
afterAll(() => server.close());

const post = (path: string, body: Readonly<Record<string, unknown>>) =>
  postAsClient(server, application, path, body);

const publishedKeys = async () =>
  createLocalJWKSet((await server.fetchRaw('GET', '/.well-known/jwks.json')).body);

const byPassword = (change: Readonly<Record<string, unknown>> = {}) =>
  post('/oauth/token', { grant_type: realm, realm: database, username: email, password, ...change });

describe('pushed requests', () => {
  it('are answered by a reference that is good for 30 seconds and one use', async () => {
    const parameters = {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge('a'.repeat(43)),
      code_challenge_method: 'S256',
      response_type: 'code',
      audience: api,
    };
    const pushed = await post('/oauth/par', parameters);
    expect(pushed.status).toBe(201);
    expect(pushed.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
      expires_in: 30,
    });
    const browser = openBrowser(server);
    const url = `/authorize?${new URLSearchParams({ client_id: application.id, request_uri: pushed.body.request_uri })}`;
    const answer = await typeCredentials(browser, await browser.open(url), email);
    const code = new URL(answer.location ?? '').searchParams.get('code');
    const { body } = await post('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      code_verifier: 'a'.repeat(43),
    });
    expect(decodeJwt(body.access_token)['aud']).toEqual([api, 'http://muster.test/userinfo']);
    const again = await browser.open(url);
    expect(again.status).toBe(400);
  });

  it('are used by openid-client', async () => {
    const authorization = await buildAuthorization(configuration);
    const url = await client.buildAuthorizationUrlWithPAR(
      configuration,
      Object.fromEntries(authorization.url.searchParams),
    );
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const browser = openBrowser(server);
    const answer = await typeCredentials(browser, await browser.open(url.href), email);
    expect((await exchange(configuration, authorization, answer)).claims()?.sub).toBe(userId);
  });

  it('are refused to strangers', async () => {
    const { status } = await post('/oauth/par', { client_secret: 'wrong', response_type: 'code' });
    expect(status).toBe(401);
  });
});

describe('the authorization endpoint', () => {
  const authorize = (change: Readonly<Record<string, string>>) =>
    `/authorize?${new URLSearchParams({ client_id: application.id, redirect_uri: callback, scope: 'openid', ...change })}`;

  const responseTypes = [
    'code',
    'token',
    'id_token',
    'code token',
    'code id_token',
    'id_token token',
    'code id_token token',
  ].flatMap((responseType) => [[responseType, undefined] as const, [responseType, api] as const]);

  it.each(responseTypes)('answers response_type=%s for the audience %s', async (responseType, audience) => {
    const verifier = 'v'.repeat(43);
    const browser = openBrowser(server);
    const page = await browser.open(
      authorize({
        response_type: responseType,
        scope: 'openid email read:things',
        nonce: 'n',
        state: 's',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(audience ? { audience } : {}),
      }),
    );
    const address = new URL((await typeCredentials(browser, page, email)).location ?? '');
    const answer = new URLSearchParams(responseType === 'code' ? address.search : address.hash.slice(1));
    expect(answer.get('state')).toBe('s');
    const given = ['code', 'id_token', 'access_token'].filter((name) => answer.has(name)).sort();
    const asked = responseType.replace(/(^| )token/, '$1access_token').split(' ');
    expect(given).toEqual(asked.sort());

    const check = async (accessToken: string, lifetime: unknown, lifetimes: readonly [number, number]) => {
      expect(accessToken.split('.')).toHaveLength(audience ? 3 : 1);
      expect(Number(lifetime)).toBe(lifetimes[audience ? 1 : 0]);
      expect(await client.fetchUserInfo(configuration, accessToken, userId)).toMatchObject({ email });
    };
    const accessToken = answer.get('access_token');
    if (accessToken) {
      expect(answer.get('scope')).toBe(audience ? 'openid email read:things' : 'openid email');
      await check(accessToken, answer.get('expires_in'), [7_200, 7_200]);
    }
    const idToken = answer.get('id_token');
    if (idToken) {
      const { payload } = await jwtVerify(idToken, await publishedKeys(), { audience: application.id });
      expect(payload).toMatchObject({ sub: userId, nonce: 'n', email });
      expect('at_hash' in payload).toBe(accessToken !== null);
      expect('c_hash' in payload).toBe(answer.has('code'));
    }
    if (!answer.has('code')) return;
    const { status, body } = await post('/oauth/token', {
      grant_type: 'authorization_code',
      code: answer.get('code'),
      code_verifier: verifier,
    });
    expect(status).toBe(200);
    expect(decodeJwt(body.id_token)).toMatchObject({ sub: userId, nonce: 'n' });
    await check(body.access_token, body.expires_in, [86_400, 86_400]);
  });

  it('wants a nonce for ID tokens, except of old clients that ask for no API', async () => {
    const old = await createClient(server, { oidc_conformant: false });
    const open = async (clientId: string, change: Readonly<Record<string, string>> = {}) => {
      const browser = openBrowser(server);
      const page = await browser.open(
        authorize({ response_type: 'id_token', client_id: clientId, ...change }),
      );
      const answer = page.location ? page : await typeCredentials(browser, page, email);
      return new URLSearchParams(new URL(answer.location ?? '').hash.slice(1));
    };
    expect(decodeJwt((await open(old.id)).get('id_token') ?? '')).not.toHaveProperty('nonce');
    for (const refused of [await open(application.id), await open(old.id, { audience: api })]) {
      expect(refused.get('error')).toBe('invalid_request');
      expect(refused.get('error_description')).toContain('nonce');
    }
    const pushed = await post('/oauth/par', {
      client_id: old.id,
      client_secret: old.secret,
      redirect_uri: callback,
      response_type: 'id_token',
      scope: 'openid',
    });
    const byReference = await open(old.id, { request_uri: pushed.body.request_uri });
    expect(decodeJwt(byReference.get('id_token') ?? '')).not.toHaveProperty('nonce');
  });

  it('shows what is too long instead of leaving it out', async () => {
    const answer = await openBrowser(server).open(
      authorize({ response_type: 'code', state: 'x'.repeat(5_000) }),
    );
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).toContain('state is too long');
    const pushed = await post('/oauth/par', {
      redirect_uri: callback,
      response_type: 'code',
      login_hint: 'x'.repeat(5_000),
    });
    expect([pushed.status, pushed.body]).toEqual([
      400,
      { error: 'invalid_request', error_description: 'login_hint is too long' },
    ]);
  });

  it.each([
    {},
    { prompt: 'none' },
  ])('tells the application at once of a connection that is not its own, with %j', async (change) => {
    const answer = await openBrowser(server).open(
      authorize({ response_type: 'code', connection: 'nowhere', ...change }),
    );
    const sent = new URL(answer.location ?? '').searchParams;
    expect(sent.get('error')).toBe('invalid_request');
    expect(sent.get('error_description')).toContain('connection');
  });

  it('takes resource for an audience where the tenant wants that', async () => {
    const ask = async () =>
      new URL(
        (
          await openBrowser(server).open(
            authorize({ response_type: 'code', prompt: 'none', resource: 'https://no.example.com' }),
          )
        ).location ?? '',
      ).searchParams.get('error');
    const byToken = async () => (await byPassword({ resource: api, scope: 'email read:things' })).body.scope;
    expect([await ask(), await byToken()]).toEqual(['login_required', 'email']);
    const change = (profile: string) =>
      server.request('PATCH', '/tenants/settings', { body: { resource_parameter_profile: profile } });
    await change('compatibility');
    expect(await ask()).toBe('access_denied');
    expect(await byToken()).toBe('email read:things');
    expect((await byPassword({ resource: 'https://no.example.com', audience: api })).status).toBe(200);
    await change('audience');
  });

  it('gives an access token alone for response_type=token', async () => {
    const browser = openBrowser(server);
    const page = await browser.open(
      authorize({ response_type: 'token', audience: api, scope: 'read:things', state: 's' }),
    );
    const answer = await typeCredentials(browser, page, email);
    const fragment = new URLSearchParams(new URL(answer.location ?? '').hash.slice(1));
    expect([...fragment.keys()].sort()).toEqual(
      ['access_token', 'expires_in', 'iss', 'scope', 'state', 'token_type'].sort(),
    );
    expect(fragment.get('expires_in')).toBe('7200');
    expect(decodeJwt(fragment.get('access_token') ?? '')).toMatchObject({ scope: 'read:things', aud: api });
  });

  it('posts an ID token by form and by message', async () => {
    const browser = openBrowser(server);
    const url = (mode: string) =>
      authorize({ response_type: 'id_token', nonce: 'n', response_mode: mode, state: '"><script>' });
    const byForm = await typeCredentials(browser, await browser.open(url('form_post')), email);
    expect(byForm.text).toMatch(/<form method="post" action="https:\/\/app\.example\.com\/callback"/);
    expect(byForm.text).not.toContain('"><script>');
    const byMessage = await browser.open(`${url('web_message')}&prompt=none`);
    expect(byMessage.text).toContain('"type":"authorization_response"');
    expect(byMessage.text).toContain('"https://app.example.com"');
    const foreign = await createClient(server, { web_origins: [] });
    const refused = await browser.open(
      `/authorize?${new URLSearchParams({ client_id: foreign.id, redirect_uri: callback, response_type: 'id_token', nonce: 'n', scope: 'openid', response_mode: 'web_message', prompt: 'none' })}`,
    );
    expect(refused.status).toBe(400);
  });

  it.each([
    ['another path', 'https://app.example.com/callback/more'],
    ['another host', 'https://evil.example.com/callback'],
    ['a name before an @', 'https://app.example.com@evil.example.com/callback'],
    ['a query', 'https://app.example.com/callback?x=1'],
    ['a backslash', 'https://app.example.com\\@evil.example.com/callback'],
  ])('shows a page instead of going to a callback with %s', async (_name, redirectUri) => {
    const answer = await openBrowser(server).open(
      authorize({ response_type: 'code', redirect_uri: redirectUri }),
    );
    expect(answer.status).toBe(400);
    expect(answer.location).toBeUndefined();
    expect(answer.text).toContain('redirect_uri');
  });

  it('shows a page for an unknown client', async () => {
    const answer = await openBrowser(server).open(authorize({ response_type: 'code', client_id: 'nobody' }));
    expect([answer.status, answer.location]).toEqual([400, undefined]);
  });

  it('goes to the tenant’s own error page where it has one, with what is known', async () => {
    await server.request('PATCH', '/tenants/settings', {
      body: { error_page: { url: 'https://help.example.com/oops?from=muster' } },
    });
    const show = async (request: Record<string, string>) =>
      (await openBrowser(server).open(authorize({ response_type: 'code', ...request }))).location;
    const known = new URL((await show({ redirect_uri: 'https://evil.example.com/' })) ?? '');
    expect(known.origin + known.pathname).toBe('https://help.example.com/oops');
    expect(Object.fromEntries(known.searchParams)).toMatchObject({
      from: 'muster',
      client_id: application.id,
      error: 'invalid_redirect_uri',
    });
    const unknown = new URL((await show({ client_id: 'nobody' })) ?? '');
    expect(unknown.searchParams.has('client_id')).toBe(false);
    await server.request('PATCH', '/tenants/settings', { body: { error_page: null } });
    expect(await show({ client_id: 'nobody' })).toBeUndefined();
  });

  it('says what is wrong in the language that was asked for, else in the browser’s', async () => {
    await server.request('PATCH', '/tenants/settings', { body: { enabled_locales: ['en', 'de', 'ja'] } });
    const unknown = authorize({ response_type: 'code', client_id: 'nobody' });
    const german = await openBrowser(server).open(`${unknown}&ui_locales=de`);
    expect(german.headers['content-language']).toBe('de');
    expect(german.text).toContain('<html lang="de"');
    expect(german.text).toContain('Die Anwendung ist hier nicht bekannt');
    expect(german.text).not.toContain('client is invalid');
    const browser = openBrowser(server, undefined, 'ja;q=0.9, en;q=0.1');
    const callbackRefused = authorize({ response_type: 'code', redirect_uri: 'https://evil.example.com/' });
    expect((await browser.open(callbackRefused)).text).toContain('登録されていないアドレス');
    for (const path of [
      '/activate',
      '/oidc/logout?id_token_hint=x',
      '/v2/logout?returnTo=https://evil.example.com',
    ])
      expect((await browser.open(path)).text, path).toContain('<html lang="ja"');
    const code = await browser.open('/activate?ui_locales=de');
    expect((await browser.submit(code, { user_code: 'BBBB-BBBB' })).headers['content-language']).toBe('de');
    await server.request('PATCH', '/tenants/settings', {
      body: { error_page: { url: 'https://help.example.com/' } },
    });
    const sent = async (url: string) =>
      new URL((await browser.open(url)).location ?? '').searchParams.get('lang');
    expect([await sent(unknown), await sent(`${unknown}&ui_locales=fr%20de`)]).toEqual(['ja', 'de']);
    await server.request('PATCH', '/tenants/settings', {
      body: { error_page: null, enabled_locales: ['en'] },
    });
  });

  it('tells the application of an unknown API', async () => {
    const answer = await openBrowser(server).open(
      authorize({ response_type: 'code', audience: 'https://no.example.com' }),
    );
    const sent = new URL(answer.location ?? '').searchParams;
    expect(sent.get('error')).toBe('access_denied');
    expect(sent.get('error_description')).toContain('Service not found');
  });

  it('asks a third party’s user for consent, once, and takes a no for an answer', async () => {
    const foreign = await createClient(server, { is_first_party: false, name: 'Foreign' });
    const other = await discover(server, foreign);
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(other, { audience: api, scope: 'openid read:things' });
    const consent = await typeCredentials(browser, await browser.open(url.href), email);
    expect(consent.text).toContain('Foreign');
    expect(consent.text).toContain('See your things');
    const denied = await browser.submit(consent, { action: 'deny' });
    expect(new URL(denied.location ?? '').searchParams.get('error')).toBe('access_denied');
    const silent = await browser.open(`${url.href}&prompt=none`);
    expect(new URL(silent.location ?? '').searchParams.get('error')).toBe('consent_required');
    const asked = await browser.open(url.href);
    const accepted = await browser.submit(asked, { action: 'accept' });
    expect(new URL(accepted.location ?? '').searchParams.get('code')).toEqual(expect.any(String));
    const again = await browser.open(url.href);
    expect(new URL(again.location ?? '').searchParams.get('code')).toEqual(expect.any(String));
  });

  it('says what it is about when the application asks for consent that was given or is implied', async () => {
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration, {
      audience: api,
      scope: 'openid email read:things',
    });
    const given = await typeCredentials(browser, await browser.open(url.href), email);
    expect(given.location).toContain('code=');
    const asked = await browser.open(`${url.href}&prompt=consent`);
    expect(asked.text).toContain('<li>See your things</li>');
    expect(asked.text).toContain('<li>Your email address</li>');
    expect((await browser.submit(asked, { action: 'accept' })).location).toContain('code=');
    const { url: bare } = await buildAuthorization(configuration, { scope: 'openid', prompt: 'consent' });
    expect((await browser.open(bare.href)).text).toContain('<li>Your user ID</li>');
  });

  it('wants PKCE of public clients', async () => {
    const open = await createClient(server, { token_endpoint_auth_method: 'none', app_type: 'spa' });
    const answer = await openBrowser(server).open(authorize({ response_type: 'code', client_id: open.id }));
    expect(new URL(answer.location ?? '').searchParams.get('error')).toBe('invalid_request');
    const spa = await discover(server, open, client.None());
    const tokens = await signInAt(openBrowser(server), spa, email, { scope: 'openid offline_access' });
    const rotated = await client.refreshTokenGrant(spa, tokens.refresh_token ?? '');
    expect(rotated.refresh_token).not.toBe(tokens.refresh_token);
  });
});
