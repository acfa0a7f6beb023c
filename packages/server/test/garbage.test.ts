import { type IncomingHttpHeaders, request as openRequest } from 'node:http';
import type { Operation } from '@muster/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from './support/test-config.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/*
 * Throws what nobody should send at every route, through a socket. Whatever comes, the answer is a refusal in the
 * documented form or a success; never a 5xx, never a hang.
 */

type Json = Record<string, unknown>;

interface Wire {
  readonly method: string;
  /** As it goes over the wire; characters are bytes. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Target {
  readonly method: string;
  readonly path: string;
  readonly operation?: Operation;
}

const databaseName = 'Username-Password-Authentication';
const plainTargets: readonly Target[] = [
  ...['GET', 'POST', 'PUT', 'DELETE'].map((method) => ({ method, path: '/oauth/token' })),
  ...[
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/.well-known/jwks.json',
  ].map((path) => ({ method: 'GET', path })),
  ...[
    '/openapi.json',
    '/docs',
    '/docs/',
    '/docs/reference.js',
    '/docs/assets/swagger-ui.css',
    '/docs/assets/{asset}',
  ].map((path) => ({ method: 'GET', path })),
  ...[
    '/healthz',
    '/readyz',
    '/metrics',
    '/avatars/ab.png',
    '/avatars/{letters}.png',
    '/',
    '/api/v2',
    '/api/v2/',
    '/api/v2/{unknown}',
  ].map((path) => ({ method: 'GET', path })),
  { method: 'GET', path: '/{unknown}/{unknown}' },
  { method: 'POST', path: '/oauth/token' },
  { method: 'POST', path: '/oauth/token' },
];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
/** Stands for the test's token, which would drown every message. */
const tokenMark = '{token}';
const fixedSeed = 20_260_101;
const batchSize = 4;
/** For a longer search: GARBAGE_BATCHES=5000. */
const batches = Number(process.env['GARBAGE_BATCHES'] ?? 375);

let server: TestServer;
let port: number;
let token: string;
const known = new Map<string, string[]>();

beforeAll(async () => {
  server = await startTestServer();
  token = await server.getToken();
  await seedRecords();
  await server.app.server.listen({ port: 0, host: '127.0.0.1' });
  const address = server.app.server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens nowhere');
  port = address.port;
});
afterAll(() => server.close());

describe('garbage at every route', () => {
  for (const [name, seed] of [
    ['a fixed seed', fixedSeed],
    ['a fresh seed', Date.now() % 2 ** 31],
  ] as const) {
    it(`never fails the server, with ${name}`, { timeout: 1_200_000 }, async () => {
      const operations = server.app.managementApi.operations;
      const targets: Target[] = [
        ...operations.map((operation) => ({
          method: operation.method,
          path: `/api/v2${operation.path}`,
          operation,
        })),
        ...plainTargets,
      ];
      const seen = { requests: 0, statuses: new Map<number, number>(), routes: new Set<number>() };
      const check = async (batch: readonly { route: number; wire: Wire }[]) => {
        const answers = await Promise.all(batch.map(({ wire }) => send(wire)));
        answers.forEach((answer, index) => {
          const item = batch[index];
          if (!item) return;
          seen.requests += 1;
          seen.routes.add(item.route);
          seen.statuses.set(answer.status, (seen.statuses.get(answer.status) ?? 0) + 1);
          assertDecent(item.wire, answer);
        });
      };
      const request = fc.oneof(
        ...targets.map((target, route) => wireFor(target).map((wire) => ({ route, wire }))),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: batchSize, maxLength: batchSize }), check),
        { seed, numRuns: batches },
      );
      expect(seen.requests).toBe(batches * batchSize);
      expect(seen.routes.size).toBe(targets.length);
      const statuses = [...seen.statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${status}: ${count}`);
      process.stdout.write(
        `\n${seen.requests} requests at ${targets.length} routes, seed ${seed}: ${statuses.join(', ')}\n`,
      );
      // Garbage that is all stopped at the door would prove little.
      expect((seen.statuses.get(200) ?? 0) + (seen.statuses.get(201) ?? 0)).toBeGreaterThan(50);
      expect(seen.statuses.get(400) ?? 0).toBeGreaterThan(100);
      const health = await send({ method: 'GET', target: '/healthz', headers: {}, payload: undefined });
      expect(health.status).toBe(200);
    });
  }

  it('names the property when one of a valid body has a wrong type', async () => {
    const operations = server.app.managementApi.operations.filter(
      ({ body, bodyType, scopes }) =>
        body &&
        !bodyType &&
        toObject(body)['type'] === 'object' &&
        // What only users may ask is refused to this caller before its body is read.
        scopes.some((scope) => !scope.includes('current_user')),
    );
    expect(operations.length).toBeGreaterThan(8);
    for (const operation of operations) {
      for (const [name, schema] of Object.entries(toObject(toObject(operation.body)['properties']))) {
        if (acceptsAnything(schema)) continue;
        const wrong = typesOf(schema).has('string') ? { odd: [1] } : 'odd text';
        const valid = Object.fromEntries(
          requiredOf(operation.body).map((key) => [
            key,
            plainValueFor(key, toObject(toObject(operation.body)['properties'])[key]),
          ]),
        );
        const answer = await send(
          jsonRequest(operation.method, pathWithKnownIds(operation), { ...valid, [name]: wrong }),
        );
        expect(answer.status, `${operation.id} ${name} ${answer.text}`).toBe(400);
        expect(JSON.parse(answer.text).message, `${operation.id} ${name}`).toContain(`on property ${name}`);
      }
    }
  });
});

describe('directed garbage', () => {
  const path = '/api/v2/users';
  const user = { connection: databaseName, email: 'directed@example.com', password: 'Correct-horse-9' };

  it.each([
    [414, 'an address that is too long', `${path}?q=${'x'.repeat(20_000)}`, {}],
    [431, 'headers that are too long', path, { cookie: 'x'.repeat(20_000) }],
  ])('answers %d to %s, and says that the connection ends', async (status, _, target, headers) => {
    const answer = await send({ method: 'GET', target, headers, payload: undefined });
    expect(answer.status).toBe(status);
    expect(answer.headers.connection).toBe('close');
    assertEnvelope(answer);
  });

  it('answers 413 to a body of 50 MB', async () => {
    const answer = await send(jsonRequest('POST', path, Buffer.alloc(50 * 1024 * 1024, ' ')));
    expect(answer.status).toBe(413);
    assertEnvelope(answer);
  });

  it('answers 413 to a body of 50 MB that does not say its length', async () => {
    const request = jsonRequest('POST', path, Buffer.alloc(50 * 1024 * 1024, ' '));
    const answer = await send({
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
    const answer = await send(jsonRequest('POST', path, Buffer.from(text)));
    expect(answer.status).toBe(400);
    assertEnvelope(answer);
    expect(answer.text).toContain('on property user_metadata.deep');
  });

  it.each(['a.b', '$a', '__proto__'])('answers 400 to the metadata key %s', async (key) => {
    const text = JSON.stringify({ ...user, user_metadata: '@' }).replace('"@"', `{${JSON.stringify(key)}:1}`);
    const answer = await send(jsonRequest('POST', path, Buffer.from(text)));
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
    const answer = await send(jsonRequest('POST', path, { ...user, user_metadata }));
    expect(answer.status, answer.text).toBe(201);
    const { hasOwnProperty: _null, ...rest } = user_metadata;
    expect(JSON.parse(answer.text).user_metadata).toMatchObject(rest);
  });

  it('answers 400 to %00 in every id and in a query', async () => {
    for (const operation of server.app.managementApi.operations.filter(({ path: template }) =>
      template.includes('{'),
    )) {
      const target = `/api/v2${operation.path.replaceAll(/\{\w+\}/g, 'auth0%7Ca%00b')}`;
      const answer = await send({
        method: operation.method,
        target,
        headers: { authorization: `Bearer ${tokenMark}` },
        payload: undefined,
      });
      expect(answer.status, target).toBe(400);
      assertEnvelope(answer);
    }
    const answer = await send({
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
    const answer = await send(jsonRequest('POST', path, payload));
    expect(answer.status, answer.text).toBe(400);
    assertEnvelope(answer);
  });
});

/** Records that garbage may hit, change and delete. The caller's own client and grant are not among them. */
async function seedRecords(): Promise<void> {
  const make = async (kind: string, key: string, path: string, body: Json, status = 201): Promise<Json> => {
    const answer = await server.request('POST', path, { body });
    if (answer.status !== status) throw new Error(answer.text);
    known.set(kind, [...(known.get(kind) ?? []), String(answer.body[key])]);
    return answer.body;
  };
  for (let index = 0; index < 12; index += 1) {
    await make('users', 'user_id', '/users', {
      connection: databaseName,
      email: `seed${index}@example.com`,
      password: 'Correct-horse-9',
    });
    await make('connections', 'id', '/connections', {
      name: `seed-${index}`,
      strategy: 'auth0',
      enabled_clients: [testManagementClient.id],
    });
    const client = await make('clients', 'client_id', '/clients', { name: `seed ${index}` });
    const api = await make('resource-servers', 'id', '/resource-servers', {
      identifier: `https://seed${index}.example.com/`,
      scopes: [{ value: 'read:it' }],
    });
    await make('client-grants', 'id', '/client-grants', {
      client_id: client['client_id'],
      audience: api['identifier'],
      scope: ['read:it'],
    });
    await make('roles', 'id', '/roles', { name: `seed ${index}` }, 200);
  }
  const logs = await server.request('GET', '/logs', { query: { per_page: 5 } });
  known.set(
    'logs',
    logs.body.map((log: { log_id: string }) => log.log_id),
  );
  const keys = await server.request('GET', '/keys/signing');
  // Not the current key's id: revoking what signed the test's token would turn the rest into 401s.
  known.set(
    'keys',
    keys.body.filter((key: { current?: boolean }) => !key.current).map((key: { kid: string }) => key.kid),
  );
}

