import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type BruteForceFixture,
  defaultSettings,
  settingsPath,
  startBruteForceFixture,
} from './support/brute-force-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let configure: BruteForceFixture['configure'];

beforeAll(async () => {
  ({ server, configure } = await startBruteForceFixture());
});
afterAll(() => server.close());
// Behind each test, so that the first one finds what a new tenant has.
afterEach(async () => {
  await configure(defaultSettings);
});

describe('the settings', () => {
  it('have the documented defaults, change in part, and are logged', async () => {
    expect((await server.request('GET', settingsPath)).body).toEqual(defaultSettings);
    expect(await configure({ max_attempts: 5 })).toEqual({ ...defaultSettings, max_attempts: 5 });
    const { body } = await server.request('GET', '/logs', { query: { per_page: 1 } });
    expect(body[0]).toMatchObject({
      type: 'sapi',
      details: { changes: { max_attempts: { before: 10, after: 5 } } },
    });
    expect(await configure({})).toEqual({ ...defaultSettings, max_attempts: 5 });
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
