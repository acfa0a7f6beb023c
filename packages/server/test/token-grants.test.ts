import { createLocalJWKSet, decodeJwt, exportSPKI, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { sql } from 'kysely';
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
  signInAt,
  type TestClient,
  typeCredentials,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

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

function post(path: string, body: Readonly<Record<string, unknown>>): Promise<TestAnswer> {
  return server.fetchRaw('POST', path, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ client_id: application.id, client_secret: application.secret, ...body }),
  });
}

const publishedKeys = async () =>
  createLocalJWKSet((await server.fetchRaw('GET', '/.well-known/jwks.json')).body);

const byPassword = (change: Readonly<Record<string, unknown>> = {}) =>
  post('/oauth/token', { grant_type: realm, realm: database, username: email, password, ...change });

describe('the password grants', () => {
  it('give everything where nothing is asked for', async () => {
    const { status, body } = await byPassword();
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 });
    expect(body.scope.split(' ').sort()).toEqual(['address', 'email', 'openid', 'phone', 'profile']);
    expect(decodeJwt(body.id_token)).toMatchObject({
      iss: 'http://muster.test/',
      aud: application.id,
      sub: userId,
      email,
    });
    const profile = await client.fetchUserInfo(configuration, body.access_token, userId);
    expect(profile).toMatchObject({ sub: userId, email });
  });

  it('give all scopes of an API where none is asked for, and say how', async () => {
    const { body } = await byPassword({ audience: api });
    expect(decodeJwt(body.access_token)).toMatchObject({ gty: 'password', aud: api, sub: userId });
    expect(body.scope.split(' ').sort()).toEqual(['read:things', 'write:things']);
    expect(body.id_token).toBeUndefined();
  });

  it('use the default directory, or say that there is none', async () => {
    const ask = () => post('/oauth/token', { grant_type: 'password', username: email, password });
    const without = await ask();
    expect([without.status, without.body]).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: 'Authorization server not configured with default connection.',
      },
    ]);
    await server.request('PATCH', '/tenants/settings', { body: { default_directory: database } });
    expect((await ask()).status).toBe(200);
  });

  it.each([
    [{ password: 'wrong' }, 403, 'invalid_grant', 'Wrong email or password.'],
    [{ username: 'nobody@example.com' }, 403, 'invalid_grant', 'Wrong email or password.'],
    [{ username: 'a\0b' }, 400, 'invalid_request', expect.any(String)],
    [{ username: '' }, 400, 'invalid_request', expect.stringContaining('username')],
    [{ realm: 'nowhere' }, 403, 'invalid_grant', expect.stringContaining('connection')],
    [{ realm: undefined }, 400, 'invalid_request', expect.stringContaining('realm')],
    [
      { audience: 'https://unknown.example.com' },
      403,
      'access_denied',
      expect.stringContaining('Service not found'),
    ],
    [{ client_secret: 'wrong' }, 401, 'invalid_client', expect.any(String)],
    [
      { client_id: undefined, client_secret: undefined },
      401,
      'invalid_client',
      expect.stringContaining('client_id is missing'),
    ],
  ])('refuse %j', async (change, status, error, description) => {
    const answer = await byPassword(change);
    expect([answer.status, answer.body]).toEqual([status, { error, error_description: description }]);
  });

  it('refuse a blocked user even with the right password', async () => {
    await createUser(server, 'blocked@example.com', { blocked: true });
    const { status, body } = await byPassword({ username: 'blocked@example.com' });
    expect([status, body]).toEqual([401, { error: 'unauthorized', error_description: 'user is blocked' }]);
    const right = await byPassword({ username: 'blocked@example.com', password: 'wrong' });
    expect(right.status).toBe(403);
  });

  it('count a thousand simultaneous sign-ins of one user', async () => {
    const id = await createUser(server, 'busy@example.com');
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () => byPassword({ username: 'busy@example.com' })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect((await server.request('GET', `/users/${id}`)).body.logins_count).toBe(1_000);
    const found = await server.request('GET', '/users', { query: { q: 'logins_count:1000' } });
    expect(found.body).toHaveLength(1);
  }, 120_000);

  it('are refused to a client that does not list them', async () => {
    const other = await createClient(server, { grant_types: ['authorization_code'] });
    const { status, body } = await byPassword({ client_id: other.id, client_secret: other.secret });
    expect([status, body.error]).toEqual([403, 'unauthorized_client']);
  });
});

