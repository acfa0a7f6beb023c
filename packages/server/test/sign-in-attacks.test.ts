import { randomBytes } from 'node:crypto';
import { decodeJwt, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './support/accounts-fixture.ts';
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
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let other: TestClient;
let configuration: client.Configuration;
let userId: string;
const email = 'ada@example.com';

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
  other = await createClient(server, { name: 'Another application' });
  await createApi(server);
  userId = await createUser(server, email);
  await createUser(server, 'eve@example.com');
  configuration = await discover(server, application);
});
afterAll(() => server.close());

const exchangeCode = (code: string, verifier: string, { id, secret }: TestClient) =>
  post(server, '/oauth/token', {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: callback,
    client_id: id,
    client_secret: secret,
  });

async function obtainCode(change: Readonly<Record<string, string>> = {}) {
  const authorization = await buildAuthorization(configuration, change);
  const browser = openBrowser(server);
  const answer = await typeCredentials(browser, await browser.open(authorization.url.href), email);
  const address = new URL(answer.location ?? '');
  return { ...authorization, address, code: address.searchParams.get('code') ?? '' };
}

describe('codes and tokens', () => {
  it('are of no use to another client', async () => {
    const { code, verifier } = await obtainCode();
    const stolen = await exchangeCode(code, verifier, other);
    expect([stolen.status, stolen.body.error]).toEqual([403, 'invalid_grant']);
  });

  it('say who issued them, so that an application with two issuers mixes none up', async () => {
    const { address, verifier, nonce, state } = await obtainCode();
    expect(address.searchParams.get('iss')).toBe(`${server.config.publicUrl}/`);
    for (const issuer of ['https://evil.example.com/', undefined]) {
      const mixed = new URL(address);
      mixed.searchParams.delete('iss');
      if (issuer) mixed.searchParams.set('iss', issuer);
      await expect(
        client.authorizationCodeGrant(configuration, mixed, {
          pkceCodeVerifier: verifier,
          expectedNonce: nonce,
          expectedState: state,
        }),
      ).rejects.toThrow();
    }
  });

  it('are not for who proves itself to another issuer', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const { id } = await createClient(server, {
      client_authentication_methods: {
        private_key_jwt: {
          credentials: [{ credential_type: 'public_key', pem: await exportSPKI(publicKey), name: 'key' }],
        },
      },
    });
    const ask = async (audience: string) => {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(audience)
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      return post(server, '/oauth/token', {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: database,
        username: email,
        password,
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
    };
    expect((await ask(`${server.config.publicUrl}/`)).status).toBe(200);
    const refused = await ask('https://evil.example.com/');
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
  });

  it('that came of one code used many times at once are all of no use', async () => {
    const { code, verifier } = await obtainCode({ scope: 'openid offline_access' });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => exchangeCode(code, verifier, application)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const { body } of won) {
      const profile = await server.fetchRaw('GET', '/userinfo', {
        headers: { authorization: `Bearer ${body.access_token}` },
      });
      expect(profile.status).toBe(401);
      const renewed = await post(server, '/oauth/token', {
        grant_type: 'refresh_token',
        refresh_token: body.refresh_token,
        client_id: application.id,
        client_secret: application.secret,
      });
      expect(renewed.status).toBe(403);
    }
  });

  it('cannot be had without the challenge that was begun with', async () => {
    const { code } = await obtainCode();
    for (const verifier of ['', 'x'.repeat(43), client.randomPKCECodeVerifier()])
      expect((await exchangeCode(code, verifier, application)).status).toBeGreaterThanOrEqual(400);
    const plain = await buildAuthorization(configuration, { code_challenge_method: 'plain' });
    const refused = await openBrowser(server).open(plain.url.href);
    expect(new URL(refused.location ?? '').searchParams.get('error')).toBe('invalid_request');
  });

  it('of one kind do not pass for another', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, email, {
      scope: 'openid offline_access',
      audience: api,
    });
    const idToken = tokens.id_token ?? '';
    const bearer = (token: string) =>
      server.fetchRaw('GET', '/userinfo', { headers: { authorization: `Bearer ${token}` } });
    expect((await bearer(idToken)).status).toBe(401);
    expect((await bearer(tokens.refresh_token ?? '')).status).toBe(401);
    expect((await bearer(tokens.access_token)).status).toBe(200);
    for (const token of [idToken, tokens.access_token, tokens.refresh_token ?? ''])
      expect([400, 401]).toContain((await server.request('GET', '/users', { token })).status);
    const renewed = await post(server, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.access_token,
      client_id: application.id,
      client_secret: application.secret,
    });
    expect(renewed.status).toBe(403);
  });

  it('whose header or payload was changed are refused, unsigned ones too', async () => {
    const { access_token: token } = await signInAt(openBrowser(server), configuration, email, {
      audience: api,
    });
    const [header = '', payload = '', signature = ''] = token.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${payload}.${signature}`,
      `${header}.${encode({ ...decodeJwt(token), sub: 'auth0|somebody' })}.${signature}`,
    ];
    for (const attempt of forged)
      expect(
        (await server.fetchRaw('GET', '/userinfo', { headers: { authorization: `Bearer ${attempt}` } }))
          .status,
      ).toBe(401);
  });
});

describe('sessions', () => {
  it('have another cookie after the sign-in than before: one that was planted opens nothing', async () => {
    const authorization = await buildAuthorization(configuration);
    const victim = openBrowser(server);
    const page = await victim.open(authorization.url.href);
    const before = victim.cookies();
    const answer = await typeCredentials(victim, page, email);
    await exchange(configuration, authorization, answer);
    expect(victim.cookies().get('auth0')).toBeDefined();
    expect(victim.cookies().get('auth0')).not.toBe(before.get('auth0'));
  });

  it.each([
    'somebody who is not signed in',
    'somebody who is',
  ])('of %s are dead once their cookies, planted in another browser, were signed in with there', async (attackers) => {
    const attacker = openBrowser(server);
    if (attackers.endsWith('is')) await signInAt(attacker, configuration, 'eve@example.com');
    const authorization = await buildAuthorization(configuration, { prompt: 'login' });
    const page = await attacker.open(authorization.url.href);
    const victim = attacker.copy();
    const answer = await typeCredentials(victim, page, email);
    expect((await exchange(configuration, authorization, answer)).claims()?.['sub']).toBe(userId);
    const { url } = await buildAuthorization(configuration, { prompt: 'none' });
    const silent = new URL((await attacker.open(url.href)).location ?? '').searchParams;
    expect(silent.get('error')).toBe('login_required');
    expect((await attacker.open(page.url.href)).status).toBe(400);
  });
});

describe('mails and their tickets', () => {
  it('take no header from an address or a name', async () => {
    for (const address of ['eve@example.com\r\nBcc: all@example.com', 'eve@example.com\nSubject: x'])
      expect(
        (
          await post(server, '/dbconnections/signup', {
            client_id: application.id,
            connection: database,
            email: address,
            password,
          })
        ).status,
      ).toBe(400);
    const name = 'Eve\r\nBcc: all@example.com';
    const made = await post(server, '/dbconnections/signup', {
      client_id: application.id,
      connection: database,
      email: 'eve@example.com',
      password,
      name,
    });
    expect([200, 400]).toContain(made.status);
    const { body } = await server.request('GET', '/messages');
    for (const message of body.messages ?? body)
      expect(`${message.to} ${message.from} ${message.subject}`).not.toMatch(/[\r\n]/);
  });

  it('are not made for another host by the header of a request', async () => {
    await server.fetchRaw('POST', '/dbconnections/change_password', {
      payload: JSON.stringify({ client_id: application.id, connection: database, email }),
      headers: {
        'content-type': 'application/json',
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
      },
    });
    const { text } = await server.request('GET', '/messages');
    expect(text).not.toContain('evil.example');
  });

  it('are not guessed', async () => {
    const user = (await server.request('GET', '/users-by-email', { query: { email } })).body[0];
    const made = await server.request('POST', '/tickets/password-change', {
      body: { user_id: user.user_id },
    });
    const ticket = new URL(made.body.ticket).searchParams.get('ticket') ?? '';
    // At 128 bits a guess a nanosecond takes longer than the universe has stood.
    expect(Buffer.from(ticket, 'base64url').length).toBeGreaterThanOrEqual(16);
    const near = ticket.slice(0, -1) + (ticket.endsWith('A') ? 'B' : 'A');
    for (const guess of [near, ticket.slice(0, -1), randomBytes(32).toString('base64url'), '', '%00'])
      expect((await server.fetchRaw('GET', `/u/reset-password?ticket=${guess}`)).status).toBe(400);
    expect((await server.fetchRaw('GET', `/u/reset-password?ticket=${ticket}`)).status).toBe(200);
  });
});

describe('unknown people', () => {
  it('take as long to refuse as known ones with a wrong password', async () => {
    // Past the limit no password is looked at, which is not what is measured here.
    const limit = await server.request('PATCH', '/attack-protection/brute-force-protection', {
      body: { max_attempts: 100 },
    });
    expect(limit.status).toBe(200);
    const attempt = async (username: string): Promise<number> => {
      const startedAt = performance.now();
      const answer = await post(server, '/oauth/token', {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        realm: database,
        username,
        password: 'wrong',
        client_id: application.id,
        client_secret: application.secret,
      });
      expect(answer.body.error_description).toBe('Wrong email or password.');
      return performance.now() - startedAt;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 25; round++) {
      known.push(await attempt(email));
      unknown.push(await attempt(`nobody${round}@example.com`));
    }
    const median = (times: number[]) => times.sort((one, two) => one - two)[12] ?? Number.NaN;
    // Without a hash to compare with, a refusal takes a fifth of the time.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.6);
    expect(median(unknown) / median(known)).toBeLessThan(1.6);
  });
});
