import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function create(path: string, body: Record<string, unknown>) {
  const answer = await server.request('POST', path, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** A client and an API of their own, so that no test sees the grants of another. */
async function createPair(change: Record<string, unknown> = {}) {
  counter += 1;
  const client = await create('/clients', { name: `Machine ${counter}`, ...change });
  const api = await create('/resource-servers', {
    identifier: `urn:api:${counter}`,
    scopes: [{ value: 'read' }, { value: 'write' }],
  });
  return {
    client_id: String(client.client_id),
    audience: String(api.identifier),
    secret: String(client.client_secret),
  };
}
const post = (body: Record<string, unknown>) => server.request('POST', '/client-grants', { body });
const patch = (id: string, body: unknown) => server.request('PATCH', `/client-grants/${id}`, { body });
const read = async (id: string) => (await server.request('GET', `/client-grants/${id}`)).body;

describe('a client grant', () => {
  it('may hold no scope at all, and shows an empty list when none was sent', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const grant = await create('/client-grants', pair);
    expect(grant).toEqual({ id: grant.id, ...pair, scope: [], subject_type: 'client' });
    expect(await read(grant.id)).toEqual(grant);
  });

  it('may be of the Management API', async () => {
    const { client_id } = await createPair();
    const audience = `${server.config.publicUrl}/api/v2/`;
    expect((await post({ client_id, audience, scope: ['read:users'] })).status).toBe(201);
    expect((await post({ client_id, audience, scope: ['fly:users'], subject_type: 'user' })).status).toBe(
      400,
    );
  });

  it('exists once per client, API and kind of subject, also when many ask at once', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ ...pair, scope: ['read'] })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(answers.find((answer) => answer.status === 409)?.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'A resource with the same client_id, audience and subject_type already exists.',
      errorCode: 'client_grant_conflict',
    });
    expect((await post({ ...pair, subject_type: 'user', scope: ['read'] })).status).toBe(201);
  });

  it('names what does not exist', async () => {
    const { secret: _secret, ...pair } = await createPair();
    expect((await post({ ...pair, client_id: 'nobody' })).body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_client',
    });
    expect((await post({ ...pair, audience: 'urn:nothing' })).body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_resource_server',
    });
    const { body: apis } = await server.request('GET', '/resource-servers', {
      query: { identifiers: [pair.audience] },
    });
    expect((await post({ ...pair, audience: apis[0].id })).status).toBe(404); // its id is no audience
    const missing = await patch('cgr_0000000000000000', { scope: [] });
    expect(missing.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_client_grant' });
    expect((await server.request('DELETE', '/client-grants/cgr_0000000000000000')).status).toBe(204);
  });

  it('is not for express_configuration clients', async () => {
    const { secret: _secret, ...pair } = await createPair({ app_type: 'express_configuration' });
    expect((await post(pair)).body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: 'Client of type express_configuration cannot be used',
      errorCode: 'validation_error',
    });
  });

  it('belongs to a client or is a default, not both and not neither', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const { audience } = pair;
    expect((await post({ audience })).body.message).toMatch(/Missing required property: client_id/);
    const both = await post({ ...pair, default_for: 'third_party_clients' });
    expect(both.body.message).toBe('Cannot set both client_id and default_for');
    const grant = await create('/client-grants', {
      audience,
      default_for: 'third_party_clients',
      scope: ['read'],
    });
    expect(grant).not.toHaveProperty('client_id');
    const { body: found } = await server.request('GET', '/client-grants', {
      query: { default_for: 'third_party_clients' },
    });
    expect(found).toEqual([grant]);
  });

  it('has its scopes replaced, holds either scopes or all of them, and refuses unknown ones', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const { id } = await create('/client-grants', { ...pair, scope: ['read'] });
    expect((await patch(id, { scope: ['write'] })).body.scope).toEqual(['write']);
    expect((await patch(id, { scope: ['fly'] })).status).toBe(400);
    expect((await read(id)).scope).toEqual(['write']);
    expect((await patch(id, { scope: null })).body.scope).toEqual([]);
    const all = (await patch(id, { allow_all_scopes: true })).body;
    expect(all).toEqual({ id, ...pair, allow_all_scopes: true, subject_type: 'client' });
    expect((await patch(id, { allow_all_scopes: null })).body).toEqual({
      id,
      ...pair,
      scope: [],
      subject_type: 'client',
    });
    expect(
      (await patch(id, { organization_usage: 'allow', allow_any_organization: true })).body,
    ).toMatchObject({
      organization_usage: 'allow',
      allow_any_organization: true,
    });
    expect((await patch(id, { organization_usage: null })).body).not.toHaveProperty('organization_usage');
    expect((await patch(id, {})).body.message).toMatch(/Too few properties/);
    expect((await patch(id, { audience: 'urn:other' })).body.message).toMatch(/not allowed: audience/);
  });

  it('decides which scopes a token holds', async () => {
    const { secret, ...pair } = await createPair();
    const { id } = await create('/client-grants', { ...pair, scope: ['read'] });
    const scopesOfToken = async () => {
      const { body } = await server.fetchRaw('POST', '/oauth/token', {
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({
          grant_type: 'client_credentials',
          client_id: pair.client_id,
          client_secret: secret,
          audience: pair.audience,
        }),
      });
      return body.scope;
    };
    expect(await scopesOfToken()).toBe('read');
    await patch(id, { allow_all_scopes: true });
    expect(await scopesOfToken()).toBe('read write');
    await server.request('PATCH', `/resource-servers/${pair.audience}`, {
      body: { scopes: [{ value: 'write' }] },
    });
    expect(await scopesOfToken()).toBe('write');
    await server.request('DELETE', `/client-grants/${id}`);
    expect(await scopesOfToken()).toBeUndefined();
  });

  it('of the system is listed, and cannot be changed or deleted', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const { id } = await create('/client-grants', { ...pair, scope: ['read'] });
    await sql`UPDATE client_grants SET is_system = true WHERE id = ${id}`.execute(server.database);
    expect((await patch(id, { scope: [] })).status).toBe(400);
    expect((await server.request('DELETE', `/client-grants/${id}`)).status).toBe(400);
    expect(await read(id)).toMatchObject({ is_system: true, scope: ['read'] });
  });
});

