import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertEnvelope } from './garbage/assert-decent.ts';
import { databaseName, type Scene, setScene } from './garbage/scene.ts';
import { jsonRequest, send, tokenMark } from './garbage/wire.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.server.close());

describe('directed garbage', () => {
  const path = '/api/v2/users';
  const user = { connection: databaseName, email: 'directed@example.com', password: 'Correct-horse-9' };

  it.each([
    [414, 'an address that is too long', `${path}?q=${'x'.repeat(20_000)}`, {}],
    [431, 'headers that are too long', path, { cookie: 'x'.repeat(20_000) }],
  ])('answers %d to %s, and says that the connection ends', async (status, _, target, headers) => {
    const answer = await send(scene, { method: 'GET', target, headers, payload: undefined });
    expect(answer.status).toBe(status);
    expect(answer.headers.connection).toBe('close');
    assertEnvelope(answer);
  });

  it('answers 413 to a body of 50 MB', async () => {
    const answer = await send(scene, jsonRequest('POST', path, Buffer.alloc(50 * 1024 * 1024, ' ')));
    expect(answer.status).toBe(413);
    assertEnvelope(answer);
  });

  it('answers 413 to a body of 50 MB that does not say its length', async () => {
    const request = jsonRequest('POST', path, Buffer.alloc(50 * 1024 * 1024, ' '));
    const answer = await send(scene, {
      ...request,
      headers: { ...request.headers, 'transfer-encoding': 'chunked' },
    });
    expect(answer.status).toBe(413);
    assertEnvelope(answer);
  });

  it.each([
    ['objects', '{"a":', '}'],
    ['arrays', '[', ']'],
  ])('answers 400 to %s nested 10,000 deep', async (_kind, open, close) => {
    const deep = `${open.repeat(10_000)}1${close.repeat(10_000)}`;
    const text = JSON.stringify({ ...user, user_metadata: { deep: '@' } }).replace('"@"', deep);
    const answer = await send(scene, jsonRequest('POST', path, Buffer.from(text)));
    expect(answer.status).toBe(400);
    assertEnvelope(answer);
    expect(answer.text).toContain('on property user_metadata.deep');
  });

  it.each(['a.b', '$a', '__proto__'])('answers 400 to the metadata key %s', async (key) => {
    const text = JSON.stringify({ ...user, user_metadata: '@' }).replace('"@"', `{${JSON.stringify(key)}:1}`);
    const answer = await send(scene, jsonRequest('POST', path, Buffer.from(text)));
    expect(answer.status).toBe(400);
    assertEnvelope(answer);
    expect(answer.text).toContain('user_metadata');
  });

  it('keeps metadata keys that only look dangerous', async () => {
    const user_metadata = {
      constructor: { prototype: 1 },
      toString: 'x',
      hasOwnProperty: null,
      '': 'empty',
      "'; DROP TABLE users; --": '\\u0000',
    };
    const answer = await send(scene, jsonRequest('POST', path, { ...user, user_metadata }));
    expect(answer.status, answer.text).toBe(201);
    const { hasOwnProperty: _null, ...rest } = user_metadata;
    expect(JSON.parse(answer.text).user_metadata).toMatchObject(rest);
  });

  it('answers 400 to %00 in every id and in a query', async () => {
    for (const operation of scene.server.app.managementApi.operations.filter(({ path: template }) =>
      template.includes('{'),
    )) {
      const target = `/api/v2${operation.path.replaceAll(/\{\w+\}/g, 'auth0%7Ca%00b')}`;
      const answer = await send(scene, {
        method: operation.method,
        target,
        headers: { authorization: `Bearer ${tokenMark}` },
        payload: undefined,
      });
      expect(answer.status, target).toBe(400);
      assertEnvelope(answer);
    }
    const answer = await send(scene, {
      method: 'GET',
      target: `${path}?sort=a%00:1`,
      headers: { authorization: `Bearer ${tokenMark}` },
      payload: undefined,
    });
    expect(answer.status).toBe(400);
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['broken JSON', Buffer.from('{"connection":')],
    ['an empty body', Buffer.alloc(0)],
    ['null', Buffer.from('null')],
    ['a lone surrogate', Buffer.from('{"connection":"\\ud800"}')],
    ['a NUL', Buffer.from('{"connection":"\\u0000"}')],
    ['a number beyond doubles', Buffer.from('{"connection":"x","user_metadata":{"n":1e400}}')],
  ])('answers 400 to %s', async (_name, payload) => {
    const answer = await send(scene, jsonRequest('POST', path, payload));
    expect(answer.status, answer.text).toBe(400);
    assertEnvelope(answer);
  });
});
