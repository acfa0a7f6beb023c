import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
const origin = 'https://app.example.com';

beforeAll(async () => {
  server = await startTestServer();
  const { status } = await server.request('POST', '/clients', {
    body: { name: 'Browser app', app_type: 'spa', allowed_origins: [origin] },
  });
  expect(status).toBe(201);
});
afterAll(() => server?.close());

const preflight = (from: string, path: string) =>
  server.fetchRaw('OPTIONS', path, {
    headers: {
      origin: from,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

describe('requests from browsers of other origins', () => {
  test('are prepared for at the Management API, from an origin that a client allows', async () => {
    const { status, headers, text } = await preflight(origin, '/api/v2/users/auth0%7C1');
    expect([status, text]).toEqual([204, '']);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(String(headers['access-control-allow-methods']).split(',')).toEqual([
      'GET',
      'POST',
      'PATCH',
      'PUT',
      'DELETE',
    ]);
    expect(headers['access-control-allow-headers']).toBe(
      'Authorization,Content-Type,Auth0-Client,If-Match,X-Request-Language',
    );
    expect(headers.vary).toContain('origin');
  });

  test('may read the answers, refusals included, and their limits', async () => {
    for (const token of [undefined, null]) {
      const { headers } = await server.request('GET', '/users', {
        headers: { origin },
        ...(token === null ? { token } : {}),
      });
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-expose-headers']).toMatch(/X-RateLimit-Limit.*ETag/);
    }
  });

  test.each([
    'https://evil.example.com',
    'null',
    'http://app.example.com',
    'https://app.example.com.evil.com',
    `${origin}/path`,
    'x'.repeat(5000),
  ])('get nothing from %.60s', async (from) => {
    const answers = [
      await preflight(from, '/api/v2/users'),
      await server.request('GET', '/users', { headers: { origin: from } }),
    ];
    for (const { headers } of answers) expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(answers.map((answer) => answer.status)).toEqual([204, 200]);
  });

  test('may ask for tokens and metadata from anywhere, without credentials', async () => {
    for (const path of [
      '/oauth/token',
      '/oauth/revoke',
      '/userinfo?x=1',
      '/.well-known/openid-configuration',
    ]) {
      const { status, headers } = await preflight('https://anywhere.example', path);
      expect(status).toBe(204);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-allow-credentials']).toBe('false');
    }
    const { headers } = await server.fetchRaw('GET', '/.well-known/openid-configuration', {
      headers: { origin: 'https://anywhere.example' },
    });
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  test('find no OPTIONS elsewhere', async () => {
    const { status, headers } = await preflight(origin, '/docs');
    expect(status).toBe(404);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('OPTIONS without an origin is answered and allows nothing', async () => {
    const { status, headers } = await server.fetchRaw('OPTIONS', '/api/v2/users');
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
