import { X509Certificate } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

interface WireKey {
  readonly kid: string;
  readonly cert: string;
  readonly current?: boolean;
  readonly next?: boolean;
  readonly previous?: boolean;
  readonly revoked?: boolean;
}

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const list = async (): Promise<WireKey[]> => (await server.request('GET', '/keys/signing')).body;
const rotate = (token?: string) => server.request('POST', '/keys/signing/rotate', token ? { token } : {});
const published = async (): Promise<string[]> =>
  (await server.fetchRaw('GET', '/.well-known/jwks.json')).body.keys.map((key: { kid: string }) => key.kid);

/** Lets the clock of this process, which is the server's, go on until the keys are read again. */
function letKeysGrowStale(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
}

/** A token that no earlier call of the test has cached. */
async function newToken(): Promise<string> {
  const { id, secret } = server.config.managementClient;
  const answer = await server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      audience: `${server.config.publicUrl}/api/v2/`,
    }),
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body.access_token;
}

describe('the signing keys', () => {
  it('are a current and a next one at first, each with its certificate', async () => {
    const keys = await list();
    expect(keys.map(({ current, next }) => ({ current, next }))).toEqual([
      { current: true, next: undefined },
      { current: undefined, next: true },
    ]);
    for (const key of keys) {
      expect(key.kid).toMatch(/^[\w-]{21}$/);
      const certificate = new X509Certificate(key.cert);
      expect(certificate.subject).toBe('CN=muster.test');
      expect(certificate.checkIssued(certificate)).toBe(true);
      expect(key).toMatchObject({
        fingerprint: certificate.fingerprint,
        thumbprint: certificate.fingerprint.replaceAll(':', ''),
      });
      expect((await server.request('GET', `/keys/signing/${key.kid}`)).body).toEqual(key);
    }
    expect(await published()).toEqual(keys.map((key) => key.kid));
    const unknown = await server.request('GET', '/keys/signing/nothing');
    expect(unknown.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_key' });
  });

  it('never show their private part, neither there nor in the log', async () => {
    await rotate();
    for (const path of ['/keys/signing', '/logs', `/clients/${server.config.managementClient.id}`]) {
      const { text } = await server.request('GET', path);
      expect(text).not.toMatch(/PRIVATE KEY|"(d|p|q|dp|dq|qi)":/);
    }
    const { text } = await server.fetchRaw('GET', '/.well-known/jwks.json');
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });
});

describe('rotating the signing keys', () => {
  it('makes the next one current, and a token of the previous one goes on working', async () => {
    const [first, second] = await list();
    const old = await newToken();
    expect(decodeProtectedHeader(old).kid).toBe(first?.kid);
    const answer = await rotate();
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ kid: second?.kid, cert: second?.cert });
    letKeysGrowStale();
    const keys = await list();
    expect(keys.map(({ kid, current, next, previous }) => [kid, current, next, previous])).toEqual([
      [second?.kid, true, undefined, undefined],
      [expect.any(String), undefined, true, undefined],
      [first?.kid, undefined, undefined, true],
    ]);
    expect((await published()).sort()).toEqual(keys.map((key) => key.kid).sort());
    const fresh = await newToken();
    expect(decodeProtectedHeader(fresh).kid).toBe(second?.kid);
    for (const token of [old, fresh]) {
      expect((await server.request('GET', '/users', { token })).status).toBe(200);
      const { body: keySet } = await server.fetchRaw('GET', '/.well-known/jwks.json');
      await jwtVerify(token, createLocalJWKSet(keySet));
    }
  });

  it('leaves one current and one next when many do it at once, and loses no key', async () => {
    const before = await list();
    const answers = await Promise.all(Array.from({ length: 5 }, () => rotate()));
    expect(answers.map((answer) => answer.status)).toEqual(Array(5).fill(201));
    expect(new Set(answers.map((answer) => answer.body.kid)).size).toBe(5);
    const keys = await list();
    expect(keys).toHaveLength(before.length + 5);
    expect(keys.filter((key) => key.current)).toHaveLength(1);
    expect(keys.filter((key) => key.next)).toHaveLength(1);
    expect(keys.filter((key) => key.previous)).toHaveLength(5);
  });

  it('needs both scopes', async () => {
    for (const scopes of [['create:signing_keys'], ['update:signing_keys']])
      expect((await server.request('POST', '/keys/signing/rotate', { scopes })).status).toBe(403);
    const both = { scopes: ['create:signing_keys', 'update:signing_keys'] };
    expect((await server.request('POST', '/keys/signing/rotate', both)).status).toBe(201);
  });
});

describe('revoking a signing key', () => {
  it('ends the tokens that it signed, once the keys are read again', async () => {
    const old = await newToken();
    const [first, second] = await list();
    await rotate();
    letKeysGrowStale();
    const token = await newToken();
    expect((await server.request('GET', '/users', { token: old })).status).toBe(200);
    const revoked = await server.request('PUT', `/keys/signing/${first?.kid}/revoke`, { token });
    expect(revoked.status).toBe(200);
    expect(revoked.body).toEqual({ kid: first?.kid, cert: first?.cert });
    letKeysGrowStale();
    const refused = await server.request('GET', '/users', { token: old });
    expect(refused.status).toBe(401);
    expect(refused.body.message).toBe('Invalid signature received for JSON Web Token validation');
    expect((await server.request('GET', '/users', { token })).status).toBe(200);
    expect(await published()).not.toContain(first?.kid);
    const shown = await server.request('GET', `/keys/signing/${first?.kid}`, { token });
    expect(shown.body).toMatchObject({ revoked: true, revoked_at: expect.stringMatching(/Z$/) });
    expect(shown.body).not.toHaveProperty('previous');
    expect(decodeProtectedHeader(token).kid).toBe(second?.kid);
  });

  it('is refused for the current, the next and an unknown key', async () => {
    const keys = await list();
    for (const { kid } of keys) {
      const answer = await server.request('PUT', `/keys/signing/${kid}/revoke`);
      expect(answer.status).toBe(400);
      expect(answer.body.errorCode).toBe('operation_not_supported');
    }
    const unknown = await server.request('PUT', '/keys/signing/nothing/revoke');
    expect(unknown.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_key' });
    expect(await list()).toEqual(keys);
  });

  it('twice changes nothing the second time', async () => {
    const [first] = await list();
    await rotate();
    const path = `/keys/signing/${first?.kid}/revoke`;
    const token = await (async () => {
      letKeysGrowStale();
      return newToken();
    })();
    expect((await server.request('PUT', path, { token })).status).toBe(200);
    const read = async () => (await server.request('GET', `/keys/signing/${first?.kid}`, { token })).body;
    const { revoked_at: revokedAt } = await read();
    expect((await server.request('PUT', path, { token })).status).toBe(200);
    expect((await read()).revoked_at).toBe(revokedAt);
  });
});
