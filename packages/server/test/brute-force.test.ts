import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { purgeExpiredFailures } from '../src/protection/index.ts';
import { createDatabase, listEvents, post } from './support/accounts-fixture.ts';
import { openBrowser } from './support/browser.ts';
import { receiveMail, receiveTicket } from './support/mail-client.ts';
import {
  buildAuthorization,
  createClient,
  createUser,
  database,
  discover,
  password,
  type TestClient,
} from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let application: TestClient;
let people = 0;
const here = '203.0.113.7';
const there = '198.51.100.9';
const settingsPath = '/attack-protection/brute-force-protection';
const defaults = {
  enabled: true,
  shields: ['block', 'user_notification'],
  allowlist: [],
  mode: 'count_per_identifier_and_ip',
  max_attempts: 10,
};

beforeAll(async () => {
  server = await startTestServer();
  application = await createClient(server, {
    is_token_endpoint_ip_header_trusted: true,
    token_endpoint_auth_method: 'client_secret_post',
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  await configure(defaults);
});

async function configure(change: Readonly<Record<string, unknown>>): Promise<unknown> {
  const answer = await server.request('PATCH', settingsPath, { body: change });
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const newEmail = () => `guessed${++people}@example.com`;

async function newUser(): Promise<{ readonly id: string; readonly email: string }> {
  const email = newEmail();
  return { id: await createUser(server, email), email };
}

function attempt(
  username: string,
  typed: string,
  options: { readonly ip?: string; readonly realm?: string } = {},
): Promise<TestAnswer> {
  return post(
    server,
    '/oauth/token',
    {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: options.realm ?? database,
      username,
      password: typed,
      client_id: application.id,
      client_secret: application.secret,
    },
    { 'auth0-forwarded-for': options.ip ?? here },
  );
}

/** Wrong passwords one after the other. @returns their statuses */
async function guess(username: string, times: number, ip = here): Promise<number[]> {
  const statuses = [];
  for (let round = 0; round < times; round++)
    statuses.push((await attempt(username, `wrong ${round}`, { ip })).status);
  return statuses;
}

const listBlocks = async (identifier: string, query: Readonly<Record<string, boolean>> = {}) =>
  (await server.request('GET', '/user-blocks', { query: { identifier, ...query } })).body.blocked_for;
const listBlocksOf = async (id: string) =>
  (await server.request('GET', `/user-blocks/${encodeURIComponent(id)}`)).body.blocked_for;
const typesOf = async (email: string) => (await listEvents(server, email)).map(({ type }) => type);

describe('wrong passwords in a row', () => {
  it('are answered as such ten times; then the right one is refused too, from that address alone', async () => {
    const { email } = await newUser();
    const other = await newUser();
    expect(await guess(email, 10)).toEqual(Array.from({ length: 10 }, () => 403));
    const refused = await attempt(email, password);
    expect([refused.status, refused.body.error]).toEqual([429, 'too_many_attempts']);
    expect(refused.body.error_description).toMatch(
      /^Your account has been blocked after multiple consecutive login attempts\. /,
    );
    expect((await attempt(email.toUpperCase(), ` ${password}`)).status).toBe(429);
    expect((await attempt(email, password, { ip: there })).status).toBe(200);
    expect((await attempt(other.email, password)).status).toBe(200);
    expect(await listBlocks(email)).toEqual([{ identifier: email, ip: here, connection: database }]);
  });

  it('are forgotten after a right one', async () => {
    const { email } = await newUser();
    for (let round = 0; round < 3; round++) {
      await guess(email, 9);
      expect((await attempt(email, password)).status).toBe(200);
    }
  });

  it('are counted and refused the same for people whom nobody knows', async () => {
    const { email } = await newUser();
    const nobody = newEmail();
    const answers = async (username: string) => {
      await guess(username, 10);
      const { status, body, headers } = await attempt(username, password);
      return { status, body, headers: Object.keys(headers).sort() };
    };
    expect(await answers(nobody)).toEqual(await answers(email));
    expect(await listBlocks(nobody)).toHaveLength(1);
    expect(await receiveMail(server, nobody)).toEqual([]);
  });

  it('of one connection do not count for the same name in another', async () => {
    const realm = `other-${++people}`;
    await createDatabase(server, realm, application.id);
    const { email } = await newUser();
    await createUser(server, email, { connection: realm });
    await guess(email, 10);
    expect((await attempt(email, password, { realm })).status).toBe(200);
  });

  it('do not count where the connection says so, or the address is on the allowlist', async () => {
    const realm = `open-${++people}`;
    await createDatabase(server, realm, application.id, { brute_force_protection: false });
    const email = newEmail();
    await createUser(server, email, { connection: realm });
    for (let round = 0; round < 12; round++) await attempt(email, 'wrong', { realm });
    expect((await attempt(email, password, { realm })).status).toBe(200);

    const known = await newUser();
    await configure({ allowlist: ['192.0.2.1', '203.0.113.0/24', '2001:db8::/32'] });
    await guess(known.email, 12);
    await guess(known.email, 12, '2001:DB8:0:0::5');
    await guess(known.email, 12, '::ffff:203.0.113.9');
    expect((await attempt(known.email, password)).status).toBe(200);
    expect(await guess(known.email, 11, there)).toEqual([...Array.from({ length: 10 }, () => 403), 429]);
    expect(await listBlocks(known.email)).toEqual([
      { identifier: known.email, ip: there, connection: database },
    ]);
  });

  it('count together from all addresses where the mode says so', async () => {
    await configure({ mode: 'count_per_identifier', max_attempts: 4 });
    const { id, email } = await newUser();
    await guess(email, 2, here);
    await guess(email, 2, there);
    expect((await attempt(email, password, { ip: '192.0.2.44' })).status).toBe(429);
    expect(await listBlocksOf(id)).toEqual([{ identifier: email, connection: database }]);
    await configure({ mode: 'count_per_identifier_and_ip' });
    expect(await listBlocksOf(id)).toEqual([]);
    expect((await attempt(email, password)).status).toBe(200);
  });

  it('block nothing while protection is off, and are only logged while it has no shield', async () => {
    const { email } = await newUser();
    await configure({ enabled: false, max_attempts: 2 });
    await guess(email, 4);
    expect((await attempt(email, password)).status).toBe(200);
    expect(await typesOf(email)).not.toContain('limit_wc');
    await configure({ enabled: true, shields: [] });
    await guess(email, 4);
    expect(await listBlocks(email)).toHaveLength(1);
    expect(await listBlocks(email, { consider_brute_force_enablement: true })).toEqual([]);
    expect((await attempt(email, password)).status).toBe(200);
    expect((await typesOf(email)).filter((type) => type === 'limit_wc')).toHaveLength(1);
    expect(await receiveMail(server, email)).toEqual([]);
  });

  it('are logged one by one, and the block once, with what was refused after it', async () => {
    await configure({ max_attempts: 2 });
    const { id, email } = await newUser();
    await guess(email, 2);
    await attempt(email, password);
    await attempt(email, 'wrong');
    const events = await listEvents(server, email);
    expect(events.map(({ type }) => type)).toEqual(['sapi', 'fp', 'fp', 'limit_wc', 'f', 'f']);
    expect(events[3]).toMatchObject({ user_id: id, ip: here, client_id: application.id });
  });

  it('of a burst are counted one by one: not one guess more is told, and a right one among them is of no use', async () => {
    await configure({ max_attempts: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: 20 }),
        fc.nat({ max: 19 }),
        fc.boolean(),
        async (size, place, isKnown) => {
          const email = newEmail();
          if (isKnown) await createUser(server, email);
          const right = isKnown && place < size ? place : -1;
          const answers = await Promise.all(
            Array.from({ length: size }, (_nothing, index) =>
              attempt(email, index === right ? password : `wrong ${index}`),
            ),
          );
          const statuses = answers.map(({ status }) => status);
          const told = statuses.filter((status) => status === 403).length;
          const hasEntered = right >= 0 && statuses[right] === 200;
          expect(statuses.filter((status) => status !== 403 && status !== 429 && status !== 200)).toEqual([]);
          // A right password that comes before the third wrong one begins the count anew.
          expect(told).toBeLessThanOrEqual(hasEntered ? 5 : 3);
          expect(told).toBeGreaterThanOrEqual(Math.min(3, size - 1));
          const limits = (await typesOf(email)).filter((type) => type === 'limit_wc').length;
          const isBlocked = (await listBlocks(email)).length === 1;
          expect(limits).toBe(isBlocked ? 1 : 0);
          if (!hasEntered) expect(isBlocked).toBe(size - (right >= 0 ? 1 : 0) >= 3);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('come at once with all that ends a block, and nobody waits for ever or gets a failure', async () => {
    await configure({ max_attempts: 2 });
    const { id, email } = await newUser();
    const change = (body: unknown) => server.request('PATCH', `/users/${id}`, { body });
    const actions = [
      () => attempt(email, 'wrong'),
      () => attempt(email, 'wrong', { ip: there }),
      () => attempt(email, password),
      () => attempt(email, password, { ip: there }),
      () => change({ password }),
      () => change({ user_metadata: { at: Math.random() } }),
      () => server.request('DELETE', `/user-blocks/${id}`),
      () => server.request('DELETE', '/user-blocks', { query: { identifier: email } }),
      () => server.request('GET', `/user-blocks/${id}`),
    ];
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([...actions, ...actions].map((act) => act()));
      for (const { status, text } of answers) expect([200, 204, 403, 429], text).toContain(status);
    }
  });

  it('of many addresses at once each count for their own', async () => {
    await configure({ max_attempts: 2 });
    const { id, email } = await newUser();
    const addresses = Array.from({ length: 8 }, (_nothing, index) => `192.0.2.${index + 1}`);
    await Promise.all([...addresses, ...addresses].map((ip) => attempt(email, 'wrong', { ip })));
    const blocked: { ip: string }[] = await listBlocksOf(id);
    expect(blocked.map(({ ip }) => ip).sort()).toEqual(addresses);
  });
});

describe('a block', () => {
  async function blockedUser(ip = here): Promise<{ readonly id: string; readonly email: string }> {
    const user = await newUser();
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
    const support = await newUser();
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
    const known = await newUser();
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
  async function blockFrom(ip: string): Promise<{ readonly id: string; readonly email: string }> {
    await configure({ max_attempts: 2 });
    const user = await newUser();
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
    expect(await typesOf(email)).toContain('ublkdu');
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

describe('the settings', () => {
  it('have the documented defaults, change in part, and are logged', async () => {
    expect((await server.request('GET', settingsPath)).body).toEqual(defaults);
    expect(await configure({ max_attempts: 5 })).toEqual({ ...defaults, max_attempts: 5 });
    const { body } = await server.request('GET', '/logs', { query: { per_page: 1 } });
    expect(body[0]).toMatchObject({
      type: 'sapi',
      details: { changes: { max_attempts: { before: 10, after: 5 } } },
    });
    expect(await configure({})).toEqual({ ...defaults, max_attempts: 5 });
  });

  it.each([
    { max_attempts: 0 },
    { max_attempts: 101 },
    { max_attempts: 2.5 },
    { shields: ['admin_notification'] },
    { mode: 'count' },
    { unknown: true },
    { allowlist: ['example.com'] },
    { allowlist: ['256.1.1.1'] },
    { allowlist: ['10.0.0.0/33'] },
    { allowlist: ['10.0.0.0/8/8'] },
    { allowlist: ['::/129'] },
    { allowlist: ['1::2::3'] },
    { allowlist: ['fe80::1%eth0'] },
    { allowlist: [''] },
  ])('refuse %o', async (change) => {
    expect((await server.request('PATCH', settingsPath, { body: change })).status).toBe(400);
  });

  it.each([
    '10.0.0.5/8',
    '0.0.0.0/0',
    '::1',
    '::ffff:192.0.2.1',
    '2001:DB8::/32',
    '1::/0',
    '::192.0.2.1/128',
  ])('take the address %s', async (address) => {
    expect(await configure({ allowlist: [address] })).toMatchObject({ allowlist: [address] });
  });

  it('are for those whose token says so', async () => {
    const read = await server.request('GET', settingsPath, { scopes: ['read:users'] });
    expect(read.status).toBe(403);
    const write = { body: {}, scopes: ['read:attack_protection'] };
    expect((await server.request('PATCH', settingsPath, write)).status).toBe(403);
  });
});
