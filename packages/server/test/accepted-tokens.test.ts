import { decodeProtectedHeader, SignJWT } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { createSecretBox } from '../src/platform/secrets/secret-box.ts';
import { loadSigningKeys } from '../src/tenant/index.ts';
import { postAsClient } from './support/sign-in-fixture.ts';
import {
  managementAudience as audience,
  testManagementClient,
  testSecretKey,
} from './support/test-config.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** A new one of the management client: the server's own `getToken` gives the same again. */
async function requestToken(): Promise<string> {
  const answer = await postAsClient(server, testManagementClient, '/oauth/token', {
    grant_type: 'client_credentials',
    audience,
  });
  return answer.body.access_token;
}

/** A token with claims of the test's choice, signed by the server's own current key. */
async function signToken(claims: Record<string, unknown>, lifetime = 3600): Promise<string> {
  const [key] = await loadSigningKeys(server.database, createSecretBox(testSecretKey));
  if (!key) throw new Error('no signing key');
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: 'http://muster.test/',
    aud: audience,
    azp: 'somebody',
    iat: now - 10,
    exp: now + lifetime,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(
      await crypto.subtle.importKey(
        'jwk',
        key.privateJwk,
        { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
        false,
        ['sign'],
      ),
    );
}

describe('the guard of the Management API', () => {
  const call = (authorization: string | undefined) =>
    server.fetchRaw(
      'GET',
      '/api/v2/users',
      authorization === undefined ? {} : { headers: { authorization } },
    );

  it('asks for a token', async () => {
    const { status, body, headers } = await call(undefined);
    expect(status).toBe(401);
    expect(body).toEqual({ statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['Basic abc'],
    ['Bearer'],
    ['Bearer abc'],
    ['Bearer a.b.c d'],
    ['Bearer !.?.#'],
  ])('answers 400 to the header %j', async (header) => {
    const { status, body } = await call(header);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorCode: 'Bearer', message: 'Bad HTTP authentication header format' });
  });

  it('tells an expired token, a bad signature and everything else apart', async () => {
    const good = { sub: 'somebody@clients', scope: 'read:users' };
    expect((await call(`Bearer ${await signToken(good)}`)).status).toBe(200);
    expect((await call(`Bearer ${await signToken(good, -5)}`)).body.message).toBe(
      'Expired token received for JSON Web Token validation',
    );
    const [head = '', body = ''] = (await signToken(good)).split('.');
    expect((await call(`Bearer ${head}.${body}.${'A'.repeat(342)}`)).body.message).toBe(
      'Invalid signature received for JSON Web Token validation',
    );
    for (const claims of [{ aud: 'https://other' }, { iss: 'http://other/' }, { sub: undefined }]) {
      const refused = await call(`Bearer ${await signToken({ ...good, ...claims })}`);
      expect(refused.status).toBe(401);
      expect(refused.body).toMatchObject({
        message: 'Invalid token',
        attributes: { error: 'Invalid token' },
      });
    }
  });

  it('refuses unsigned tokens, and ones signed with the public key as a secret', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      iss: 'http://muster.test/',
      aud: audience,
      azp: 'x',
      sub: 'x@clients',
      scope: 'read:users',
      iat: 1,
      exp: 9_999_999_999,
    };
    expect((await call(`Bearer ${encode({ alg: 'none' })}.${encode(claims)}.`)).status).toBe(401);
    const { body } = await server.fetchRaw('GET', '/.well-known/jwks.json');
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: body.keys[0].kid })
      .sign(new TextEncoder().encode(JSON.stringify(body.keys[0])));
    expect((await call(`Bearer ${forged}`)).status).toBe(401);
  });

  it('stops accepting a token that it knows once that expires', async () => {
    const token = await signToken({ sub: 'somebody@clients', scope: 'read:users' }, 2);
    expect((await call(`Bearer ${token}`)).status).toBe(200);
    await expect.poll(async () => (await call(`Bearer ${token}`)).status, { timeout: 10_000 }).toBe(401);
  });

  it('names the scopes that would do', async () => {
    const { status, body } = await server.request('DELETE', '/users/auth0%7Cx', { scopes: ['read:users'] });
    expect(status).toBe(403);
    expect(body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: delete:users,delete:current_user',
      errorCode: 'insufficient_scope',
    });
  });

  it("lets a user's own token read and annotate that user alone", async () => {
    const make = async (email: string) =>
      (
        await server.request('POST', '/users', {
          body: { connection: 'Username-Password-Authentication', email, password: 'Correct-horse-9' },
        })
      ).body.user_id;
    const [own, other] = [await make('own@example.com'), await make('other@example.com')];
    const token = await signToken({ sub: own, scope: 'read:current_user update:current_user_metadata' });
    const path = (id: string) => `/users/${encodeURIComponent(id)}`;
    expect((await server.request('GET', path(own), { token })).body.email).toBe('own@example.com');
    const refused = await server.request('GET', path(other), { token });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      errorCode: 'unowned_resource',
      message: 'User to be acted on does not match subject in bearer token.',
    });
    expect(
      (await server.request('PATCH', path(own), { token, body: { user_metadata: { theme: 'dark' } } }))
        .status,
    ).toBe(200);
    expect(
      (await server.request('PATCH', path(other), { token, body: { user_metadata: { theme: 'dark' } } }))
        .status,
    ).toBe(403);
    const forbidden = await server.request('PATCH', path(own), {
      token,
      body: { blocked: false, email: 'new@example.com' },
    });
    expect(forbidden.status).toBe(403);
    expect(forbidden.body.message).toBe('You cannot update the following fields: blocked, email');
  });
});

