import type { Operation } from '@muster/contract';
import fc from 'fast-check';
import { testManagementClient } from '../support/test-config.ts';
import { valueFor } from './generate-values.ts';
import { mutate } from './mutate.ts';
import { nastyText, rarely, serialize } from './nasty-values.ts';
import type { Scene } from './scene.ts';
import { requiredOf, toObject } from './schema-facts.ts';
import { toBytes, tokenMark, type Wire } from './wire.ts';

export interface Target {
  readonly method: string;
  readonly path: string;
  readonly operation?: Operation;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

export function wireFor(scene: Scene, target: Target): fc.Arbitrary<Wire> {
  const method = rarely(fc.constant(target.method), fc.constantFrom(...methods));
  return fc
    .record({
      method,
      path: pathFor(scene, target),
      search: searchFor(target),
      authorization: authorization(scene.token),
      body: payloadFor(scene, target),
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

function pathFor(scene: Scene, target: Target): fc.Arbitrary<string> {
  const parts = target.path.split(/(\{\w+\})/);
  return fc
    .tuple(...parts.map((part) => (part.startsWith('{') ? segmentFor(scene, target) : fc.constant(part))))
    .map((segments) => segments.join(''));
}

function segmentFor(scene: Scene, target: Target): fc.Arbitrary<string> {
  const kind = target.path.split('/')[3] ?? '';
  const records = scene.known.get(kind) ?? ['x'];
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

function authorization(token: string): fc.Arbitrary<string | undefined> {
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

function payloadFor(scene: Scene, target: Target): fc.Arbitrary<Payload> {
  const body = bodyFor(scene, target);
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

function toForm(value: unknown): string {
  const form = new URLSearchParams();
  for (const [key, inner] of Object.entries(toObject(value))) {
    for (const item of Array.isArray(inner) ? inner : [inner])
      form.append(key, typeof item === 'object' ? (JSON.stringify(item) ?? '') : String(item));
  }
  return form.toString();
}

function bodyFor(scene: Scene, target: Target): fc.Arbitrary<unknown> {
  if (target.operation?.body) return valueFor(scene.known, target.operation.body, '');
  return fc.record(
    {
      grant_type: fc.constantFrom('client_credentials', 'password', 'authorization_code', 'x'),
      client_id: fc.constant(testManagementClient.id),
      client_secret: fc.constantFrom(testManagementClient.secret, 'wrong'),
      audience: fc.constantFrom(
        `${scene.server.config.publicUrl}/api/v2/`,
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