function send(wire: Wire): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...wire.headers };
    if (headers['authorization'])
      headers['authorization'] = headers['authorization'].replace(tokenMark, token);
    // Node's client would send the body of a DELETE without its length: a second, broken request.
    if (wire.payload && !headers['transfer-encoding'])
      headers['content-length'] = String(wire.payload.length);
    const request = openRequest({
      host: '127.0.0.1',
      port,
      method: wire.method,
      path: wire.target,
      headers,
      timeout: 20_000,
    });
    let answered = false;
    request.on('timeout', () => request.destroy(new Error(`no answer to ${describeWire(wire)}`)));
    request.on('error', (error) => {
      // A server that refuses a large body early closes the connection while we still write.
      if (!answered) reject(new Error(`${error.message} after ${describeWire(wire)}`, { cause: error }));
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.end(wire.payload);
  });
}

function assertDecent(wire: Wire, answer: Answer): void {
  const asked = `${describeWire(wire)}\nanswered ${answer.status} ${answer.text.slice(0, 1000)}`;
  expect(answer.status, asked).toBeLessThan(500);
  expect(answer.status, asked).toBeGreaterThanOrEqual(200);
  if (wire.method === 'HEAD') return;
  if (/json/.test(String(answer.headers['content-type'])) && answer.text !== '')
    expect(() => JSON.parse(answer.text), asked).not.toThrow();
  if (answer.status < 400 || !wire.target.startsWith('/api/v2/')) return;
  assertEnvelope(answer, asked);
  const { errorCode, message } = JSON.parse(answer.text);
  // Rules beyond the schema, of unknown clients or scopes for one, say it in words of their own.
  if (errorCode === 'invalid_body' && /^Payload validation error/.test(message))
    expect(message, asked).toMatch(bodyRefusals);
}

