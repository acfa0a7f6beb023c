import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { purgeExpiredFailures } from '../src/protection/index.ts';
import { newEmail, post } from './support/accounts-fixture.ts';
import { openBrowser } from './support/browser.ts';
import {
  type BruteForceFixture,
  defaultSettings,
  type GuessedUser,
  here,
  startBruteForceFixture,
  there,
} from './support/brute-force-fixture.ts';
import { receiveMail, receiveTicket } from './support/mail-client.ts';
import {
  buildAuthorization,
  database,
  discover,
  password,
  type TestClient,
} from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let configure: BruteForceFixture['configure'];
let addUser: BruteForceFixture['addUser'];
let attempt: BruteForceFixture['attempt'];
let guess: BruteForceFixture['guess'];
let listBlocks: BruteForceFixture['listBlocks'];
let listBlocksOf: BruteForceFixture['listBlocksOf'];
let listEventTypes: BruteForceFixture['listEventTypes'];

beforeAll(async () => {
  ({ server, application, configure, addUser, attempt, guess, listBlocks, listBlocksOf, listEventTypes } =
    await startBruteForceFixture());
});
afterAll(() => server.close());
beforeEach(async () => {
  await configure(defaultSettings);
});

describe('a block', () => {
  async function blockedUser(ip = here): Promise<GuessedUser> {
    const user = await addUser();
    await configure({ max_attempts: 2 });
    await guess(user.email, 2, ip);
    expect((await attempt(user.email, password, { ip })).status).toBe(429);
    return user;
  }
  const isOpen = async (email: string, typed = password, ip = here) =>
    (await attempt(email, typed, { ip })).status === 200;

  it('is lifted by identifier, and by user, without an end to what an administrator blocked', async () => {
    const { id, email } = await blockedUser();
    const lifted = await server.request('DELETE', '/user-blocks', {
      query: { identifier: email.toUpperCase() },
    });
    expect([lifted.status, lifted.text]).toEqual([204, '']);
    expect(await isOpen(email)).toBe(true);
    await guess(email, 2);
    await server.request('PATCH', `/users/${id}`, { body: { blocked: true } });
    expect((await server.request('DELETE', `/user-blocks/${id}`)).status).toBe(204);
    expect(await listBlocksOf(id)).toEqual([]);
    expect((await attempt(email, password)).body.error_description).toBe('user is blocked');
    await guess(email, 2);
    await server.request('PATCH', `/users/${id}`, { body: { blocked: false } });
    expect(await listBlocksOf(id)).toHaveLength(1);
    expect((await server.request('GET', `/users/${id}`)).body.blocked).toBe(false);
  });

  it('is lifted for one address where one is named', async () => {
    const { id, email } = await blockedUser();
    await guess(email, 2, there);
    expect(await listBlocksOf(id)).toHaveLength(2);
    const path = `/user-blocks/${encodeURIComponent(id)}`;
    expect((await server.request('DELETE', path, { query: { ip: there } })).status).toBe(204);
    expect(await listBlocksOf(id)).toEqual([{ identifier: email, ip: here, connection: database }]);
  });

  it('that somebody lifts is in the log of its user', async () => {
    const { id, email } = await blockedUser();
    await server.request('DELETE', '/user-blocks', { query: { identifier: email } });
    const { body } = await server.request('GET', `/users/${id}/logs`, { query: { per_page: 1 } });
    expect(body[0]).toMatchObject({ type: 'sapi', description: 'Unblock by identifier', user_id: id });
  });

  it('of somebody out of reach is not lifted', async () => {
    const { id, email } = await blockedUser();
    const support = await addUser();
    await server.request('PUT', `/administrators/${id}`, { body: { role: 'owner' } });
    await server.request('PUT', `/administrators/${support.id}`, { body: { role: 'support' } });
    const token = await signUserToken(server, {
      subject: support.id,
      clientId: 'muster-dashboard',
      scopes: ['read:users', 'update:users'],
    });
    for (const [path, query] of [
      ['/user-blocks', { identifier: email }],
      [`/user-blocks/${id}`, {}],
    ] as const)
      expect((await server.request('DELETE', path, { query, token })).status).toBe(403);
    expect(await listBlocksOf(id)).toHaveLength(1);
    await server.request('DELETE', `/administrators/${id}`);
  });

  it('is not there for users who are not', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await server.request(method, '/user-blocks/auth0%7Cnobody');
      expect([answer.status, answer.body.errorCode]).toEqual([404, 'inexistent_user']);
    }
    expect(await listBlocks('nobody at all')).toEqual([]);
    const unknown = { query: { identifier: 'nobody at all' } };
    expect((await server.request('DELETE', '/user-blocks', unknown)).status).toBe(204);
    expect((await server.request('GET', '/user-blocks')).status).toBe(400);
    expect((await server.request('GET', '/user-blocks', { ...unknown, scopes: ['read:logs'] })).status).toBe(
      403,
    );
  });

  it('ends with the password: by an administrator, and by the person', async () => {
    const { id, email } = await blockedUser();
    await server.request('PATCH', `/users/${id}`, { body: { password: 'Another-horse-7' } });
    expect(await isOpen(email, 'Another-horse-7')).toBe(true);
    await guess(email, 2);
    const made = await server.request('POST', '/tickets/password-change', { body: { user_id: id } });
    const browser = openBrowser(server);
    await browser.submit(await browser.open(made.body.ticket), { password: 'A-third-horse-8' });
    expect(await isOpen(email, 'A-third-horse-8')).toBe(true);
  });

  it('ends when the limit is raised above it', async () => {
    const { email } = await blockedUser();
    await configure({ max_attempts: 3 });
    expect(await listBlocks(email)).toEqual([]);
    expect(await guess(email, 2)).toEqual([403, 429]);
  });

  it('ends 30 days after the last wrong password, and is forgotten then', async () => {
    const { id, email } = await blockedUser();
    const age = (days: number) => sql`
      UPDATE login_failures SET last_failed_at = now() - make_interval(days => ${days}) WHERE identifier = ${email}`;
    await age(29).execute(server.database);
    await purgeExpiredFailures(server.database);
    expect(await isOpen(email)).toBe(false);
    await age(31).execute(server.database);
    expect(await listBlocksOf(id)).toEqual([]);
    expect((await guess(email, 1))[0]).toBe(403);
    expect(await isOpen(email)).toBe(true);
    await guess(email, 2);
    await age(31).execute(server.database);
    expect(await purgeExpiredFailures(server.database)).toBeGreaterThan(0);
    const { rows } = await sql`SELECT FROM login_failures WHERE identifier = ${email}`.execute(
      server.database,
    );
    expect(rows).toEqual([]);
  });

  it('of a name that was nobody’s ends when somebody signs up with it', async () => {
    await configure({ max_attempts: 2 });
    const email = newEmail();
    await guess(email, 2);
    expect((await attempt(email, password)).status).toBe(429);
    const made = await post(server, '/dbconnections/signup', {
      client_id: application.id,
      connection: database,
      email,
      password,
    });
    expect(made.status).toBe(200);
    expect(await isOpen(email)).toBe(true);
  });

  it('goes with its user', async () => {
    const { id, email } = await blockedUser();
    await server.request('DELETE', `/users/${id}`);
    const { rows } = await sql`SELECT FROM login_failures WHERE identifier = ${email}`.execute(
      server.database,
    );
    expect(rows).toEqual([]);
  });

  it('shows on the sign-in page, in the same words for everybody', async () => {
    await configure({ max_attempts: 1 });
    const known = await addUser();
    const configuration = await discover(server, application);
    for (const username of [known.email, newEmail()]) {
      const browser = openBrowser(server);
      const page = await browser.open((await buildAuthorization(configuration)).url.href);
      expect((await browser.submit(page, { username, password: 'wrong' })).status).toBe(400);
      const refused = await browser.submit(page, { username, password });
      expect(refused.status).toBe(429);
      expect(refused.text).toContain('Sign-in is blocked after too many wrong passwords.');
    }
  });
});

