import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
const limit = 20;

beforeAll(async () => {
  server = await startTestServer({ MUSTER_RATE_LIMIT: String(limit) });
});
afterAll(() => server?.close());

const limitHeaders = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];

describe('the rate limit', () => {
  test('is told on answers', async () => {
    const { headers } = await server.request('GET', '/users');
    expect(Number(headers['x-ratelimit-limit'])).toBe(limit);
    expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(limit);
    expect(Math.abs(Number(headers['x-ratelimit-reset']) - Date.now() / 1000)).toBeLessThan(5);
  });

  test('is not told on 400, 401 and 404', async () => {
    const answers = [
      await server.request('GET', '/users', { query: { nonsense: 1 } }),
      await server.request('GET', '/users', { token: null }),
      await server.request('GET', '/users/auth0%7Cnobody'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([400, 401, 404]);
    for (const { headers } of answers)
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining([expect.stringMatching(/ratelimit/)]));
  });

  test('refuses a client that goes beyond it, and tells when to come back', async () => {
    await server.getToken();
    // Twice and a half as many as fit in a second, so that a second that ends meanwhile does not matter.
    const answers = await Promise.all(
      Array.from({ length: limit * 2.5 }, () => server.request('GET', '/stats/active-users')),
    );
    const refused = answers.find((answer) => answer.status === 429);
    expect(refused?.body).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Global limit has been reached',
      errorCode: 'too_many_requests',
    });
    for (const name of limitHeaders) expect(refused?.headers[name]).toBeDefined();
    expect(refused?.headers['x-ratelimit-remaining']).toBe('0');
    expect(refused?.headers['retry-after']).toBe('1');
    expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(limit - 3);
  });
});
