import type { FastifyInstance } from 'fastify';
import { decodeJwt } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { createSecretBox } from '../src/platform/secrets/secret-box.ts';
import { testSecretKey } from './support/test-config.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const audience = 'https://things.example.com/';
let server: TestServer;
/** Another process on the same database, as far as memory goes. */
let other: FastifyInstance;
let client: { readonly id: string; secret: string; readonly grantId: string };

beforeAll(async () => {
  server = await startTestServer();
  const app = await createApp({
    config: server.config,
    database: server.database,
    searchDatabase: server.testDatabase.searchDatabase,
    secrets: createSecretBox(testSecretKey),
    logger: pino({ level: 'fatal' }),
  });
  other = app.server;
  await manage('POST', '/resource-servers', {
    identifier: audience,
    name: 'Things',
    scopes: [{ value: 'read:things' }, { value: 'write:things' }],
  });
});
afterAll(async () => {
  await other.close();
  await server.close();
});

async function manage(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) {
  const answer = await server.request(method, path, body === undefined ? {} : { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

/** Asks the other process, with what the client knows. */
async function ask(change: Record<string, unknown> = {}) {
  const answer = await other.inject({
    method: 'POST',
    url: '/oauth/token',
    payload: {
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
      audience,
      ...change,
    },
  });
  const body = answer.json();
  const claims = typeof body.access_token === 'string' ? decodeJwt(body.access_token) : {};
  return { status: answer.statusCode, headers: answer.headers, body, claims };
}

const listEvents = async () =>
  (await server.request('GET', '/logs', { query: { q: `client_id:"${client.id}"`, sort: 'date:1' } })).body
    .map(({ type }: { type: string }) => type)
    .filter((type: string) => type.endsWith('ccft'));

beforeEach(async () => {
  const made = await manage('POST', '/clients', { name: 'Machine', app_type: 'non_interactive' });
  const granted = await manage('POST', '/client-grants', {
    client_id: made.client_id,
    audience,
    scope: ['read:things'],
  });
  client = { id: made.client_id, secret: made.client_secret, grantId: granted.id };
  // From here on the other process knows all of it.
  for (let turn = 0; turn < 2; turn++) expect((await ask()).status).toBe(200);
});

describe('a process that has just given a machine a token', () => {
  it('refuses a secret that was rotated elsewhere, and takes the new one', async () => {
    const { client_secret: fresh } = await manage('POST', `/clients/${client.id}/rotate-secret`);
    expect(await ask()).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const { status, headers } = await ask({ client_secret: fresh });
    expect(status).toBe(200);
    expect(headers['www-authenticate']).toBeUndefined();
  });

  it('takes the new secret also when it is the first to come', async () => {
    const { client_secret: fresh } = await manage('POST', `/clients/${client.id}/rotate-secret`);
    expect((await ask({ client_secret: fresh })).status).toBe(200);
  });

  it('refuses when the grant was deleted elsewhere', async () => {
    await manage('DELETE', `/client-grants/${client.grantId}`);
    expect(await ask()).toMatchObject({ status: 403, body: { error: 'access_denied' } });
  });

  it('gives the scopes of a grant that was changed elsewhere', async () => {
    await manage('PATCH', `/client-grants/${client.grantId}`, { scope: ['write:things'] });
    expect((await ask()).claims['scope']).toBe('write:things');
  });

  it('gives the lifetime of an API that was changed elsewhere', async () => {
    const path = `/resource-servers/${encodeURIComponent(audience)}`;
    await manage('PATCH', path, { token_lifetime: 120 });
    const { exp = 0, iat = 0 } = (await ask()).claims;
    expect(exp - iat).toBe(120);
    await manage('PATCH', path, { token_lifetime: 3600 });
  });

  it('refuses a client that was deleted elsewhere', async () => {
    await manage('DELETE', `/clients/${client.id}`);
    expect((await ask()).status).toBe(401);
  });

  it('refuses a grant type that was taken from the client elsewhere', async () => {
    await manage('PATCH', `/clients/${client.id}`, { grant_types: ['authorization_code'] });
    expect(await ask()).toMatchObject({ status: 403, body: { error: 'unauthorized_client' } });
  });

  it('heeds a default audience that was set elsewhere', async () => {
    expect((await ask({ audience: undefined })).status).toBe(403);
    await manage('PATCH', '/tenants/settings', { default_audience: audience });
    expect((await ask({ audience: undefined })).status).toBe(200);
    await manage('PATCH', '/tenants/settings', { default_audience: '' });
    expect((await ask({ audience: undefined })).status).toBe(403);
  });

  it('writes one event for each token and for each refusal', async () => {
    await ask({ client_secret: 'wrong' });
    await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(await listEvents()).toEqual(['seccft', 'seccft', 'feccft', ...Array(10).fill('seccft')]);
  });
});