describe('signing keys', () => {
  it('rotate without breaking tokens, and a revoked one ends its tokens', async () => {
    const old = await server.getToken();
    const before = (await server.fetchRaw('GET', '/.well-known/jwks.json')).body.keys.map(
      (key: { kid: string }) => key.kid,
    );
    const { status, body } = await server.request('POST', '/keys/signing/rotate', { token: old });
    expect(status).toBe(201);
    expect(before).toContain(body.kid); // it was published as the next one
    await expect
      .poll(async () => decodeProtectedHeader(await requestToken()).kid, { timeout: 30_000, interval: 500 })
      .toBe(body.kid);
    const token = await requestToken();
    expect((await server.request('GET', '/users', { token: old })).status).toBe(200);

    const { body: keys } = await server.request('GET', '/keys/signing', { token });
    expect(
      keys.map((key: { current?: boolean; next?: boolean; previous?: boolean }) => [
        key.current,
        key.next,
        key.previous,
      ]),
    ).toEqual([
      [true, undefined, undefined],
      [undefined, true, undefined],
      [undefined, undefined, true],
    ]);
    const previous = keys[2].kid;
    expect(decodeProtectedHeader(old).kid).toBe(previous);
    expect((await server.request('PUT', `/keys/signing/${body.kid}/revoke`, { token })).status).toBe(400);
    expect((await server.request('PUT', '/keys/signing/unknown/revoke', { token })).status).toBe(404);
    expect((await server.request('PUT', `/keys/signing/${previous}/revoke`, { token })).status).toBe(200);
    await expect
      .poll(async () => (await server.request('GET', '/users', { token: old })).status, {
        timeout: 30_000,
        interval: 500,
      })
      .toBe(401);
    expect((await server.request('GET', '/users', { token })).status).toBe(200);
  }, 90_000);

  it('are shared by every process on the database', async () => {
    const second = await createApp({
      config: server.config,
      database: server.database,
      searchDatabase: server.testDatabase.searchDatabase,
      secrets: createSecretBox(testSecretKey),
      logger: pino({ level: 'fatal' }),
    });
    const token = await requestToken();
    const answer = await second.server.inject({
      url: '/api/v2/users',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.statusCode).toBe(200);
    await second.server.close();
  });

  it('stay one current and one next when many rotate at once', async () => {
    const token = await requestToken();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => server.request('POST', '/keys/signing/rotate', { token })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201, 201, 201]);
    const keys = await loadSigningKeys(server.database, createSecretBox(testSecretKey));
    expect(keys.filter((key) => key.status === 'current')).toHaveLength(1);
    expect(keys.filter((key) => key.status === 'next')).toHaveLength(1);
  });
});
