import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { testConfig, testManagementClient, testSecretKey } from '../../../test/support/test-config.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { type App, createApp } from '../../app.ts';
import { createSecretBox } from '../secrets/secret-box.ts';

let app: App;
let testDatabase: TestDatabase;
let output = '';

beforeAll(async () => {
  testDatabase = await createTestDatabase(inject('postgres'));
  const sink = new Writable({
    write(chunk, _encoding, done) {
      output += String(chunk);
      done();
    },
  });
  app = await createApp({
    config: testConfig({ MUSTER_BODY_LIMIT: '20000' }),
    database: testDatabase.database,
    searchDatabase: testDatabase.searchDatabase,
    secrets: createSecretBox(testSecretKey),
    logger: pino({ level: 'trace' }, sink),
  });
  await app.server.ready();
});
afterAll(async () => {
  await app.server.close();
  await testDatabase.drop();
});

async function fetchToken(): Promise<string> {
  const answer = await app.server.inject({
    method: 'POST',
    url: '/oauth/token',
    payload: {
      grant_type: 'client_credentials',
      client_id: testManagementClient.id,
      client_secret: testManagementClient.secret,
      audience: 'http://muster.test/api/v2/',
    },
  });
  return answer.json().access_token;
}

describe('every answer', () => {
  it('carries a request id, and headers against sniffing and caching', async () => {
    const answer = await app.server.inject({
      url: '/api/v2/users',
      headers: { authorization: `Bearer ${await fetchToken()}` },
    });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      vary: expect.stringContaining('origin'),
      'x-ratelimit-limit': expect.anything(),
    });
    expect(answer.headers['x-request-id']).toMatch(/^[\w-]{10,}$/);
  });

  it('is the common envelope for unknown paths and methods', async () => {
    for (const request of [
      { url: '/api/v2/nothing' },
      { url: '/nothing' },
      { method: 'PUT', url: '/api/v2/users' } as const,
    ]) {
      const answer = await app.server.inject(request);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
    }
  });

  it('to HEAD has the status of GET and no body', async () => {
    const answer = await app.server.inject({
      method: 'HEAD',
      url: '/api/v2/users',
      headers: { authorization: `Bearer ${await fetchToken()}` },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.payload).toBe('');
  });
});

describe('a body', () => {
  const post = async (payload: string | Buffer, contentType = 'application/json') => {
    const answer = await app.server.inject({
      method: 'POST',
      url: '/api/v2/users',
      headers: { authorization: `Bearer ${await fetchToken()}`, 'content-type': contentType },
      payload,
    });
    return { status: answer.statusCode, body: answer.json() };
  };

  it.each([
    ['{"connection":', /Invalid JSON/],
    ['{"connection":"a","user_metadata":{"__proto__":{"x":1}}}', /__proto__' on property user_metadata/],
    ['{"user_metadata":{"k":"a\\u0000b"}}', /NUL character' on property user_metadata\.k/],
    ['{"user_metadata":{"k":["\\ud800"]}}', /not well-formed Unicode' on property user_metadata\.k\[0\]/],
    ['{"user_metadata":{"k":1e999}}', /out of range' on property user_metadata\.k/],
    [`{"user_metadata":${'['.repeat(500)}${']'.repeat(500)}}`, /nested deeper than 100/],
    ['[]', /Expected type object but found type array/],
    ['', /Expected type object but found type null/],
  ])('%j is refused with 400 and its place', async (payload, message) => {
    const { status, body } = await post(payload);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      statusCode: 400,
      error: 'Bad Request',
      errorCode: 'invalid_body',
      message: expect.stringMatching(message),
    });
  });

  it('that is not UTF-8 is refused', async () => {
    expect(await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/not valid UTF-8/) },
    });
  });

  it('beyond the limit is refused with 413', async () => {
    expect(await post(`"${'x'.repeat(30_000)}"`)).toMatchObject({
      status: 413,
      body: { errorCode: 'payload_too_large' },
    });
  });

  it('of another type is refused with 415', async () => {
    expect(await post('<user/>', 'application/xml')).toMatchObject({ status: 415 });
  });
});

describe('the request log', () => {
  it('has a line with the request id, and neither tokens nor secrets nor queries', async () => {
    const token = await fetchToken();
    const answer = await app.server.inject({
      url: '/api/v2/users-by-email?email=private@example.com',
      headers: { authorization: `Bearer ${token}` },
    });
    const line = output.split('\n').find((text) => text.includes(String(answer.headers['x-request-id'])));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      method: 'GET',
      path: '/api/v2/users-by-email',
      status: 200,
      msg: 'request',
    });
    expect(output).not.toContain(token);
    expect(output).not.toContain(testManagementClient.secret);
    expect(output).not.toContain('private@example.com');
  });
});

describe('an IPv4 address', () => {
  it('is written as everybody writes it, also where the server listens on both families', async ({
    skip,
  }) => {
    const url = await app.server.listen({ host: '::', port: 0 }).catch((error: { code?: string }) => {
      if (error.code === 'EAFNOSUPPORT') skip('this machine has no IPv6');
      throw error;
    });
    const path = '/api/v2/connections/con_nobody1234567890';
    await fetch(`http://127.0.0.1:${new URL(url).port}${path}`);
    await expect.poll(() => output, { timeout: 5_000 }).toContain(path);
    const line = output.split('\n').find((text) => text.includes(path)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ path, ip: '127.0.0.1' });
  });
});
