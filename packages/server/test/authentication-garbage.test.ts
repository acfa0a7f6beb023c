import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  buildAuthorization,
  callback,
  createApi,
  createClient,
  createUser,
  discover,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/*
 * No input makes a 5xx: the endpoints that anybody may call, with values that somebody could send.
 */

let server: TestServer;
let client: { id: string; secret: string };

beforeAll(async () => {
  server = await startTestServer();
  client = await createClient(server);
  await createApi(server);
  await createUser(server, 'ada@example.com');
});
afterAll(() => server.close());

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '%00',
    '%',
    '{}',
    '[]',
    'null',
    '-1',
    '1e9',
    '0',
    'openid',
    'openid  profile',
    'code',
    'token id_token',
    'none',
    'none login',
    'login',
    'query',
    'form_post',
    'web_message',
    'muster.query',
    callback,
    'javascript:alert(1)',
    'urn:ietf:params:oauth:request_uri:x',
    'S256',
    'plain',
    'a'.repeat(43),
    'a.b.c',
    'x'.repeat(5000),
    '\ud800',
    'ｆｕｌｌ',
    '../../etc/passwd',
    "' OR 1=1 --",
    'Username-Password-Authentication',
    'https://api.example.com/',
    '#x',
    'http://auth0.com/oauth/grant-type/password-realm',
    'refresh_token',
  ),
);
const names = [
  'client_id',
  'client_secret',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'audience',
  'resource',
  'connection',
  'login_hint',
  'id_token_hint',
  'acr_values',
  'ui_locales',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'registration',
  'claims',
  'original_scope',
  'grant_type',
  'code',
  'code_verifier',
  'refresh_token',
  'device_code',
  'username',
  'password',
  'realm',
  'client_assertion',
  'client_assertion_type',
  'token',
  'token_type_hint',
  'returnTo',
  'post_logout_redirect_uri',
  'logout_hint',
  'ticket',
  'csrf',
  'user_code',
  'xsrf',
  'access_token',
  '__proto__',
];
const parameters = fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 8 });
const gets = [
  '/authorize',
  '/v2/logout',
  '/oidc/logout',
  '/activate',
  '/u/login',
  '/u/consent',
  '/u/signup',
  '/userinfo',
  '/authorize/x',
  '/activate/x',
];
const posts = [
  '/authorize',
  '/oauth/token',
  '/oauth/par',
  '/oauth/device/code',
  '/oauth/revoke',
  '/oidc/logout',
  '/activate',
  '/userinfo',
  '/u/login',
  '/u/consent',
];

/** Half of the requests come from a client that is known, so that they get further. */
const withClient = (values: Record<string, string>, isKnown: boolean) => ({
  ...values,
  ...(isKnown ? { client_id: client.id, client_secret: client.secret } : {}),
});

async function expectNoServerError(
  method: 'GET' | 'POST',
  url: string,
  request: Parameters<TestServer['fetchRaw']>[2],
): Promise<void> {
  const answer = await server.fetchRaw(method, url, request);
  const asked = `${method} ${url} ${request?.payload ?? ''} answered ${answer.status} ${answer.text.slice(0, 500)}`;
  // One refusal is documented as a server's: the tenant has no default connection.
  if (!answer.text.includes('default connection')) expect(answer.status, asked).toBeLessThan(500);
  const { location } = answer.headers;
  if (typeof location === 'string' && /^https?:/.test(location))
    expect([new URL(callback).host, 'muster.test'], asked).toContain(new URL(location).host);
}

describe('the authentication endpoints', () => {
  it('never fail on a query', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...gets), parameters, fc.boolean(), async (path, values, isKnown) => {
        const query = new URLSearchParams(withClient(values, isKnown));
        await expectNoServerError('GET', `${path}?${query}`, { headers: { accept: 'text/html' } });
      }),
      { numRuns: 300 },
    );
  });

  it('never fail on a form or JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...posts),
        parameters,
        fc.boolean(),
        fc.boolean(),
        async (path, values, isKnown, isJson) => {
          const sent = withClient(values, isKnown);
          await expectNoServerError('POST', path, {
            headers: { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' },
            payload: isJson ? JSON.stringify(sent) : new URLSearchParams(sent).toString(),
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never fail on JSON of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...posts), fc.jsonValue({ maxDepth: 3 }), async (path, value) =>
        expectNoServerError('POST', path, {
          headers: { 'content-type': 'application/json' },
          payload: JSON.stringify(value),
        }),
      ),
      { numRuns: 100 },
    );
  });

  it('never fail on what a person types', async () => {
    const configuration = await discover(server, client);
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration);
    const page = await browser.open(url.href);
    await fc.assert(
      fc.asyncProperty(odd, odd, async (username, password) => {
        const answer = await browser.submit(page, { username, password });
        expect(answer.status).toBe(400);
        expect(answer.text).not.toContain('<script>');
      }),
      { numRuns: 60 },
    );
  });

  it('send a device’s owner to the form who has no session yet', async () => {
    for (const headers of [{}, { cookie: 'auth0=gone' }]) {
      const posted = await server.fetchRaw('POST', '/activate', {
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'user_code=BBBB-BBBB',
      });
      expect([posted.status, posted.headers['location']]).toEqual([303, '/activate']);
    }
  });

  it('show no text of a request as markup', async () => {
    const evil = '"><img src=x onerror=alert(1)>';
    for (const path of [
      `/authorize?client_id=${client.id}&response_type=code&redirect_uri=${encodeURIComponent(evil)}`,
      `/authorize?client_id=${encodeURIComponent(evil)}`,
      `/activate?user_code=${encodeURIComponent(evil)}`,
      `/v2/logout?returnTo=${encodeURIComponent(evil)}`,
      `/oidc/logout?post_logout_redirect_uri=${encodeURIComponent(evil)}`,
    ]) {
      const answer = await openBrowser(server).open(path);
      expect(answer.text, path).not.toContain('<img');
    }
  });
});
