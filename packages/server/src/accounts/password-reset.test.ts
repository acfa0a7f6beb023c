import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  goodPassword,
  listEvents,
  newEmail,
  post,
} from '../../test/support/accounts-fixture.ts';
import { openBrowser } from '../../test/support/browser.ts';
import { receiveMail, receiveTicket } from '../../test/support/mail-client.ts';
import { createClient, createUser, database, type TestClient } from '../../test/support/sign-in-fixture.ts';
import { testSecretKey } from '../../test/support/test-config.ts';
import { startTestServer, type TestAnswer, type TestServer } from '../../test/support/test-server.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import {
  type AccountDependencies,
  completePasswordReset,
  createAccountLimits,
  verifyEmail,
} from './index.ts';

let server: TestServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_TRUST_PROXY: 'true' });
  client = await createClient(server);
});
afterAll(() => server.close());

const newPassword = 'Another-horse-10';
const sent = "We've just sent you an email to reset your password.";

function ask(body: Record<string, unknown>, headers: Record<string, string> = {}): Promise<TestAnswer> {
  return post(
    server,
    '/dbconnections/change_password',
    { client_id: client.id, connection: database, ...body },
    headers,
  );
}

function signIn(username: string, password: string, realm = database): Promise<TestAnswer> {
  return post(server, '/oauth/token', {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm,
    client_id: client.id,
    client_secret: client.secret,
    username,
    password,
    scope: 'openid offline_access',
  });
}

const visitor = { ip: '203.0.113.9', userAgent: 'test', language: undefined };
const ended: string[] = [];
const dependencies = (): AccountDependencies => ({
  database: server.database,
  config: server.config,
  secrets: createSecretBox(testSecretKey),
  publicUrl: server.config.publicUrl,
  listeners: [{ accessEnded: async (_transaction, { userId }) => void ended.push(userId) }],
  limits: createAccountLimits({ signUps: 0, passwordResets: 0 }),
});
const reset = (ticket: string, password = newPassword) =>
  completePasswordReset(dependencies(), ticket, password, visitor);

