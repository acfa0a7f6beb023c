import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, listEvents, newEmail } from './support/accounts-fixture.ts';
import {
  type BruteForceFixture,
  defaultSettings,
  here,
  startBruteForceFixture,
  there,
} from './support/brute-force-fixture.ts';
import { receiveMail } from './support/mail-client.ts';
import { createUser, database, password, type TestClient } from './support/sign-in-fixture.ts';
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

describe('wrong passwords in a row', () => {
  it('are answered as such ten times; then the right one is refused too, from that address alone', async () => {
    const { email } = await addUser();
    const other = await addUser();
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
    const { email } = await addUser();
    for (let round = 0; round < 3; round++) {
      await guess(email, 9);
      expect((await attempt(email, password)).status).toBe(200);
    }
  });

  it('are counted and refused the same for people whom nobody knows', async () => {
    const { email } = await addUser();
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
    const realm = 'other';
    await createDatabase(server, realm, application.id);
    const { email } = await addUser();
    await createUser(server, email, { connection: realm });
    await guess(email, 10);
    expect((await attempt(email, password, { realm })).status).toBe(200);
  });

  it('do not count where the connection says so, or the address is on the allowlist', async () => {
    const realm = 'open';
    await createDatabase(server, realm, application.id, { brute_force_protection: false });
    const email = newEmail();
    await createUser(server, email, { connection: realm });
    for (let round = 0; round < 12; round++) await attempt(email, 'wrong', { realm });
    expect((await attempt(email, password, { realm })).status).toBe(200);

    const known = await addUser();
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
    const { id, email } = await addUser();
    await guess(email, 2, here);
    await guess(email, 2, there);
    expect((await attempt(email, password, { ip: '192.0.2.44' })).status).toBe(429);
    expect(await listBlocksOf(id)).toEqual([{ identifier: email, connection: database }]);
    await configure({ mode: 'count_per_identifier_and_ip' });
    expect(await listBlocksOf(id)).toEqual([]);
    expect((await attempt(email, password)).status).toBe(200);
  });

  it('block nothing while protection is off, and are only logged while it has no shield', async () => {
    const { email } = await addUser();
    await configure({ enabled: false, max_attempts: 2 });
    await guess(email, 4);
    expect((await attempt(email, password)).status).toBe(200);
    expect(await listEventTypes(email)).not.toContain('limit_wc');
    await configure({ enabled: true, shields: [] });
    await guess(email, 4);
    expect(await listBlocks(email)).toHaveLength(1);
    expect(await listBlocks(email, { consider_brute_force_enablement: true })).toEqual([]);
    expect((await attempt(email, password)).status).toBe(200);
    expect((await listEventTypes(email)).filter((type) => type === 'limit_wc')).toHaveLength(1);
    expect(await receiveMail(server, email)).toEqual([]);
  });

  it('are logged one by one, and the block once, with what was refused after it', async () => {
    await configure({ max_attempts: 2 });
    const { id, email } = await addUser();
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
          const limits = (await listEventTypes(email)).filter((type) => type === 'limit_wc').length;
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
    const { id, email } = await addUser();
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
    const { id, email } = await addUser();
    const addresses = Array.from({ length: 8 }, (_nothing, index) => `192.0.2.${index + 1}`);
    await Promise.all([...addresses, ...addresses].map((ip) => attempt(email, 'wrong', { ip })));
    const blocked = await listBlocksOf(id);
    expect(blocked.map(({ ip }) => ip).sort()).toEqual(addresses);
  });
});
