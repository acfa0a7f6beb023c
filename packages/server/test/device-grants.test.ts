import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browser.ts';
import {
  createApi,
  createClient,
  createUser,
  discover,
  postAsClient,
  type TestClient,
  typeCredentials,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let configuration: client.Configuration;
let userId: string;
const email = 'ada@example.com';

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
