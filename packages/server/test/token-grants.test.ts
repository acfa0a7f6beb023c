import { createLocalJWKSet, decodeJwt, exportSPKI, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { sql } from 'kysely';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  api,
  createApi,
  createClient,
  createUser,
  database,
  discover,
  password,
  postAsClient,
  type TestClient,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';
import { waitUntilBlocking } from './support/wait-until-blocking.ts';

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
      await waitUntilBlocking(transaction);
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