describe('the list of client grants', () => {
  it('is filtered in every form alike', async () => {
    const { secret: _secret, ...pair } = await createPair();
    const other = await createPair();
    await create('/client-grants', { ...pair, scope: ['read'], allow_any_organization: true });
    await create('/client-grants', { ...pair, subject_type: 'user' });
    await create('/client-grants', { client_id: pair.client_id, audience: other.audience });
    for (const [query, count] of [
      [{ audience: pair.audience }, 2],
      [{ client_id: pair.client_id }, 3],
      [{ client_id: pair.client_id, audience: other.audience }, 1],
      [{ client_id: pair.client_id, subject_type: 'user' }, 1],
      [{ client_id: pair.client_id, allow_any_organization: true }, 1],
      [{ client_id: pair.client_id, allow_any_organization: false }, 2],
      [{ client_id: 'nobody' }, 0],
    ] as const) {
      const answer = await server.request('GET', '/client-grants', { query });
      expect(answer.body).toHaveLength(count);
      expect(answer.headers['link']).toContain('rel="first"');
      const totals = await server.request('GET', '/client-grants', {
        query: { ...query, include_totals: true, per_page: 1 },
      });
      expect(totals.body).toMatchObject({ start: 0, limit: 1, total: count });
      const ids: string[] = [];
      for (let next: string | undefined = ''; next !== undefined; ) {
        const { body } = await server.request('GET', '/client-grants', {
          query: { ...query, take: 1, ...(next ? { from: next } : {}) },
        });
        ids.push(...body.client_grants.map((grant: { id: string }) => grant.id));
        next = body.next;
      }
      expect(ids).toEqual(answer.body.map((grant: { id: string }) => grant.id));
    }
  });
});
