import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, createUser, database, password } from '../../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { SignInRequest } from './attempt.ts';
import { createSignIn } from './sign-in.ts';
import type { SignInStep } from './steps.ts';

let server: TestServer;
let clientId: string;
let userId: string;
const email = 'ada@example.com';

beforeAll(async () => {
  server = await startTestServer();
  clientId = (await createClient(server)).id;
  userId = await createUser(server, email);
});
afterAll(() => server.close());

const request = (change: Partial<SignInRequest> = {}): SignInRequest => ({
  protocol: 'oidc-basic-profile',
  clientId,
  clientName: 'Test application',
  connection: database,
  evidence: { kind: 'password', identifier: email, password },
  audience: undefined,
  scope: 'openid',
  ip: '203.0.113.7',
  userAgent: 'test',
  ...change,
});

async function newestEvent(): Promise<Record<string, unknown>> {
  const { body } = await server.request('GET', '/logs', { query: { per_page: 1 } });
  return body[0];
}

describe('signing in', () => {
  it('asks the client’s databases where no connection is named, and takes no other client’s', async () => {
    const signIn = createSignIn(server.database);
    expect(await signIn(request({ connection: undefined }))).toMatchObject({ ok: true, user: { userId } });
    const stranger = await server.request('POST', '/clients', { body: { name: 'Stranger' } });
    const refused = await signIn(request({ clientId: stranger.body.client_id }));
    expect(refused).toMatchObject({ ok: false, refusal: { kind: 'unknown_connection' } });
  });

  it('does not tell unknown people from wrong passwords, but the log does', async () => {
    const signIn = createSignIn(server.database);
    const wrong = await signIn(
      request({ evidence: { kind: 'password', identifier: email, password: 'wrong' } }),
    );
    expect(await newestEvent()).toMatchObject({ type: 'fp', user_id: userId, ip: '203.0.113.7' });
    const nobody = await signIn(
      request({ evidence: { kind: 'password', identifier: 'nobody@example.com', password } }),
    );
    expect(await newestEvent()).toMatchObject({ type: 'fu', user_name: 'nobody@example.com' });
    const told = (outcome: typeof wrong) => (outcome.ok ? undefined : outcome.refusal.description);
    expect(told(wrong)).toBe(told(nobody));
  });

  it('says that a user is blocked only to who knows the password', async () => {
    const blocked = await createUser(server, 'blocked@example.com', { blocked: true });
    const signIn = createSignIn(server.database);
    const attempt = (typed: string) =>
      signIn(request({ evidence: { kind: 'password', identifier: 'blocked@example.com', password: typed } }));
    expect(await attempt('wrong')).toMatchObject({ refusal: { kind: 'wrong_credentials' } });
    expect(await attempt(password)).toMatchObject({ refusal: { kind: 'blocked' } });
    expect(await newestEvent()).toMatchObject({
      type: 'f',
      description: 'user is blocked',
      user_id: blocked,
    });
    expect((await server.request('GET', `/users/${blocked}`)).body.logins_count).toBeUndefined();
  });

  it('runs the steps of other modules in their places, and records last', async () => {
    const order: string[] = [];
    const note = (name: string): SignInStep => ({
      name,
      run: async (_database, attempt) => {
        order.push(`${name}: ${attempt.user ? 'known' : 'unknown'}`);
        return undefined;
      },
    });
    const signIn = createSignIn(server.database, {
      protect: [note('protect')],
      inspect: [note('inspect')],
      scripts: [note('scripts')],
      factors: [note('factors')],
    });
    expect((await signIn(request())).ok).toBe(true);
    expect(order).toEqual(['protect: unknown', 'inspect: known', 'scripts: known', 'factors: known']);
  });

  it('counts nothing when a step denies, and hands over the claims of one that does not', async () => {
    const before = (await server.request('GET', `/users/${userId}`)).body.logins_count;
    const deny: SignInStep = {
      name: 'deny',
      run: async () => ({
        kind: 'denied',
        status: 403,
        error: 'access_denied',
        redirectError: 'access_denied',
        description: 'Not on Mondays.',
        logType: 'f',
      }),
    };
    const denied = await createSignIn(server.database, { scripts: [deny] })(request());
    expect(denied).toMatchObject({ ok: false, refusal: { description: 'Not on Mondays.' } });
    expect(await newestEvent()).toMatchObject({ type: 'f', description: 'Not on Mondays.' });
    expect((await server.request('GET', `/users/${userId}`)).body.logins_count).toBe(before);

    const claim: SignInStep = {
      name: 'claim',
      run: async (_database, attempt) => {
        attempt.claims = { idToken: { 'https://acme.example/role': 'admin' }, accessToken: {} };
        return undefined;
      },
    };
    const allowed = await createSignIn(server.database, { scripts: [claim] })(request());
    expect(allowed).toMatchObject({ claims: { idToken: { 'https://acme.example/role': 'admin' } } });
  });
});
