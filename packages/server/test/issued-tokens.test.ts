import { X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import { X509Certificates } from '@peculiar/x509';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { managementAudience as audience, testManagementClient } from './support/test-config.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

const credentials = { client_id: testManagementClient.id, client_secret: testManagementClient.secret };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function requestToken(body: unknown, headers: Record<string, string> = {}): Promise<TestAnswer> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  return server.fetchRaw('POST', '/oauth/token', {
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const grant = (change: Record<string, unknown> = {}) => ({
  grant_type: 'client_credentials',
  ...credentials,
  audience,
  ...change,
});

async function publishedKeys() {
  return createLocalJWKSet((await server.fetchRaw('GET', '/.well-known/jwks.json')).body);
}

describe('the token endpoint', () => {
  it('gives a JWT with exactly the documented claims, which the published keys verify', async () => {
    const { status, body, headers } = await requestToken(grant({ scope: 'read:users update:users' }));
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: 'read:users update:users',
    });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    const { payload, protectedHeader } = await jwtVerify(body.access_token, await publishedKeys());
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: 'http://muster.test/',
      sub: `${testManagementClient.id}@clients`,
      aud: audience,
      azp: testManagementClient.id,
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 86_400,
      scope: 'read:users update:users',
      gty: 'client-credentials',
      jti: expect.any(String),
    });
  });

  it('takes JSON and forms, and the credentials in the body or by Basic authentication', async () => {
    const basic = `Basic ${Buffer.from(`${credentials.client_id}:${credentials.client_secret}`).toString('base64')}`;
    const form = new URLSearchParams({ grant_type: 'client_credentials', audience }).toString();
    expect((await requestToken(grant())).status).toBe(200);
    expect(
      (
        await requestToken(new URLSearchParams(grant()).toString(), {
          'content-type': 'application/x-www-form-urlencoded',
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await requestToken(form, {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: basic,
        })
      ).status,
    ).toBe(200);
    expect(
      (await requestToken({ grant_type: 'client_credentials', audience }, { authorization: basic })).status,
    ).toBe(200);
  });

  it('grants everything without scope, drops what the grant does not hold, and tells what it granted', async () => {
    expect((await requestToken(grant())).body.scope.split(' ')).toContain('delete:users');
    expect((await requestToken(grant({ scope: 'read:users fly:moon' }))).body.scope).toBe('read:users');
  });

  it.each([
    [{ client_secret: 'wrong' }, 401, 'invalid_client', /Client authentication failed/],
    [{ client_id: 'nobody' }, 401, 'invalid_client', /Client authentication failed/],
    [{ audience: undefined }, 403, 'access_denied', /No audience parameter was provided/],
    [
      { audience: 'https://unknown.example.com/' },
      403,
      'access_denied',
      /^Service not found: https:\/\/unknown\.example\.com\/$/,
    ],
    [{ grant_type: 'password' }, 403, 'unauthorized_client', /password/],
    [{ grant_type: 'nonsense' }, 403, 'unsupported_grant_type', /nonsense/],
    [{ grant_type: undefined }, 400, 'invalid_request', /grant_type/],
    [{ scope: { a: 1 } }, 400, 'invalid_scope', /Scope must be an array or a string/],
    [{ client_id: 42 }, 401, 'invalid_client', /Client authentication failed/],
    [{ client_id: { a: 1 } }, 400, 'invalid_request', /client_id must be a string/],
    [{ audience: 'a\0b' }, 400, 'invalid_request', /NUL/],
  ])('refuses %j in the OAuth envelope', async (change, status, error, description) => {
    const answer = await requestToken(grant(change));
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_description: expect.stringMatching(description) });
    expect(answer.body.statusCode).toBeUndefined();
  });

  it.each([
    ['{"grant_type":'],
    ['[]'],
    ['"x"'],
    ['null'],
    [''],
  ])('refuses the body %j in the OAuth envelope', async (payload) => {
    const answer = await requestToken(payload);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: 'invalid_request', error_description: expect.any(String) });
  });

  it('refuses an API without a grant, and a grant type that the client may not use', async () => {
    await server.request('POST', '/resource-servers', {
      body: { identifier: 'plain name ü#1', scopes: [{ value: 'do:it' }] },
    });
    const ungranted = await requestToken(grant({ audience: 'plain name ü#1' }));
    expect(ungranted.status).toBe(403);
    expect(ungranted.body.error_description).toMatch(
      /^Client is not authorized to access "plain name ü#1"\. You need to create a "client-grant"/,
    );
    await server.request('POST', '/client-grants', {
      body: { client_id: credentials.client_id, audience: 'plain name ü#1', scope: ['do:it'] },
    });
    expect((await requestToken(grant({ audience: 'plain name ü#1' }))).body.scope).toBe('do:it');

    const { body: browser } = await server.request('POST', '/clients', {
      body: { name: 'Browser', grant_types: ['authorization_code'] },
    });
    const refused = await requestToken(
      grant({ client_id: browser.client_id, client_secret: browser.client_secret }),
    );
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      error: 'unauthorized_client',
      error_description: "Grant type 'client_credentials' not allowed for the client.",
      error_uri: expect.stringMatching(/^http:\/\/muster\.test\//),
    });
  });

  it("follows the API's algorithm, dialect and lifetime", async () => {
    const { body: api } = await server.request('POST', '/resource-servers', {
      body: {
        identifier: 'https://symmetric.example.com',
        signing_alg: 'HS256',
        token_lifetime: 120,
        token_dialect: 'rfc9068_profile',
      },
    });
    await server.request('POST', '/client-grants', {
      body: { client_id: credentials.client_id, audience: api.identifier, scope: [] },
    });
    const { body } = await requestToken(grant({ audience: api.identifier }));
    expect(body.expires_in).toBe(120);
    const { payload, protectedHeader } = await jwtVerify(
      body.access_token,
      new TextEncoder().encode(api.signing_secret),
    );
    expect(protectedHeader).toMatchObject({ alg: 'HS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      client_id: credentials.client_id,
      sub: `${credentials.client_id}@clients`,
      aud: api.identifier,
    });
    expect(payload).not.toHaveProperty('gty');
    expect(payload).not.toHaveProperty('azp');
  });

  it("uses the tenant's default audience", async () => {
    await server.request('PATCH', '/tenants/settings', { body: { default_audience: audience } });
    expect((await requestToken(grant({ audience: undefined, scope: 'read:users' }))).body.scope).toBe(
      'read:users',
    );
    await server.request('PATCH', '/tenants/settings', { body: { default_audience: '' } });
  });

  it('logs what known clients got or were refused, without their secrets', async () => {
    await requestToken(grant({ scope: 'read:stats' }));
    await requestToken(grant({ audience: 'https://refused.example.com' }));
    const { body: events } = await server.request('GET', '/logs', { query: { per_page: 20 } });
    expect(events.find((event: { type: string }) => event.type === 'seccft')).toMatchObject({
      client_id: credentials.client_id,
      client_name: 'Muster Management',
      audience,
    });
    expect(events.find((event: { type: string }) => event.type === 'feccft')).toMatchObject({
      description: 'Service not found: https://refused.example.com',
    });
    expect(JSON.stringify(events)).not.toContain(credentials.client_secret);
  });
});