/** A refused body says where; only what is wrong with the body as a whole has no property. */
const bodyRefusals = new RegExp(
  [
    / on property /,
    /Missing required property: /,
    /Invalid multipart payload format/,
    /Additional properties not allowed: /,
    /Reserved property names are not allowed: /,
    /Too few properties defined \(0\)/,
    /Invalid JSON: /,
    /not valid UTF-8/,
    /Expected type (object|array) but found type \w+'\.$/,
    /^Payload validation error: '(Array is too (short|long)|Array items)/,
    /nested deeper/,
    /Property name (contains|is not)/,
    // The body is one number or one text.
    /'(Number is out of range|String contains a NUL character|String is not well-formed Unicode)'\.$/,
    /the limit is /,
  ]
    .map(({ source }) => source)
    .join('|'),
);

function assertEnvelope(answer: Answer, asked = answer.text): void {
  expect(String(answer.headers['content-type']), asked).toContain('application/json');
  const body: unknown = JSON.parse(answer.text);
  expect(body, asked).toMatchObject({
    statusCode: answer.status,
    error: expect.any(String),
    message: expect.stringMatching(/./s),
  });
}

function describeWire(wire: Wire): string {
  return `${wire.method} ${wire.target.slice(0, 600)} ${JSON.stringify(wire.headers).slice(0, 400)} ${wire.payload?.toString('latin1').slice(0, 1000) ?? 'without a body'}`;
}

