import { sql } from 'kysely';
import type * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepExpiredTokens } from '../src/tokens/index.ts';
import { type Browser, openBrowser } from './support/browser.ts';
import {
  api,
  buildAuthorization,
  createApi,
  createClient,
  createUser,
  discover,
  signInAt,
  type TestClient,
} from './support/sign-in-fixture.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let configuration: client.Configuration;
let people = 0;

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server);
  await createApi(server);
  configuration = await discover(server, application);
});
afterAll(() => server.close());

interface SignedIn {
  readonly userId: string;
  readonly browser: Browser;
  readonly sessionId: string;
  readonly refreshToken: string;
}

async function signIn(): Promise<SignedIn> {
  const email = `person${++people}@example.com`;
  const userId = await createUser(server, email);
  const browser = openBrowser(server);
  const tokens = await signInAt(browser, configuration, email, {
    audience: api,
    scope: 'openid read:things offline_access',
  });
  return {
    userId,
    browser,
    sessionId: String(tokens.claims()?.['sid']),
    refreshToken: tokens.refresh_token ?? '',
  };
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  const { url } = await buildAuthorization(configuration, { prompt: 'none' });
  const answer = await browser.open(url.href);
  return new URL(answer.location ?? '').searchParams.has('code');
}

function refresh(token: string): Promise<TestAnswer> {
  return server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: application.id,
      client_secret: application.secret,
    }),
  });
}

const path = (userId: string, rest: string) => `/users/${encodeURIComponent(userId)}/${rest}`;

