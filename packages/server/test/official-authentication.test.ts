import { generateKeyPairSync } from 'node:crypto';
import { ManagementClient } from 'auth0';
import { AuthenticationClient, UserInfoClient } from 'auth0/legacy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from './support/test-config.ts';
import { startTlsServer, type TlsServer } from './support/tls-server.ts';

const realm = 'Username-Password-Authentication';
const password = 'Correct-horse-9';
const grants = [
  'authorization_code',
  'refresh_token',
  'password',
  'http://auth0.com/oauth/grant-type/password-realm',
  'client_credentials',
];
let server: TlsServer;
let management: ManagementClient;
let clientId: string;
let clientSecret: string;

beforeAll(async () => {
  server = await startTlsServer();
  management = new ManagementClient({
    domain: server.domain,
    clientId: testManagementClient.id,
    clientSecret: testManagementClient.secret,
  });
  const client = await management.clients.create({ name: 'Application', grant_types: grants });
  clientId = client.client_id ?? '';
  clientSecret = client.client_secret ?? '';
  await enable(clientId);
  await management.users.create({ connection: realm, email: 'ada@example.com', password });
});
afterAll(() => server.close());

async function enable(id: string): Promise<void> {
  const connections = await management.connections.list({ name: realm });
  const [connection] = connections.data;
  await management.connections.clients.update(connection?.id ?? '', [{ client_id: id, status: true }]);
}

describe('the official authentication client, unchanged, over TLS', () => {
  it('signs in by password, reads the profile, refreshes and revokes', async () => {
    const authentication = new AuthenticationClient({ domain: server.domain, clientId, clientSecret });
    // The SDK checks the ID token's signature, issuer, audience and times itself.
    const { data, status } = await authentication.oauth.passwordGrant({
      username: 'ada@example.com',
      password,
      realm,
      scope: 'openid profile email offline_access',
    });
    expect(status).toBe(200);
    expect(data).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86_400,
      refresh_token: expect.any(String),
    });
    const profile = await new UserInfoClient({ domain: server.domain }).getUserInfo(data.access_token);
    expect(profile.data).toMatchObject({ email: 'ada@example.com', email_verified: false, nickname: 'ada' });

    const refreshed = await authentication.oauth.refreshTokenGrant({
      refresh_token: data.refresh_token ?? '',
    });
    expect(refreshed.data.access_token).toEqual(expect.any(String));
    const revoked = await authentication.oauth.revokeRefreshToken({ token: data.refresh_token ?? '' });
    expect(revoked.status).toBe(200);
    await expect(
      authentication.oauth.refreshTokenGrant({ refresh_token: data.refresh_token ?? '' }),
    ).rejects.toMatchObject({
      statusCode: 403,
      error: 'invalid_grant',
      error_description: 'Unknown or invalid refresh token.',
    });
  });

  it('understands a wrong password', async () => {
    const authentication = new AuthenticationClient({ domain: server.domain, clientId, clientSecret });
    await expect(
      authentication.oauth.passwordGrant({ username: 'ada@example.com', password: 'wrong', realm }),
    ).rejects.toMatchObject({
      statusCode: 403,
      error: 'invalid_grant',
      error_description: 'Wrong email or password.',
    });
  });

  it('pushes an authorization request', async () => {
    const authentication = new AuthenticationClient({ domain: server.domain, clientId, clientSecret });
    await management.clients.update(clientId, { callbacks: ['https://app.example.com/callback'] });
    const { data, status } = await authentication.oauth.pushedAuthorization({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'https://app.example.com/callback',
      scope: 'openid',
    });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      expires_in: 30,
      request_uri: expect.stringContaining('urn:ietf:params:oauth'),
    });
  });

  it('proves itself by a key instead of a secret', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const client = await management.clients.create({
      name: 'With a key',
      grant_types: grants,
      client_authentication_methods: {
        private_key_jwt: { credentials: [{ credential_type: 'public_key', pem: publicKey, name: 'key' }] },
      },
    });
    await enable(client.client_id ?? '');
    const ask = (key: string) =>
      new AuthenticationClient({
        domain: server.domain,
        clientId: client.client_id ?? '',
        clientAssertionSigningKey: key,
      }).oauth.passwordGrant({ username: 'ada@example.com', password, realm });
    expect((await ask(privateKey)).status).toBe(200);
    const { privateKey: other } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await expect(ask(other)).rejects.toMatchObject({ statusCode: 401, error: 'invalid_client' });
  });
});

describe('over TLS', () => {
  it('every cookie of a sign-in is for TLS alone and out of reach of scripts', async () => {
    await management.clients.update(clientId, { callbacks: ['https://app.example.com/callback'] });
    const jar = new Map<string, string>();
    const lines: string[] = [];
    const open = async (url: string, form?: URLSearchParams) => {
      const answer = await fetch(new URL(url, `https://${server.domain}`), {
        redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(form ? { method: 'POST', body: form } : {}),
      });
      for (const line of answer.headers.getSetCookie()) {
        lines.push(line);
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        jar.set(name, value);
      }
      return answer;
    };
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'https://app.example.com/callback',
      scope: 'openid',
    });
    const login = (await open(`/authorize?${query}`)).headers.get('location') ?? '';
    const page = await (await open(login)).text();
    const form = new URLSearchParams({ username: 'ada@example.com', password });
    for (const [, name = '', value = ''] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
      form.set(name, value);
    const resumed = (await open('/u/login', form)).headers.get('location') ?? '';
    const callback = (await open(resumed)).headers.get('location') ?? '';
    expect(new URL(callback).searchParams.get('code')).toEqual(expect.any(String));
    expect(jar.has('auth0')).toBe(true);
    for (const line of lines) expect(line).toMatch(/; ?secure\b.*|; ?Secure\b/i);
    for (const line of lines) expect(line).toMatch(/; ?httponly/i);
    expect(lines.find((line) => line.startsWith('auth0='))).toMatch(/samesite=none/i);
  });
});