function jsonRequest(method: string, target: string, body: unknown): Wire {
  return {
    method,
    target,
    headers: { authorization: `Bearer ${tokenMark}`, 'content-type': 'application/json' },
    payload: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

const nastyTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-1',
  '0',
  '9999999999999999999999',
  '1e400',
  'true',
  "' OR 1=1 --",
  '%',
  '%s',
  '\\',
  '"',
  "a'b",
  '../../etc/passwd',
  '..',
  '/',
  '\r\nSet-Cookie: a=b',
  '<script>',
  '𝕏😀',
  'İ',
  'ß',
  '\u202e',
  '\ufeff',
  'e\u0301',
  'auth0|',
  '|',
  'auth0|x',
  'a:b',
  'date:1',
  'created_at:1',
  'user_metadata.a:-1',
  '99999999',
  '20260230',
  'x'.repeat(300),
  'é'.repeat(5000),
  ',,,',
  '*',
  '[object Object]',
];
/** Texts between `@@` become raw JSON once serialized: what `JSON.stringify` would never write. */
const nastyLeaves: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '@@1e400@@',
  '@@-1e400@@',
  '@@123456789012345678901234567890@@',
  '@@0.1e-500@@',
  [],
  {},
  [[]],
  [null],
  { a: null },
  '@@{"__proto__":{"polluted":true}}@@',
  '@@{"constructor":{"prototype":{"polluted":true}}}@@',
  `@@${'['.repeat(150)}${']'.repeat(150)}@@`,
  '@@{"a":1,"a":2}@@',
  { $ref: '#' },
  { 'a.b': 1 },
  { $set: { a: 1 } },
  { length: -1 },
  { toString: null },
  { valueOf: 1, toJSON: 'x' },
  ...nastyTexts,
];
const nastyText = fc.oneof(
  fc.constantFrom(...nastyTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 20 }),
);
const nastyLeaf = fc.oneof(fc.constantFrom(...nastyLeaves), fc.jsonValue({ maxDepth: 3 }), nastyText);
const rarely = <T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight, arbitrary: unusual });

function wireFor(target: Target): fc.Arbitrary<Wire> {
  const method = rarely(fc.constant(target.method), fc.constantFrom(...methods));
  return fc
    .record({
      method,
      path: pathFor(target),
      search: searchFor(target),
      authorization: authorization(),
      body: payloadFor(target),
    })
    .map(({ method: chosen, path, search, authorization: header, body }) => ({
      method: chosen,
      target: toBytes(path + search),
      headers: {
        ...(header === undefined ? {} : { authorization: header }),
        ...(chosen === 'HEAD' && body.payload === undefined ? {} : body.headers),
      },
      payload: body.payload,
    }));
}

function pathFor(target: Target): fc.Arbitrary<string> {
  const parts = target.path.split(/(\{\w+\})/);
  return fc
    .tuple(...parts.map((part) => (part.startsWith('{') ? segmentFor(target) : fc.constant(part))))
    .map((segments) => segments.join(''));
}