describe('the mail about a block', () => {
  async function blockFrom(ip: string): Promise<GuessedUser> {
    await configure({ max_attempts: 2 });
    const user = await addUser();
    await guess(user.email, 2, ip);
    return user;
  }

  it('says from where, and lifts the block once, after a question', async () => {
    const ip = '192.0.2.101';
    const { id, email } = await blockFrom(ip);
    const [mail] = await receiveMail(server, email);
    await guess(email, 2, '192.0.2.102');
    expect(mail?.headers).toContain('Subject: Sign-in to your account was blocked');
    expect(mail?.text).toContain(`from the address ${ip}. We stopped`);
    const [, ticket] = /ticket=(\w+)/.exec(mail?.text ?? '') ?? [];
    const browser = openBrowser(server);
    const page = await browser.open(`/u/unblock?ticket=${ticket}`);
    expect([page.status, page.text.includes(ip)]).toEqual([200, true]);
    expect((await attempt(email, password, { ip })).status).toBe(429);
    const done = await browser.submit(page);
    expect([done.status, done.text.includes('Sign-in unblocked')]).toEqual([200, true]);
    expect((await attempt(email, password, { ip })).status).toBe(200);
    expect(await listBlocksOf(id)).toEqual([{ identifier: email, ip: '192.0.2.102', connection: database }]);
    expect((await browser.submit(page)).text).toContain('has been unblocked with it already');
    expect((await browser.open(`/u/unblock?ticket=${ticket}`)).status).toBe(400);
    expect((await browser.open('/u/unblock?ticket=nothing')).status).toBe(400);
    expect(await listEventTypes(email)).toContain('ublkdu');
  });

  it('cannot be used by a form of another site', async () => {
    const { email } = await blockFrom('192.0.2.111');
    const ticket = await receiveTicket(server, email);
    const forged = await server.fetchRaw('POST', '/u/unblock', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `ticket=${ticket}`,
    });
    expect(forged.status).toBe(400);
    expect(await listBlocks(email)).toHaveLength(1);
  });

  it('goes on to where the template says, with what came of it', async () => {
    await server.request('PUT', '/email-templates/blocked_account', {
      body: {
        template: 'blocked_account',
        body: '{{ url }}',
        from: 'no-reply@example.com',
        subject: 'Blocked from {{ user.source_ip }}',
        syntax: 'liquid',
        enabled: true,
        resultUrl: 'https://app.example.com/unblocked',
      },
    });
    const { email } = await blockFrom('192.0.2.121');
    const ticket = await receiveTicket(server, email);
    const browser = openBrowser(server);
    const done = await browser.submit(await browser.open(`/u/unblock?ticket=${ticket}`));
    const url = new URL(done.location ?? '');
    expect(url.origin + url.pathname).toBe('https://app.example.com/unblocked');
    expect(url.searchParams.get('success')).toBe('true');
    const again = await browser.open(`/u/unblock?ticket=${ticket}`);
    expect(new URL(again.location ?? '').searchParams.get('success')).toBe('false');
    await server.request('PATCH', '/email-templates/blocked_account', { body: { resultUrl: null } });
  });

  it('is one an hour from an address, and none where it is not wanted', async () => {
    const first = await blockFrom('192.0.2.131');
    const second = await blockFrom('192.0.2.131');
    expect(await receiveMail(server, first.email)).toHaveLength(1);
    expect(await receiveMail(server, second.email)).toHaveLength(0);
    await configure({ shields: ['block'] });
    const third = await blockFrom('192.0.2.132');
    expect((await attempt(third.email, password, { ip: '192.0.2.132' })).status).toBe(429);
    expect(await receiveMail(server, third.email)).toHaveLength(0);
  });
});