async function readUser(id: string): Promise<TestAnswer['body']> {
  return (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body;
}

describe('asking for a reset', () => {
  it('sends one link, and logs it', async () => {
    const email = newEmail();
    const userId = await createUser(server, email);
    const answer = await ask({ email: email.toUpperCase() }, { 'x-forwarded-for': '203.0.113.5' });
    expect([answer.status, answer.text]).toEqual([200, sent]);
    expect(answer.headers['content-type']).toContain('text/html');
    const mails = await receiveMail(server, email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('/u/reset-password?ticket=');
    expect(await listEvents(server, email)).toContainEqual({
      type: 'scpr',
      description: null,
      user_id: userId,
      client_id: client.id,
      ip: '203.0.113.5',
      details: { body: { connection: database, email: email.toUpperCase() } },
    });
  });

  it('answers the same for nobody, sends nothing and logs it', async () => {
    const email = newEmail();
    const answer = await ask({ email });
    expect([answer.status, answer.text]).toEqual([200, sent]);
    expect(await receiveMail(server, email)).toEqual([]);
    expect(await listEvents(server, email)).toMatchObject([
      { type: 'fcpr', description: 'The user does not exist.', user_id: null },
    ]);
  });

  it('takes as long for nobody', async () => {
    const email = newEmail();
    await createUser(server, email);
    const time = async (address: string) => {
      const start = performance.now();
      await ask({ email: address });
      return performance.now() - start;
    };
    for (const address of [email, newEmail()]) expect(await time(address)).toBeGreaterThanOrEqual(55);
  });

  it('takes a username where the connection has them', async () => {
    const connection = 'reset-by-name';
    await createDatabase(server, connection, client.id, { requires_username: true });
    const email = newEmail();
    await createUser(server, email, { connection, username: 'resetter' });
    for (const body of [{ username: 'Resetter' }, { email: 'resetter' }])
      expect((await ask({ connection, ...body })).text).toBe(sent);
    expect(await receiveMail(server, email)).toHaveLength(2);
  });

  it('takes forms, and works without a client', async () => {
    const email = newEmail();
    await createUser(server, email);
    const answer = await server.fetchRaw('POST', '/dbconnections/change_password', {
      payload: new URLSearchParams({ connection: database, email, tenant: 'old' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([answer.status, answer.text]).toEqual([200, sent]);
    expect(await receiveMail(server, email)).toHaveLength(1);
  });

  it('refuses what is incomplete or wrong', async () => {
    const refused = async (body: Record<string, unknown>) => {
      const answer = await ask(body);
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
      return answer.body.error_description;
    };
    const email = newEmail();
    expect(await refused({})).toContain('Missing required property: email');
    expect(await refused({ email, connection: undefined })).toContain(
      'Missing required property: connection',
    );
    expect(await refused({ email: 5 })).toContain('Expected type string');
    expect(await refused({ email, connection: 'nothing' })).toContain('no such database connection');
    expect(await refused({ email, client_id: 'nobody' })).toBe('The client does not exist.');
    expect(await refused({ email, password: 'Send-me-later-1' })).toContain('Send no password here');
    const other = await createClient(server, { name: 'Other' });
    await createDatabase(server, 'of-others', other.id);
    expect(await refused({ email, connection: 'of-others' })).toContain('no such database connection');
  });

  it('is never a 5xx', async () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\0', '\ud800', '__proto__', 'x'.repeat(5000), '+49170', 'a@b@c'),
    );
    const body = fc.dictionary(
      fc.constantFrom('email', 'username', 'organization', 'password', 'x'),
      anything,
    );
    await fc.assert(
      fc.asyncProperty(body, async (garbage) => {
        const answer = await ask(garbage);
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 60 },
    );
  });

  it('ends after ten for one account from one address', async () => {
    const email = newEmail();
    const from = { 'x-forwarded-for': '198.51.100.1' };
    const statuses: number[] = [];
    for (let turn = 0; turn < 11; turn++) statuses.push((await ask({ email }, from)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    const refused = await ask({ email: ` ${email.toUpperCase()}` }, from);
    expect([refused.status, refused.body.error]).toEqual([429, 'too_many_requests']);
    expect((await ask({ email: newEmail() }, from)).status).toBe(200);
    expect((await ask({ email }, { 'x-forwarded-for': '198.51.100.2' })).status).toBe(200);
  });
});

describe('choosing a new password', () => {
  it('works once, ends what the old one granted, and is logged', async () => {
    const email = newEmail();
    const userId = await createUser(server, email, { email_verified: false, verify_email: false });
    const { refresh_token: refreshToken } = (await signIn(email, goodPassword)).body;
    // The first sign-in sends a ticket too, for the address.
    expect(await receiveMail(server, email)).toHaveLength(1);
    await ask({ email });
    const ticket = await receiveTicket(server, email);
    expect(await reset(ticket)).toEqual({ ok: true, userId, resultUrl: undefined });
    expect((await signIn(email, goodPassword)).status).toBe(403);
    expect((await signIn(email, newPassword)).status).toBe(200);
    expect(ended).toContain(userId);
    expect(refreshToken).toEqual(expect.any(String));
    const user = await readUser(userId);
    expect(user.email_verified).toBe(false);
    expect(Date.parse(user.last_password_reset)).toBeGreaterThan(Date.now() - 60_000);
    expect(await reset(ticket, 'Third-horse-11')).toEqual({
      ok: false,
      reason: 'used',
      resultUrl: undefined,
    });
    const types = (await listEvents(server, email)).map(({ type }) => type);
    expect(types.filter((type) => ['scp', 'fcp'].includes(type))).toEqual(['scp', 'fcp']);
  });

  it('ends sessions and refresh tokens through the hosted page', async () => {
    const email = newEmail();
    await createUser(server, email);
    const { refresh_token: refreshToken } = (await signIn(email, goodPassword)).body;
    const refresh = () =>
      post(server, '/oauth/token', {
        grant_type: 'refresh_token',
        client_id: client.id,
        client_secret: client.secret,
        refresh_token: refreshToken,
      });
    expect((await refresh()).status).toBe(200);
    await ask({ email });
    const browser = openBrowser(server);
    const page = await browser.open(`/u/reset-password?ticket=${await receiveTicket(server, email)}`);
    expect(page.status).toBe(200);
    const weak = await browser.submit(page, { password: 'weak' });
    expect([weak.status, weak.text.includes('at least 8 characters')]).toEqual([400, true]);
    expect((await browser.submit(weak, { password: newPassword })).status).toBe(200);
    expect((await signIn(email, newPassword)).status).toBe(200);
    expect((await refresh()).status).toBe(403);
  });

  it('of 10 at once with one ticket lets one through', async () => {
    const email = newEmail();
    await createUser(server, email);
    await ask({ email });
    const ticket = await receiveTicket(server, email);
    const passwords = Array.from({ length: 10 }, (_, index) => `Race-horse-${index}`);
    const verdicts = await Promise.all(passwords.map((password) => reset(ticket, password)));
    expect(verdicts.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = passwords[verdicts.findIndex(({ ok }) => ok)] ?? '';
    expect((await signIn(email, winner)).status).toBe(200);
  });

  it('holds the password against the policy, and leaves the ticket good', async () => {
    const connection = 'with-history';
    await createDatabase(server, connection, client.id, {
      password_history: { enable: true, size: 2 },
      password_dictionary: { enable: true, dictionary: ['Muster-house-1'] },
      password_no_personal_info: { enable: true },
    });
    const email = `lovelace-${randomUUID()}@example.com`;
    await createUser(server, email, { connection, name: 'Lovelace' });
    await ask({ connection, email });
    const ticket = await receiveTicket(server, email);
    const refusal = async (password: string) => {
      const verdict = await reset(ticket, password);
      return verdict.ok || verdict.reason !== 'password' ? verdict : verdict.refusal.body['name'];
    };
    expect(await refusal('weak')).toBe('PasswordStrengthError');
    expect(await refusal('Muster-house-1')).toBe('PasswordDictionaryError');
    expect(await refusal('my-Lovelace-7')).toBe('PasswordNoUserInfoError');
    expect(await refusal(goodPassword)).toBe('PasswordHistoryError');
    expect(await refusal('x'.repeat(5000))).toBe('BadRequestError');
    expect((await reset(ticket)).ok).toBe(true);
    await ask({ connection, email });
    const next = await receiveTicket(server, email);
    const again = await reset(next, goodPassword);
    expect(again.ok).toBe(false);
    expect((await signIn(email, newPassword, connection)).status).toBe(200);
  });

  it('voids older links', async () => {
    const email = newEmail();
    await createUser(server, email);
    await ask({ email });
    const old = await receiveTicket(server, email);
    await ask({ email });
    const current = await receiveTicket(server, email);
    expect(await reset(old)).toMatchObject({ ok: false, reason: 'expired' });
    expect((await reset(current)).ok).toBe(true);
  });

  it('verifies the address where the ticket says so, and follows its result URL', async () => {
    const email = newEmail();
    const userId = await createUser(server, email, { email_verified: false, verify_email: false });
    const made = await server.request('POST', '/tickets/password-change', {
      body: {
        user_id: userId,
        mark_email_as_verified: true,
        result_url: 'https://app.example.com/done',
        includeEmailInRedirect: true,
      },
    });
    const [, ticket = ''] = /ticket=(\w+)/.exec(made.body.ticket) ?? [];
    const verdict = await reset(ticket);
    const url = new URL((verdict.ok && verdict.resultUrl) || '');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      email,
      success: 'true',
      message: 'You can now login to the application with the new password.',
    });
    expect((await readUser(userId)).email_verified).toBe(true);
  });

  it("does not lift an administrator's block", async () => {
    const email = newEmail();
    const userId = await createUser(server, email, { blocked: true });
    await ask({ email });
    expect((await reset(await receiveTicket(server, email))).ok).toBe(true);
    expect((await readUser(userId)).blocked).toBe(true);
  });

  it('needs a ticket', async () => {
    for (const ticket of ['', 'nothing', '\0', 'x'.repeat(5000)])
      expect(await reset(ticket)).toEqual({ ok: false, reason: 'unknown', resultUrl: undefined });
  });
});

describe('verifying an address', () => {
  const verify = (ticket: string) => verifyEmail(dependencies(), ticket, visitor);

  it('marks it, welcomes, and works once', async () => {
    const template = {
      template: 'welcome_email',
      body: '<p>Welcome {{ user.email }}</p>',
      from: 'no-reply@example.com',
      subject: 'Welcome',
      syntax: 'liquid',
      enabled: true,
    };
    expect((await server.request('POST', '/email-templates', { body: template })).status).toBe(200);
    const email = newEmail();
    const made = await post(server, '/dbconnections/signup', {
      client_id: client.id,
      connection: database,
      email,
      password: goodPassword,
    });
    const userId = `auth0|${made.body._id}`;
    const ticket = await receiveTicket(server, email);
    expect(await verify(ticket)).toEqual({ ok: true, userId, resultUrl: undefined });
    const user = await readUser(userId);
    expect(user.email_verified).toBe(true);
    const [welcome] = await receiveMail(server, email);
    expect(welcome?.text).toContain(`Welcome ${email}`);
    expect(await verify(ticket)).toMatchObject({ ok: false, reason: 'used' });
    const types = (await listEvents(server, email)).map(({ type }) => type);
    expect(types).toEqual(['ss', 'sv', 'fv']);
    const found = await server.request('GET', '/users', {
      query: { q: `email:"${email}" AND email_verified:true` },
    });
    expect(found.body).toHaveLength(1);
  });

  it('does not count for an address that the user has left', async () => {
    const email = newEmail();
    const userId = await createUser(server, email, { email_verified: false });
    const ticket = await receiveTicket(server, email);
    await server.request('PATCH', `/users/${encodeURIComponent(userId)}`, { body: { email: newEmail() } });
    expect(await verify(ticket)).toMatchObject({ ok: false, reason: 'expired' });
    expect((await readUser(userId)).email_verified).toBe(false);
  });

  it('works by the link of the mail', async () => {
    const email = newEmail();
    const userId = await createUser(server, email, { email_verified: false });
    const page = await openBrowser(server).open(
      `/u/email-verification?ticket=${await receiveTicket(server, email)}`,
    );
    expect([page.status, page.text.includes('Email verified')]).toEqual([200, true]);
    expect((await readUser(userId)).email_verified).toBe(true);
  });
});