function segmentFor(target: Target): fc.Arbitrary<string> {
  const kind = target.path.split('/')[3] ?? '';
  const records = known.get(kind) ?? ['x'];
  const existing = fc.constantFrom(...records).map(encodeURIComponent);
  const raw = fc.constantFrom(
    '',
    '%',
    '%zz',
    '%2F',
    '%2f..%2F',
    '%00',
    'auth0%7C%00',
    '..',
    '.',
    '../..',
    '%2e%2e',
    'a/b/c',
    '%5C',
    '%C0%AF',
    '%FF',
    '%ED%A0%80',
    'ü😀',
    '%F0%9F%98%80',
    ':id',
    '*',
    '{id}',
    'a|b',
    'auth0|x',
    'auth0%7C',
    'x'.repeat(1999),
    'auth0%7C'.concat('y'.repeat(700)),
    '%20',
    '+',
    ';a=b',
    'null',
    'undefined',
    '__proto__',
    'constructor',
    '0',
    '-1',
    '9'.repeat(56),
    '9'.repeat(300),
    'http:%2F%2Fx%2F',
    'a%0d%0ab',
  );
  const generated = nastyText.map((text) => encodeURIComponent(text.toWellFormed()));
  return fc.oneof(
    { weight: 5, arbitrary: existing },
    { weight: 3, arbitrary: raw },
    { weight: 2, arbitrary: generated },
  );
}