describe('refresh tokens', () => {
  const refresh = (token: string, change: Readonly<Record<string, unknown>> = {}) =>
    post('/oauth/token', { grant_type: 'refresh_token', refresh_token: token, ...change });

  it('stay the same without rotation, and give tokens of the same scope or less', async () => {
    const { body: first } = await byPassword({ audience: api, scope: 'openid read:things offline_access' });
    const { body } = await refresh(first.refresh_token);
    expect(body).not.toHaveProperty('refresh_token', expect.not.stringContaining(first.refresh_token));
    expect(body.scope.split(' ').sort()).toEqual(['offline_access', 'openid', 'read:things']);
    expect(decodeJwt(body.access_token)).toMatchObject({ gty: ['refresh_token', 'password'], sub: userId });
    expect(body.id_token).toEqual(expect.any(String));
    const less = await refresh(first.refresh_token, { scope: 'read:things' });
    expect(less.body.scope).toBe('read:things');
    const more = await refresh(first.refresh_token, { scope: 'write:things' });
    expect([more.status, more.body.error]).toEqual([400, 'invalid_scope']);
  });

  it('are given only where the API and the client allow them', async () => {
    await createApi(server, { identifier: 'https://strict.example.com/', allow_offline_access: false });
    const strict = await byPassword({
      audience: 'https://strict.example.com/',
      scope: 'openid offline_access',
    });
    expect(strict.body.refresh_token).toBeUndefined();
    expect(strict.body.scope).not.toContain('offline_access');
  });

  it('rotate, and a second use of an old one ends the family', async () => {
    const rotating = await createClient(server, {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    });
    const credentials = { client_id: rotating.id, client_secret: rotating.secret };
    const { body: first } = await byPassword({ ...credentials, scope: 'openid offline_access' });
    const { body: second } = await refresh(first.refresh_token, credentials);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const reused = await refresh(first.refresh_token, credentials);
    expect([reused.status, reused.body]).toEqual([
      403,
      { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
    ]);
    expect((await refresh(second.refresh_token, credentials)).status).toBe(403);
    const types = (await server.request('GET', '/logs')).body.map((event: { type: string }) => event.type);
    expect(types).toContain('ferrt');
  });

  it('may be repeated within the leeway', async () => {
    const lenient = await createClient(server, {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 30 },
    });
    const credentials = { client_id: lenient.id, client_secret: lenient.secret };
    const { body: first } = await byPassword({ ...credentials, scope: 'openid offline_access' });
    const answers = await Promise.all([1, 2, 3].map(() => refresh(first.refresh_token, credentials)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('let one of several simultaneous exchanges through, and then none', async () => {
    const rotating = await createClient(server, {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    });
    const credentials = { client_id: rotating.id, client_secret: rotating.secret };
    const { body: first } = await byPassword({ ...credentials, scope: 'openid offline_access' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => refresh(first.refresh_token, credentials)));
    const passed = answers.filter(({ status }) => status === 200);
    expect(passed.length).toBeLessThanOrEqual(1);
    for (const { body } of passed) expect((await refresh(body.refresh_token, credentials)).status).toBe(403);
  });

  it('is not taken twice by an exchange that waited while another one took it', async () => {
    const rotating = await createClient(server, {
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
    });
    const credentials = { client_id: rotating.id, client_secret: rotating.secret };
    const { body: first } = await byPassword({ ...credentials, scope: 'openid offline_access' });
    const late = await server.database.transaction().execute(async (transaction) => {
      await sql`SELECT FROM oidc_payloads WHERE model = 'RefreshToken' AND client_id = ${rotating.id} FOR UPDATE`.execute(
        transaction,
      );
      const waiting = refresh(first.refresh_token, credentials);
      await expect
        .poll(async () => {
          const { rows } = await sql<{ count: number }>`
            SELECT count(*) AS count FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))`.execute(
            transaction,
          );
          return rows[0]?.count;
        })
        .toBeGreaterThan(0);
      await sql`
        UPDATE oidc_payloads SET consumed_at = clock_timestamp()
        WHERE model = 'RefreshToken' AND client_id = ${rotating.id}`.execute(transaction);
      return { waiting };
    });
    expect((await late.waiting).status).toBe(403);
  });

  it('are revoked with an empty answer, as is everything unknown', async () => {
    const { body } = await byPassword({ scope: 'openid offline_access' });
    const revoked = await post('/oauth/revoke', { token: body.refresh_token });
    expect([revoked.status, revoked.text]).toEqual([200, '']);
    expect((await refresh(body.refresh_token)).status).toBe(403);
    for (const token of ['unknown', body.id_token])
      expect((await post('/oauth/revoke', { token })).status).toBe(200);
    expect((await post('/oauth/revoke', {})).status).toBe(400);
    const foreign = await createClient(server);
    const { body: kept } = await byPassword({ scope: 'openid offline_access' });
    const asked = { client_id: foreign.id, client_secret: foreign.secret, token: kept.refresh_token };
    expect((await post('/oauth/revoke', asked)).status).toBe(200);
    expect((await refresh(kept.refresh_token)).status).toBe(200);
  });

  it('end with a block, a new password and the user', async () => {
    const id = await createUser(server, 'ending@example.com');
    const get = async (typed = password) =>
      (await byPassword({ username: 'ending@example.com', password: typed, scope: 'openid offline_access' }))
        .body.refresh_token;
    const beforeBlock = await get();
    await server.request('PATCH', `/users/${id}`, { body: { blocked: true } });
    await server.request('PATCH', `/users/${id}`, { body: { blocked: false } });
    expect((await refresh(beforeBlock)).status).toBe(403);
    const beforePassword = await get();
    await server.request('PATCH', `/users/${id}`, { body: { password: 'Another-horse-10' } });
    expect((await refresh(beforePassword)).status).toBe(403);
    const beforeEnd = await get('Another-horse-10');
    expect((await refresh(beforeEnd)).status).toBe(200);
    await server.request('DELETE', `/users/${id}`);
    expect((await refresh(beforeEnd)).status).toBe(403);
  });
});

describe('permissions', () => {
  it('leave a user without roles nothing at an API that asks for them', async () => {
    await createApi(server, {
      identifier: 'https://rbac.example.com/',
      enforce_policies: true,
      token_dialect: 'access_token_authz',
    });
    const { body } = await byPassword({ audience: 'https://rbac.example.com/', scope: 'openid read:things' });
    expect(decodeJwt(body.access_token)).toMatchObject({ permissions: [], scope: 'openid' });
  });

  it('let an administrator manage by an application that was granted it, and everybody act for themselves', async () => {
    const audience = 'http://muster.test/api/v2/';
    const mine = await byPassword({ audience, scope: 'openid read:current_user read:users' });
    expect(decodeJwt(mine.body.access_token)['scope']).toBe('openid read:current_user');
    const asAdministrator = () =>
      byPassword({
        audience,
        scope: 'openid read:users',
        username: 'admin@example.com',
        password: 'Test-administrator-1',
      });
    expect(decodeJwt((await asAdministrator()).body.access_token)['scope']).toBe('openid');
    const grant = {
      client_id: application.id,
      audience,
      scope: ['read:users', 'read:logs'],
      subject_type: 'user',
    };
    await server.request('POST', '/client-grants', { body: grant });
    const admin = await asAdministrator();
    expect(decodeJwt(admin.body.access_token)['scope']).toBe('openid read:users');
    const listed = await server.request('GET', '/users', { token: admin.body.access_token });
    expect(listed.status).toBe(200);
  });
});

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

describe('devices', () => {
  it('wait until somebody confirms their code, and then have tokens', async () => {
    const started = await client.initiateDeviceAuthorization(configuration, {
      scope: 'openid profile offline_access',
    });
    expect(started).toMatchObject({
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: 'http://muster.test/activate',
      expires_in: 900,
      interval: 5,
    });
    const poll = () =>
      post('/oauth/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: started.device_code,
      });
    expect((await poll()).body.error).toBe('authorization_pending');
    expect((await poll()).body.error).toBe('slow_down');

    const browser = openBrowser(server);
    const entry = await browser.open('/activate');
    const wrong = await browser.submit(entry, { user_code: 'BBBB-BBBB' });
    expect(wrong.text).toContain('wrong or has expired');
    const confirm = await browser.submit(wrong, { user_code: started.user_code });
    expect(confirm.text).toContain(started.user_code);
    const page = await browser.submit(confirm, { confirm: 'yes' });
    const done = await typeCredentials(browser, page, email);
    expect(done.text).toContain('signed in');
    const { status, body } = await poll();
    expect(status).toBe(200);
    expect(body).toMatchObject({ refresh_token: expect.any(String), id_token: expect.any(String) });
    expect(decodeJwt(body.id_token).sub).toBe(userId);
    expect((await poll()).body.error).toBe('invalid_grant');
  });

  const confirmCode = async (userCode: string, decision: Readonly<Record<string, string>>) => {
    const browser = openBrowser(server);
    const confirm = await browser.submit(await browser.open('/activate'), { user_code: userCode });
    const page = await browser.submit(confirm, decision);
    return typeCredentials(browser, page, email);
  };

  it('get their tokens by openid-client', async () => {
    const started = await client.initiateDeviceAuthorization(configuration, { scope: 'openid email' });
    await confirmCode(started.user_code, { confirm: 'yes' });
    const tokens = await client.pollDeviceAuthorizationGrant(configuration, { ...started, interval: 0 });
    expect(tokens.claims()).toMatchObject({ sub: userId, email });
  });

  it('are told once that their code has expired, and know it no more after that', async () => {
    const started = await client.initiateDeviceAuthorization(configuration, { scope: 'openid' });
    await sql`UPDATE oidc_payloads SET expires_at = now() - interval '1 second',
        payload = payload || jsonb_build_object('exp', extract(epoch FROM now())::integer - 1)
      WHERE model = 'DeviceCode' AND user_code IS NOT NULL`.execute(server.database);
    const poll = async () => {
      const { status, body } = await post('/oauth/token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: started.device_code,
      });
      return [status, body.error];
    };
    expect(await poll()).toEqual([400, 'expired_token']);
    expect(await poll()).toEqual([403, 'invalid_grant']);
  });
});

describe('what discovery announces works:', () => {
  const announced = async (name: string): Promise<string[]> =>
    (await server.fetchRaw('GET', '/.well-known/openid-configuration')).body[name];

  it('every algorithm of ID tokens, by the key or by the secret', async () => {
    const algorithms = await announced('id_token_signing_alg_values_supported');
    expect(algorithms).toEqual(['HS256', 'RS256']);
    for (const alg of algorithms) {
      const made = await createClient(server, { jwt_configuration: { alg } });
      const { status, body } = await byPassword({ client_id: made.id, client_secret: made.secret });
      expect(status).toBe(200);
      const options = { algorithms: [alg], audience: made.id, issuer: 'http://muster.test/' };
      const { payload } =
        alg === 'HS256'
          ? await jwtVerify(body.id_token, new TextEncoder().encode(made.secret), options)
          : await jwtVerify(body.id_token, await publishedKeys(), options);
      expect(payload.sub).toBe(userId);
    }
  });

  it('every algorithm of client assertions', async () => {
    const algorithms = await announced('token_endpoint_auth_signing_alg_values_supported');
    expect(algorithms.length).toBeGreaterThan(1);
    for (const alg of algorithms) {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const pem = await exportSPKI(publicKey);
      const { id } = await createClient(server, {
        client_authentication_methods: {
          private_key_jwt: { credentials: [{ credential_type: 'public_key', name: alg, pem, alg }] },
        },
      });
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg })
        .setIssuer(id)
        .setSubject(id)
        .setAudience('http://muster.test/')
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      const { status } = await byPassword({
        client_id: id,
        client_secret: undefined,
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      expect([alg, status]).toEqual([alg, 200]);
    }
  });
});

describe('a public client', () => {
  it('has no tokens of its own, whatever grants it lists', async () => {
    const made = await createClient(server, { app_type: 'spa', grant_types: ['client_credentials'] });
    await server.request('POST', '/client-grants', {
      body: { client_id: made.id, audience: api, scope: ['read:things'] },
    });
    for (const secret of [made.secret, undefined]) {
      const { status } = await post('/oauth/token', {
        grant_type: 'client_credentials',
        client_id: made.id,
        client_secret: secret,
        audience: api,
      });
      expect([401, 403]).toContain(status);
    }
  });
});

describe('the pages for devices', () => {
  const start = async () =>
    (await client.initiateDeviceAuthorization(configuration, { scope: 'openid' })) as {
      user_code: string;
      device_code: string;
      verification_uri_complete?: string;
    };
  const poll = async ({ device_code }: { device_code: string }) =>
    (await post('/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }))
      .body.error;

  it('take a code from the address, to be looked at, with the policies of every page', async () => {
    const started = await start();
    const browser = openBrowser(server);
    const page = await browser.open(started.verification_uri_complete ?? '');
    expect(page.headers).toMatchObject({
      'content-language': 'en',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'x-frame-options': 'DENY',
    });
    expect(page.text).toContain(`value="${started.user_code}"`);
    expect(page.text).toContain('Check that your device shows this code.');
    const confirm = await browser.submit(page, { user_code: started.user_code });
    expect(confirm.text).toContain('Is this the code on your device?');
    const declined = await browser.submit(confirm, { abort: 'yes' });
    expect([declined.status, declined.text.includes('Device not connected')]).toEqual([200, true]);
    expect(declined.text).not.toContain('wrong or has expired');
    expect(await poll(started)).toBe('access_denied');
  });

  it('tell a blocked user so', async () => {
    await createUser(server, 'blocked-device@example.com', { blocked: true });
    const started = await start();
    const browser = openBrowser(server);
    const confirm = await browser.submit(await browser.open('/activate'), { user_code: started.user_code });
    const page = await browser.submit(confirm, { confirm: 'yes' });
    const refused = await typeCredentials(browser, page, 'blocked-device@example.com');
    expect(refused.text).toContain('Your account is blocked');
    expect(refused.text).toContain('Ask the support of Test application to unblock it.');
    expect(await poll(started)).toBe('unauthorized');
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