describe('sessions', () => {
  it('are shown by the id that ID tokens name', async () => {
    const { userId, sessionId } = await signIn();
    const { status, body } = await server.request('GET', `/sessions/${sessionId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: sessionId,
      user_id: userId,
      clients: [{ client_id: application.id }],
      device: { initial_user_agent: 'Mozilla/5.0 (test)', last_ip: expect.any(String) },
      authentication: { methods: [{ name: 'pwd' }] },
    });
    const hours = (key: string) => (Date.parse(body[key]) - Date.parse(body.authenticated_at)) / 3_600_000;
    expect(hours('expires_at')).toBeCloseTo(168, 1);
    expect(hours('idle_expires_at')).toBeCloseTo(72, 1);
    const listed = await server.request('GET', path(userId, 'sessions'));
    expect(listed.body).toEqual({ sessions: [body] });
  });

  it('keep when they began and what was noted about them through further sign-ins', async () => {
    const { browser, sessionId } = await signIn();
    const noted = await server.request('PATCH', `/sessions/${sessionId}`, {
      body: { session_metadata: { desk: 7 } },
    });
    expect(noted.body.session_metadata).toEqual({ desk: 7 });
    expect(await isSignedIn(browser)).toBe(true);
    const { body } = await server.request('GET', `/sessions/${sessionId}`);
    expect(body).toMatchObject({ created_at: noted.body.created_at, session_metadata: { desk: 7 } });
    const cleared = await server.request('PATCH', `/sessions/${sessionId}`, {
      body: { session_metadata: null },
    });
    expect(cleared.body.session_metadata).toBeUndefined();
  });

  it('end by deletion, and take their refresh tokens along when they are revoked', async () => {
    const first = await signIn();
    const deleted = await server.request('DELETE', `/sessions/${first.sessionId}`);
    expect([deleted.status, deleted.body]).toEqual([202, {}]);
    expect(await isSignedIn(first.browser)).toBe(false);
    expect((await refresh(first.refreshToken)).status).toBe(200);
    expect((await server.request('GET', `/sessions/${first.sessionId}`)).status).toBe(404);

    const second = await signIn();
    expect((await server.request('POST', `/sessions/${second.sessionId}/revoke`)).status).toBe(202);
    expect(await isSignedIn(second.browser)).toBe(false);
    expect((await refresh(second.refreshToken)).status).toBe(403);
    expect((await server.request('POST', `/sessions/${second.sessionId}/revoke`)).status).toBe(404);
  });

  it('of a user end all at once', async () => {
    const { userId, browser } = await signIn();
    expect((await server.request('DELETE', path(userId, 'sessions'))).status).toBe(202);
    expect(await isSignedIn(browser)).toBe(false);
    expect((await server.request('GET', path('auth0|nobody', 'sessions'))).status).toBe(404);
  });

  it('and refresh tokens of a user end together, or one session with its tokens alone', async () => {
    const first = await signIn();
    const revoke = (body: object, userId = first.userId) =>
      server.request('POST', path(userId, 'revoke-access'), { body });
    const second = await signIn();
    expect((await revoke({ session_id: second.sessionId })).status).toBe(404);
    expect((await revoke({}, 'auth0|nobody')).status).toBe(404);
    expect((await revoke({ session: 'x' })).status).toBe(400);
    expect(await isSignedIn(first.browser)).toBe(true);

    const kept = await revoke({ session_id: first.sessionId, preserve_refresh_tokens: true });
    expect([kept.status, kept.body]).toEqual([202, {}]);
    expect(await isSignedIn(first.browser)).toBe(false);
    const renewed = await refresh(first.refreshToken);
    expect(renewed.status).toBe(200);
    expect((await revoke({})).status).toBe(202);
    expect((await refresh(renewed.body.refresh_token ?? first.refreshToken)).status).toBe(403);

    expect((await revoke({ session_id: second.sessionId }, second.userId)).status).toBe(202);
    expect(await isSignedIn(second.browser)).toBe(false);
    expect((await refresh(second.refreshToken)).status).toBe(403);
  });

  it('end at once when the user is blocked or gets another address', async () => {
    const blocked = await signIn();
    await server.request('PATCH', `/users/${encodeURIComponent(blocked.userId)}`, {
      body: { blocked: true },
    });
    expect(await isSignedIn(blocked.browser)).toBe(false);
    const moved = await signIn();
    await server.request('PATCH', `/users/${encodeURIComponent(moved.userId)}`, {
      body: { email: 'moved@example.com' },
    });
    expect(await isSignedIn(moved.browser)).toBe(false);
    expect((await refresh(moved.refreshToken)).status).toBe(200);
  });

  it('are over once the tenant shortens them below their age', async () => {
    const { browser } = await signIn();
    await server.request('PATCH', '/tenants/settings', { body: { session_lifetime_in_minutes: 1 } });
    expect(await isSignedIn(browser)).toBe(true);
    await sql`UPDATE oidc_payloads SET payload = payload || jsonb_build_object('loginTs', (payload ->> 'loginTs')::integer - 61)
      WHERE model = 'Session'`.execute(server.database);
    expect(await isSignedIn(browser)).toBe(false);
    await server.request('PATCH', '/tenants/settings', { body: { session_lifetime: 168 } });
  });

  it('are over once nobody used them for as long as the tenant says, and not while somebody does', async () => {
    const { browser } = await signIn();
    const settings = (idle_session_lifetime: number) =>
      server.request('PATCH', '/tenants/settings', { body: { idle_session_lifetime } });
    const rest = (hours: number) =>
      sql`UPDATE oidc_payloads SET updated_at = updated_at - make_interval(hours => ${hours})
        WHERE model = 'Session'`.execute(server.database);
    await settings(2);
    for (const hours of [1, 1, 1]) {
      await rest(hours);
      expect(await isSignedIn(browser)).toBe(true);
    }
    await rest(3);
    expect(await isSignedIn(browser)).toBe(false);
    await settings(72);
  });
});

describe('refresh tokens', () => {
  it('are shown without themselves, and end by their id', async () => {
    const { userId, sessionId, refreshToken } = await signIn();
    const { body } = await server.request('GET', path(userId, 'refresh-tokens'));
    expect(body.tokens).toHaveLength(1);
    const [token] = body.tokens;
    expect(token).toMatchObject({
      user_id: userId,
      client_id: application.id,
      session_id: sessionId,
      rotating: false,
      expires_at: null,
      resource_servers: [{ audience: api, scopes: expect.stringContaining('read:things') }],
    });
    expect(JSON.stringify(body)).not.toContain(refreshToken);
    const noted = await server.request('PATCH', `/refresh-tokens/${token.id}`, {
      body: { refresh_token_metadata: { desk: 7 } },
    });
    expect(noted.body.refresh_token_metadata).toEqual({ desk: 7 });
    const listed = await server.request('GET', '/refresh-tokens', {
      query: { user_id: userId, client_id: application.id, fields: 'id' },
    });
    expect(listed.body).toEqual({ refresh_tokens: [{ id: token.id }] });
    const devices = await server.request('GET', '/device-credentials', { query: { user_id: userId } });
    expect(devices.body).toMatchObject([{ id: token.id, type: 'refresh_token', user_id: userId }]);
    expect((await server.request('DELETE', `/refresh-tokens/${token.id}`)).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(403);
    expect((await server.request('GET', `/refresh-tokens/${token.id}`)).status).toBe(404);
  });

  it('end by user, client and API', async () => {
    const one = await signIn();
    const revoke = (body: Record<string, unknown>) =>
      server.request('POST', '/refresh-tokens/revoke', { body });
    await revoke({ user_id: one.userId, audience: 'https://other.example.com/' });
    expect((await refresh(one.refreshToken)).status).toBe(200);
    expect((await revoke({ user_id: one.userId, client_id: application.id, audience: api })).status).toBe(
      202,
    );
    expect((await refresh(one.refreshToken)).status).toBe(403);
    expect((await revoke({ audience: api })).status).toBe(400);
    const two = await signIn();
    expect((await server.request('DELETE', path(two.userId, 'refresh-tokens'))).status).toBe(202);
    expect((await refresh(two.refreshToken)).status).toBe(403);
  });

  it('page by checkpoint', async () => {
    const { userId, browser } = await signIn();
    const email = (await server.request('GET', `/users/${encodeURIComponent(userId)}`)).body.email;
    await signInAt(browser, configuration, email, { scope: 'openid offline_access' });
    const first = await server.request('GET', path(userId, 'refresh-tokens'), { query: { take: 1 } });
    expect(first.body.tokens).toHaveLength(1);
    const rest = await server.request('GET', path(userId, 'refresh-tokens'), {
      query: { take: 1, from: first.body.next },
    });
    expect(rest.body.tokens).toHaveLength(1);
    expect(rest.body.next).toBeUndefined();
    expect(rest.body.tokens[0].id).not.toBe(first.body.tokens[0].id);
  });
});

describe('grants', () => {
  it('name what a user let an application do, and take its refresh tokens along', async () => {
    const { userId, refreshToken } = await signIn();
    const { body } = await server.request('GET', '/grants', {
      query: { user_id: userId, include_totals: true },
    });
    expect(body).toMatchObject({
      total: 1,
      grants: [
        {
          clientID: application.id,
          user_id: userId,
          audience: api,
          scope: expect.arrayContaining(['read:things']),
        },
      ],
    });
    expect((await server.request('DELETE', `/grants/${body.grants[0].id}`)).status).toBe(204);
    expect((await refresh(refreshToken)).status).toBe(403);
    expect((await server.request('DELETE', '/grants', { query: { user_id: userId } })).status).toBe(204);
  });
});

describe('expired records', () => {
  it('are swept after an hour of grace, and live ones stay', async () => {
    const { sessionId, userId } = await signIn();
    await sql`UPDATE oidc_payloads SET expires_at = now() - interval '2 hours' WHERE model = 'AuthorizationCode'`.execute(
      server.database,
    );
    await sql`UPDATE oidc_payloads SET expires_at = now() - interval '2 minutes' WHERE model = 'Interaction'`.execute(
      server.database,
    );
    expect(await sweepExpiredTokens(server.database)).toBeGreaterThan(0);
    expect(await sweepExpiredTokens(server.database)).toBe(0);
    expect((await server.request('GET', `/sessions/${sessionId}`)).body.user_id).toBe(userId);
  });
});

describe('nothing of a token', () => {
  it('stands readable in the database', async () => {
    const { refreshToken, browser } = await signIn();
    const { rows } = await sql<{
      text: string;
    }>`SELECT oidc_payloads::text AS text FROM oidc_payloads`.execute(server.database);
    const all = rows.map((row) => row.text).join('\n');
    expect(all).not.toContain(refreshToken);
    expect(all).not.toContain(browser.cookies().get('auth0'));
    expect(all.length).toBeGreaterThan(100);
  });
});