function searchFor(target: Target): fc.Arbitrary<string> {
  const schema = toObject(target.operation?.query);
  const names = [
    ...Object.keys(toObject(schema['properties'])),
    'q',
    'unknown',
    '__proto__',
    'page[]',
    'fields[0]',
    'constructor',
    '',
  ];
  const absurd = fc.constantFrom(
    '-1',
    '0',
    '1',
    '10000000',
    '99999999999999999999',
    '1e3',
    '1.5',
    'NaN',
    'Infinity',
    '0x10',
    ' 5',
    'true',
    'false',
    '%',
    '%zz',
    '%E0%A4',
    '%00',
    '%F0%9F%98%80',
    'x'.repeat(3000),
    'a,b,,c',
    'user_id',
    'auth0',
    '20260101',
    '',
  );
  const value = fc.oneof(
    absurd,
    nastyText.map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const pair = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}=${text}`);
  const plausible = fc
    .subarray(requiredOf(schema))
    .map((required) => required.map((name) => `${name}=seed1%40example.com`));
  return fc
    .tuple(
      plausible,
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.array(pair, { maxLength: 4 }) },
      ),
      fc.constantFrom('?', '?', '?', '??', '?&', '?=&'),
    )
    .map(([required, pairs, start]) =>
      required.length + pairs.length > 0 ? start + [...required, ...pairs].join('&') : '',
    );
}

function authorization(): fc.Arbitrary<string | undefined> {
  const garbage = fc.constantFrom(
    '',
    'Bearer',
    'Bearer ',
    'bearer x',
    'Basic',
    'Basic !!!',
    'Basic OmFiYw==',
    'Basic AAAA',
    'Bearer a.b.c',
    'Bearer ..',
    `Bearer ${'x'.repeat(8000)}`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA',
    'Digest x=y',
    'Bearer \xff\xfe',
    'Bearer a b c',
    'Bearer bnVsbA.bnVsbA.bnVsbA',
  );
  const mutated = fc
    .nat({ max: token.length - 1 })
    .map((at) => `Bearer ${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`);
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(`Bearer ${tokenMark}`) },
    { weight: 1, arbitrary: garbage },
    { weight: 1, arbitrary: mutated },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

interface Payload {
  readonly payload: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function payloadFor(target: Target): fc.Arbitrary<Payload> {
  const body = bodyFor(target);
  const asJson = body.chain((value) => mutate(value)).map((value) => Buffer.from(serialize(value)));
  const unchanged = body.map((value) => Buffer.from(serialize(value)));
  const broken = fc
    .tuple(asJson, fc.nat(), fc.constantFrom(0, 0x22, 0x7b, 0x80, 0xff, 0xc0))
    .map(([bytes, at, byte]) => {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
  const truncated = fc
    .tuple(asJson, fc.nat())
    .map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)));
  const form = body.chain((value) => mutate(value)).map((value) => Buffer.from(toForm(value)));
  const typed = (bytes: fc.Arbitrary<Buffer>, ...types: string[]) =>
    fc
      .tuple(bytes, fc.constantFrom(...types))
      .map(([payload, type]) => ({ payload, headers: { 'content-type': type } }));
  const json = ['application/json', 'application/json; charset=utf-8', 'application/merge-patch+json'];
  const odd = [
    '',
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonx',
    ';',
    'application/x-www-form-urlencoded; charset=latin1',
    'APPLICATION/JSON',
  ];
  const none: fc.Arbitrary<Payload> = fc.constantFrom(
    { payload: undefined, headers: {} },
    { payload: undefined, headers: { 'content-type': 'application/json' } },
  );
  if (target.method === 'GET') return rarely(none, typed(asJson, ...json, ...odd));
  return fc.oneof(
    { weight: 6, arbitrary: typed(asJson, ...json) },
    { weight: 6, arbitrary: typed(unchanged, 'application/json') },
    { weight: 2, arbitrary: typed(fc.oneof(broken, truncated), 'application/json') },
    { weight: 2, arbitrary: typed(form, 'application/x-www-form-urlencoded') },
    { weight: 1, arbitrary: typed(asJson, ...odd) },
    {
      weight: 1,
      arbitrary: typed(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        ...json,
        'application/x-www-form-urlencoded',
      ),
    },
    { weight: target.operation?.body ? 1 : 6, arbitrary: none },
  );
}

function bodyFor(target: Target): fc.Arbitrary<unknown> {
  if (target.operation?.body) return valueFor(target.operation.body, '');
  return fc.record(
    {
      grant_type: fc.constantFrom('client_credentials', 'password', 'authorization_code', 'x'),
      client_id: fc.constant(testManagementClient.id),
      client_secret: fc.constantFrom(testManagementClient.secret, 'wrong'),
      audience: fc.constantFrom(
        `${server.config.publicUrl}/api/v2/`,
        'https://seed1.example.com/',
        'nowhere',
        '#',
        'urn:x y',
      ),
      scope: fc.constantFrom('read:users', ' ', 'a  b', 'openid'),
    },
    { requiredKeys: ['grant_type', 'client_id', 'client_secret'] },
  );
}

/** Values that a schema accepts, mostly: formats and patterns are met by a known text of that name. */
function valueFor(schema: unknown, name: string, depth = 0): fc.Arbitrary<unknown> {
  const { type, enum: choices, const: constant, anyOf, properties, items } = toObject(schema);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map((branch) => valueFor(branch, name, depth)));
  if (type === 'object' && depth < 4) {
    const declared = Object.keys(toObject(properties));
    // Rules beyond the schema want these: without them no user would ever be made.
    const required = [
      ...requiredOf(schema),
      ...(requiredOf(schema).includes('connection') ? ['email', 'password'] : []),
    ].filter((key) => declared.includes(key));
    const optional = declared.filter((key) => !required.includes(key));
    // Few keys at a time: the more there are, the surer one of them is refused.
    return fc
      .subarray(optional, { maxLength: Math.min(optional.length, 5) })
      .chain((chosen) =>
        fc
          .tuple(
            ...[...required, ...chosen].map((key) =>
              valueFor(toObject(properties)[key], key, depth + 1).map((value) => [key, value] as const),
            ),
          )
          .map((entries) => Object.fromEntries(entries)),
      );
  }
  if (type === 'array') return fc.array(valueFor(items, name, depth + 1), { maxLength: 3 });
  if (type === 'string')
    return fc.oneof(
      {
        weight: 10,
        arbitrary: fc.nat({ max: 10_000 }).map((number) => String(textFor(name, toObject(schema), number))),
      },
      { weight: 1, arbitrary: nastyText },
    );
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.constantFrom(1, 10, 100, 3600);
  if (type === 'null') return fc.constant(null);
  return fc.jsonValue({ maxDepth: 3 });
}

function textFor(name: string, schema: Json, number: number): unknown {
  if (name === 'connection') return databaseName;
  if (name === 'password') return `Correct-horse-${number}`;
  if (name === 'client_id') return known.get('clients')?.[number % 12];
  if (name === 'audience') return `https://seed${number % 12}.example.com/`;
  if (name === 'identifier') return `https://api${number}.example.com/`;
  if (name === 'phone_number') return `+${10_000 + number}`;
  const format = String(schema['format'] ?? '');
  if (format.includes('email')) return `garbage${number}@example.com`;
  if (format.includes('url') || format.includes('uri')) return `https://example.com/${number}`;
  if (format === 'client-id') return known.get('clients')?.[number % 12];
  return `text-${number}`;
}

/** The value with up to three places replaced, removed or added to. */
function mutate(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    key: nastyText,
    leaf: nastyLeaf,
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<unknown>((current, { at, kind, key, leaf }) => {
      const places = listPlaces(current);
      const place = places[at % places.length] ?? [];
      return alter(
        current,
        place,
        kind === 'add' ? (old) => addTo(old, key, leaf) : () => (kind === 'remove' ? undefined : leaf),
      );
    }, value),
  );
}

