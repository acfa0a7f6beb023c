import type * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from './support/browser.ts';
import {
  buildAuthorization,
  createClient,
  createUser,
  discover,
  signInAt,
  type TestClient,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let configuration: client.Configuration;
let userId: string;
const email = 'ada@example.com';
const out = 'https://app.example.com/out';

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server, { allowed_logout_urls: [out, 'https://*.apps.example.com/out'] });
  userId = await createUser(server, email);
  configuration = await discover(server, application);
  await server.request('PATCH', '/tenants/settings', {
    body: { allowed_logout_urls: ['https://tenant.example.com/out'] },
  });
});
afterAll(() => server.close());

async function isSignedIn(browser: Browser): Promise<boolean> {
  const { url } = await buildAuthorization(configuration, { prompt: 'none' });
  const answer = await browser.open(url.href);
  return new URL(answer.location ?? '').searchParams.has('code');
}

const logout = (parameters: Readonly<Record<string, string>>) =>
  `/v2/logout?${new URLSearchParams(parameters)}`;

describe('/v2/logout', () => {
  it('ends the session for all applications and says so in the log', async () => {
    const browser = openBrowser(server);
    await signInAt(browser, configuration, email);
    expect(await isSignedIn(browser)).toBe(true);
    const answer = await browser.open(logout({ client_id: application.id, returnTo: `${out}?from=here#x` }));
    expect([answer.status, answer.location]).toEqual([302, `${out}?from=here#x`]);
    expect(await isSignedIn(browser)).toBe(false);
    expect(browser.cookies().has('auth0')).toBe(false);
    const logs = await server.request('GET', `/users/${userId}/logs`);
    const event = logs.body.find((entry: { type: string }) => entry.type === 'slo');
    expect(event).toMatchObject({ user_id: userId, client_id: application.id, details: { return_to: out } });
  });

  it('falls back on the first URL of the client, and on a plain OK', async () => {
    const first = await openBrowser(server).open(logout({ client_id: application.id }));
    expect(first.location).toBe(out);
    const plain = await openBrowser(server).open('/v2/logout');
    expect([plain.status, plain.text]).toEqual([200, 'OK']);
  });

  it('goes to the tenant’s URLs where no client is named, and to those alone', async () => {
    const tenant = await openBrowser(server).open(logout({ returnTo: 'https://tenant.example.com/out' }));
    expect(tenant.location).toBe('https://tenant.example.com/out');
    const foreign = await openBrowser(server).open(logout({ returnTo: out }));
    expect([foreign.status, foreign.location]).toEqual([400, undefined]);
    const crossed = await openBrowser(server).open(
      logout({ client_id: application.id, returnTo: 'https://tenant.example.com/out' }),
    );
    expect(crossed.status).toBe(400);
  });

  it.each([
    'https://evil.example.com/out',
    'https://app.example.com@evil.example.com/out',
    'https://app.example.com.evil.example.com/out',
    'https://app.example.com\\@evil.example.com/out',
    'https://app.example.com/out/../evil',
    'https://a.b.apps.example.com/out',
    'https://evil.example.com/.apps.example.com/out',
    '//evil.example.com',
    'javascript:alert(1)',
    '/u/login',
    ' https://app.example.com/out',
    'https://app.example.com/out\n',
  ])('refuses to go to %j, and ends the session all the same', async (returnTo) => {
    const browser = openBrowser(server);
    await signInAt(browser, configuration, email);
    const answer = await browser.open(logout({ client_id: application.id, returnTo }));
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('lets a wildcard stand for one label', async () => {
    const returnTo = 'https://one.apps.example.com/out';
    const answer = await openBrowser(server).open(logout({ client_id: application.id, returnTo }));
    expect(answer.location).toBe(returnTo);
  });
});

describe('/oidc/logout', () => {
  const end = (parameters: Readonly<Record<string, string>>) =>
    `/oidc/logout?${new URLSearchParams(parameters)}`;

  it('goes by an ID token without a question', async () => {
    const browser = openBrowser(server);
    const tokens = await signInAt(browser, configuration, email);
    const answer = await browser.open(
      end({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: out, state: 'a b' }),
    );
    expect(answer.location).toBe(`${out}?state=a+b`);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('asks where nobody proves that the person means it', async () => {
    const browser = openBrowser(server);
    await signInAt(browser, configuration, email);
    const question = await browser.open(end({ client_id: application.id, post_logout_redirect_uri: out }));
    expect(question.text).toContain('Sign out?');
    expect(await isSignedIn(browser)).toBe(true);
    const forged = await browser.submit(question, { csrf: 'guessed' });
    expect(forged.text).toContain('Sign out?');
    expect(await isSignedIn(browser)).toBe(true);
    const answer = await browser.submit(question);
    expect(answer.location).toBe(out);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('wants the URL exactly, query included', async () => {
    const tokens = await signInAt(openBrowser(server), configuration, email);
    const answer = await openBrowser(server).open(
      end({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${out}?x=1` }),
    );
    expect([answer.status, answer.location]).toEqual([400, undefined]);
  });

  it.each(['garbage', 'a.b.c', ''])('refuses the hint %j', async (hint) => {
    const answer = await openBrowser(server).open(
      end({ id_token_hint: hint, post_logout_redirect_uri: out }),
    );
    expect(answer.location).toBeUndefined();
    expect(answer.status).toBeLessThan(500);
  });
});
