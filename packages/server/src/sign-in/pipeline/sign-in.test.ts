import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/support/accounts-fixture.ts';
import { receiveMail } from '../../../test/support/mail-client.ts';
import { createClient, createUser, database, password } from '../../../test/support/sign-in-fixture.ts';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';
import { findUser, type User } from '../../users/index.ts';
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

const dependencies = () => ({
  database: server.database,
  secrets: createSecretBox(testSecretKey),
  publicUrl: server.config.publicUrl,
  hashCost: server.config.passwordHashCost,
});

const request = (change: Partial<SignInRequest> = {}): SignInRequest => ({
  kind: 'login',
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
    const signIn = createSignIn(dependencies());
    expect(await signIn(request({ connection: undefined }))).toMatchObject({ ok: true, user: { userId } });
    const stranger = await server.request('POST', '/clients', { body: { name: 'Stranger' } });
    const refused = await signIn(request({ clientId: stranger.body.client_id }));
    expect(refused).toMatchObject({ ok: false, refusal: { kind: 'unknown_connection' } });
  });

  it('does not tell unknown people from wrong passwords, but the log does', async () => {
    const signIn = createSignIn(dependencies());
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
    const signIn = createSignIn(dependencies());
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
    const signIn = createSignIn(dependencies(), {
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
    const denied = await createSignIn(dependencies(), { scripts: [deny] })(request());
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
    const allowed = await createSignIn(dependencies(), { scripts: [claim] })(request());
    expect(allowed).toMatchObject({ claims: { idToken: { 'https://acme.example/role': 'admin' } } });
  });
});

describe('a first sign-in', () => {
  const signInAs = (address: string) =>
    createSignIn(dependencies())(
      request({ evidence: { kind: 'password', identifier: address, password }, language: 'en' }),
    );
  const subjects = async (address: string) =>
    (await receiveMail(server, address)).flatMap(({ headers }) =>
      headers.filter((line) => line.startsWith('Subject:')),
    );

  it('asks for an address that nobody was asked to verify yet, once', async () => {
    await createUser(server, 'unverified@example.com', { email_verified: false, verify_email: false });
    await signInAs('unverified@example.com');
    await signInAs('unverified@example.com');
    expect(await subjects('unverified@example.com')).toEqual(['Subject: Confirm your e-mail address']);
    await createUser(server, 'asked@example.com', { email_verified: false, verify_email: true });
    await createUser(server, 'verified@example.com');
    await signInAs('asked@example.com');
    await signInAs('verified@example.com');
    expect(await subjects('asked@example.com')).toHaveLength(1);
    expect(await subjects('verified@example.com')).toEqual([]);
  });

  it('welcomes where addresses are not verified', async () => {
    const template = (name: string, enabled: boolean) =>
      server.request('POST', '/email-templates', {
        body: {
          template: name,
          body: '<p>Hello</p>',
          from: 'no-reply@example.com',
          subject: name,
          syntax: 'liquid',
          enabled,
        },
      });
    await template('verify_email', false);
    await template('welcome_email', true);
    await createUser(server, 'welcome@example.com', { email_verified: false, verify_email: false });
    await signInAs('welcome@example.com');
    await signInAs('welcome@example.com');
    expect(await subjects('welcome@example.com')).toEqual(['Subject: welcome_email']);
  });
});

describe('who is remembered', () => {
  it.each([
    ['session', 'oidc-basic-profile'],
    ['silent', 'oidc-basic-profile'],
    ['refresh', 'oauth2-refresh-token'],
  ] as const)('passes the same steps by %s, is not counted, and not let in once blocked', async (kind, protocol) => {
    const id = await createUser(server, `${kind}@example.com`);
    const load = async (): Promise<User> => {
      const user = await findUser(server.database, id);
      if (!user) throw new Error('the user is gone');
      return user;
    };
    const seen: string[] = [];
    const signIn = createSignIn(dependencies(), {
      scripts: [
        {
          name: 'note',
          run: async (_database, { request: { kind: came }, connection }) => {
            seen.push(`${came} ${connection?.name}`);
            return undefined;
          },
        },
      ],
      factors: [{ name: 'never', kinds: ['login'], run: () => Promise.reject(new Error('not for this')) }],
    });
    const enter = async () =>
      signIn(request({ kind, protocol, evidence: { kind: 'remembered', user: await load() } }));
    expect(await enter()).toMatchObject({ ok: true, user: { userId: id } });
    expect(seen).toEqual([`${kind} ${database}`]);
    expect((await load()).loginsCount).toBeUndefined();
    await server.request('PATCH', `/users/${id}`, { body: { blocked: true } });
    expect(await enter()).toMatchObject({ ok: false, refusal: { kind: 'blocked' } });
    expect(seen).toHaveLength(1);
  });
});

describe('what the connection says of a person', () => {
  it.each([
    ['on_each_login', 'Countess Lovelace'],
    ['on_first_login', 'Ada'],
    ['never_on_login', 'Ada'],
  ])('is kept as far as %s lets it', async (sync, name) => {
    const connection = `own-${sync.replaceAll('_', '-')}`;
    const options = {
      enabledDatabaseCustomization: true,
      customScripts: { login: 'function login(email, password, callback) {}' },
      set_user_root_attributes: sync,
    };
    // With its users elsewhere it takes none from the API, only while it imports them.
    const connectionId = await createDatabase(server, connection, clientId, {
      ...options,
      import_mode: true,
    });
    const id = await createUser(server, `${sync}@example.com`, { connection, name: 'Ada' });
    const changed = await server.request('PATCH', `/connections/${connectionId}`, { body: { options } });
    expect(changed.status).toBe(200);
    const profile = { name: 'Countess Lovelace', title: 'Countess' };
    const seen: unknown[] = [];
    const outcome = await createSignIn(dependencies(), {
      scripts: [{ name: 'see', run: async (_database, { user }) => void seen.push(user?.name) }],
    })(
      request({
        connection,
        evidence: {
          kind: 'vouched',
          userId: id,
          connectionId,
          profile: { name: 'Countess Lovelace', emailVerified: false, profile },
        },
      }),
    );
    expect(outcome).toMatchObject({ ok: true, user: { loginsCount: 1 } });
    expect(seen).toEqual([name]);
    const { body } = await server.request('GET', `/users/${id}`);
    expect(body).toMatchObject({ name, email_verified: false, logins_count: 1 });
    expect((await findUser(server.database, id))?.identities[0]?.profile).toEqual(profile);
    const found = await server.request('GET', '/users', {
      query: { q: `name:"${name}" AND user_id:"${id}"` },
    });
    expect(found.body).toHaveLength(1);
  });
});