describe('discovery', () => {
  it('names what works under the public URL, whatever the request calls itself', async () => {
    const { status, body } = await server.fetchRaw('GET', '/.well-known/openid-configuration', {
      headers: { host: 'evil.example' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: 'http://muster.test/',
      token_endpoint: 'http://muster.test/oauth/token',
      jwks_uri: 'http://muster.test/.well-known/jwks.json',
      grant_types_supported: expect.arrayContaining(['client_credentials', 'authorization_code']),
    });
    expect(JSON.stringify(body)).not.toContain('evil');
    expect((await server.fetchRaw('GET', '/.well-known/oauth-authorization-server')).body).toEqual(body);
  });

  it('publishes the current and the next key, without their private parts', async () => {
    const { body } = await server.fetchRaw('GET', '/.well-known/jwks.json');
    expect(body.keys).toHaveLength(2);
    for (const key of body.keys) {
      expect(key).toMatchObject({
        kty: 'RSA',
        use: 'sig',
        alg: 'RS256',
        kid: expect.any(String),
        n: expect.any(String),
        e: 'AQAB',
      });
      expect(Object.keys(key)).not.toEqual(expect.arrayContaining(['d']));
      expect(key).toHaveProperty('x5c');
    }
  });

  it('hands out the certificate of the current key', async () => {
    const { body } = await server.fetchRaw('GET', '/.well-known/jwks.json');
    const { text: pem, headers } = await server.fetchRaw('GET', '/pem');
    expect(headers['content-type']).toContain('application/x-pem-file');
    const certificate = new X509Certificate(pem);
    const [current] = body.keys;
    expect(certificate.raw.toString('base64')).toBe(current.x5c[0]);
    expect((await server.fetchRaw('GET', '/fingerprint')).text).toBe(certificate.fingerprint);
    expect((await server.fetchRaw('GET', '/rawpem')).text).toBe(current.x5c[0]);
    const { text: bundle } = await server.fetchRaw('GET', '/pb7');
    expect(bundle).toMatch(/^-----BEGIN PKCS7-----\n[\w+/=\n]+-----END PKCS7-----\n$/);
    const [bundled, ...others] = new X509Certificates(bundle);
    expect([bundled?.toString('base64'), others]).toEqual([current.x5c[0], []]);
    const { headers: ofDer } = await server.fetchRaw('GET', '/cer');
    expect([ofDer['content-type'], Number(ofDer['content-length'])]).toEqual([
      'application/x-x509-ca-cert',
      certificate.raw.length,
    ]);
  });
});
