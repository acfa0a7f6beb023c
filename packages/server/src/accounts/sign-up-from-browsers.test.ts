import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodPassword, newEmail, post } from '../../test/support/accounts-fixture.ts';
import { createClient, database } from '../../test/support/sign-in-fixture.ts';
import { type SignUpFixture, startSignUpFixture } from '../../test/support/sign-up-fixture.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
let signUp: SignUpFixture['signUp'];

beforeAll(async () => {
  ({ server, signUp } = await startSignUpFixture());
});
afterAll(() => server.close());

describe('from browsers', () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };

  it('works at the origins of the application that the body names, and no other one of the tenant', async () => {
    const own = await createClient(server, { allowed_origins: ['https://own.example.com'] });
    await createClient(server, { allowed_origins: ['https://other.example.com'] });
    const allowed = async (origin: string) => {
      const answer = await signUp({ email: newEmail(), client_id: own.id }, { origin });
      return answer.headers['access-control-allow-origin'];
    };
    // Origins are remembered for seconds.
    await expect
      .poll(() => allowed('https://own.example.com'), { timeout: 15_000 })
      .toBe('https://own.example.com');
    expect(await allowed('https://other.example.com')).toBeUndefined();
    expect(await allowed('https://evil.example.com')).toBeUndefined();
    const asked = await server.fetchRaw('OPTIONS', '/dbconnections/signup', {
      headers: { origin: 'https://own.example.com', ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe('https://own.example.com');
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('is refused too often from one address, loopback excepted', async () => {
    const limited = await startTestServer({ MUSTER_TRUST_PROXY: 'true', MUSTER_SIGNUP_LIMIT: '2' });
    try {
      const client = await createClient(limited);
      const from = (ip: string) =>
        post(
          limited,
          '/dbconnections/signup',
          { client_id: client.id, connection: database, email: newEmail(), password: goodPassword },
          { 'x-forwarded-for': ip },
        );
      const first = await from('2001:db8:1:2::1');
      expect([first.status, first.headers['x-ratelimit-remaining']]).toEqual([200, '1']);
      expect((await from('2001:db8:1:2:ffff::9')).status).toBe(200);
      const third = await from('2001:db8:1:2::2');
      expect([third.status, third.body.error]).toEqual([429, 'too_many_requests']);
      expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
      expect((await from('2001:db8:1:3::2')).status).toBe(200);
      for (let turn = 0; turn < 4; turn++) expect((await from('127.0.0.1')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