function listPlaces(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => listPlaces(inner, [...path, key]))];
}

function alter(value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? alter(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(toObject(value)).map(([name, inner]) => [
      name,
      name === key ? alter(inner, rest, change) : inner,
    ]),
  );
}

function addTo(value: unknown, key: string, leaf: unknown): unknown {
  if (Array.isArray(value)) return [...value, leaf];
  return Object.fromEntries([...Object.entries(toObject(value)), [key, leaf]]);
}

function serialize(value: unknown): string {
  return (JSON.stringify(value) ?? '').replaceAll(/"@@(.*?)@@"/g, (_match, raw: string) =>
    raw.replaceAll('\\"', '"'),
  );
}

function toForm(value: unknown): string {
  const form = new URLSearchParams();
  for (const [key, inner] of Object.entries(toObject(value))) {
    for (const item of Array.isArray(inner) ? inner : [inner])
      form.append(key, typeof item === 'object' ? (JSON.stringify(item) ?? '') : String(item));
  }
  return form.toString();
}

/** UTF-8 with one character a byte, without those that an HTTP client refuses to send. */
function toBytes(target: string): string {
  return Buffer.from(target.toWellFormed(), 'utf8')
    .toString('latin1')
    .replaceAll(/[^\x21-\xff]/g, '%20');
}

function pathWithKnownIds(operation: Operation): string {
  const segment = operation.path.split('/')[1] ?? '';
  const kind = segment === 'administrators' ? 'users' : segment;
  const choose = (name: string) => {
    const { enum: choices } = toObject(toObject(toObject(operation.parameters)['properties'])[name]);
    return Array.isArray(choices) ? String(choices[0]) : (known.get(kind)?.[0] ?? '1');
  };
  return `/api/v2${operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(choose(name)))}`;
}

function plainValueFor(name: string, schema: unknown): unknown {
  const { enum: choices } = toObject(schema);
  if (Array.isArray(choices)) return choices[0];
  if (toObject(schema)['format'] === 'user-id') return 'auth0|nobody';
  const types = typesOf(schema);
  if (types.has('object')) return {};
  if (types.has('boolean')) return true;
  return types.has('integer') || types.has('number') ? 1 : textFor(name, toObject(schema), 1);
}

function typesOf(schema: unknown): Set<unknown> {
  const { type, enum: choices, anyOf } = toObject(schema);
  if (Array.isArray(anyOf)) return new Set(anyOf.flatMap((branch) => [...typesOf(branch)]));
  return new Set([
    ...(Array.isArray(type) ? type : [type]),
    ...(Array.isArray(choices) ? choices.map((choice) => typeof choice) : []),
  ]);
}

function acceptsAnything(schema: unknown): boolean {
  return typesOf(schema).has(undefined);
}

function requiredOf(schema: unknown): string[] {
  const { required } = toObject(schema);
  return Array.isArray(required) ? required.map(String) : [];
}

function toObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
