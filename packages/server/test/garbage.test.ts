import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertDecent } from './garbage/assert-decent.ts';
import { pathWithKnownIds, plainValueFor } from './garbage/generate-values.ts';
import { type Target, wireFor } from './garbage/generate-wires.ts';
import { type Scene, setScene } from './garbage/scene.ts';
import { acceptsAnything, requiredOf, toObject, typesOf } from './garbage/schema-facts.ts';
import { jsonRequest, send, type Wire } from './garbage/wire.ts';

/*
 * Throws what nobody should send at every route, through a socket. Whatever comes, the answer is a refusal in the
 * documented form or a success; never a 5xx, never a hang.
 */

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
const fixedSeed = 20_260_101;
const batchSize = 4;
/** For a longer search: GARBAGE_BATCHES=5000. */
const batches = Number(process.env['GARBAGE_BATCHES'] ?? 375);

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene.server.close());

describe('garbage at every route', () => {
  for (const [name, seed] of [
    ['a fixed seed', fixedSeed],
    ['a fresh seed', Date.now() % 2 ** 31],
  ] as const) {
    it(`never fails the server, with ${name}`, { timeout: 1_200_000 }, async () => {
      const operations = scene.server.app.managementApi.operations;
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
        const answers = await Promise.all(batch.map(({ wire }) => send(scene, wire)));
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
        ...targets.map((target, route) => wireFor(scene, target).map((wire) => ({ route, wire }))),
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
      const health = await send(scene, {
        method: 'GET',
        target: '/healthz',
        headers: {},
        payload: undefined,
      });
      expect(health.status).toBe(200);
    });
  }

  it('names the property when one of a valid body has a wrong type', async () => {
    const operations = scene.server.app.managementApi.operations.filter(
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
            plainValueFor(scene.known, key, toObject(toObject(operation.body)['properties'])[key]),
          ]),
        );
        const answer = await send(
          scene,
          jsonRequest(operation.method, pathWithKnownIds(scene.known, operation), {
            ...valid,
            [name]: wrong,
          }),
        );
        expect(answer.status, `${operation.id} ${name} ${answer.text}`).toBe(400);
        expect(JSON.parse(answer.text).message, `${operation.id} ${name}`).toContain(`on property ${name}`);
      }
    }
  });
});
