import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestAnswer, type TestServer } from './support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const create = async (path: string, body: Record<string, unknown>): Promise<TestAnswer['body']> => {
  const answer = await server.request('POST', path, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const createClient = (body: Record<string, unknown> = {}) => create('/clients', { name: 'App', ...body });

async function walk(path: string, key: string, take: number): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const { body } = await server.request('GET', path, { query: { take, ...(next ? { from: next } : {}) } });
    ids.push(...body[key].map((row: { id?: string; client_id?: string }) => row.id ?? row.client_id));
    next = body.next;
  }
  return ids;
}

describe('a new client', () => {
  it('answers what was sent and the documented defaults', async () => {
    const client = await createClient({ name: 'Plain' });
    expect(client).toEqual({
      tenant: 'muster',
      global: false,
      name: 'Plain',
      client_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      client_secret: expect.stringMatching(/^[\w-]{64}$/),
      is_first_party: true,
      is_token_endpoint_ip_header_trusted: false,
      oidc_conformant: false,
      sso_disabled: false,
      cross_origin_auth: false,
      cross_origin_authentication: false,
      callback_url_template: false,
      custom_login_page_on: true,
      encrypted: true,
      grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      jwt_configuration: { lifetime_in_seconds: 36_000, secret_encoded: false },
      refresh_token: {
        rotation_type: 'non-rotating',
        expiration_type: 'non-expiring',
        leeway: 0,
        token_lifetime: 2_592_000,
        infinite_token_lifetime: true,
        idle_token_lifetime: 1_296_000,
        infinite_idle_token_lifetime: true,
      },
      signing_keys: [{ cert: expect.stringContaining('BEGIN CERTIFICATE'), subject: '/CN=muster.test' }],
    });
  });

  it('varies its defaults with what was sent', async () => {
    expect((await createClient({ jwt_configuration: { alg: 'RS256' } })).jwt_configuration).toEqual({
      alg: 'RS256',
      secret_encoded: false,
    });
    expect((await createClient({ token_endpoint_auth_method: 'none' })).grant_types).not.toContain(
      'client_credentials',
    );
    expect(
      (await createClient({ token_endpoint_auth_method: 'client_secret_post' })).refresh_token,
    ).toMatchObject({
      token_lifetime: 31_557_600,
      idle_token_lifetime: 2_592_000,
    });
    expect((await createClient({ app_type: 'resource_server' })).grant_types).toEqual([]);
  });

  it.each([
    [{ name: '<b>' }, /does not match pattern .* on property name/],
    [{ name: undefined }, /Missing required property: name/],
    [{ app_type: 'toaster' }, /No enum match for: "toaster"' on property app_type/],
    [{ callbacks: ['javascript:alert(1)'] }, /format callback-url.*on property callbacks\[0\]/],
    [{ client_metadata: { a: 'x'.repeat(256) } }, /on property client_metadata\.a/],
    [{ client_metadata: { a: 1 } }, /on property client_metadata\.a/],
    [{ client_secret: 'mine' }, /Additional properties not allowed: client_secret/],
    [
      {
        token_endpoint_auth_method: 'none',
        client_authentication_methods: { private_key_jwt: { credentials: [] } },
      },
      /Cannot set both token_endpoint_auth_method and client_authentication_methods/,
    ],
  ])('is refused with %j', async (change, message) => {
    const { status, body } = await server.request('POST', '/clients', { body: { name: 'App', ...change } });
    expect(status).toBe(400);
    expect(body.message).toMatch(message);
  });

  it('cannot take the alias of another', async () => {
    const first = await createClient({ client_aliases: ['urn:one'] });
    const second = await server.request('POST', '/clients', {
      body: { name: 'Other', client_aliases: ['urn:one'] },
    });
    expect(second.status).toBe(409);
    await server.request('PATCH', `/clients/${first.client_id}`, { body: { client_aliases: [] } });
    await createClient({ client_aliases: ['urn:one'] });
  });
});

describe('an existing client', () => {
  it('is merged one level deep, and null removes', async () => {
    const client = await createClient({
      description: 'Old',
      client_metadata: { a: '1', b: '2' },
      callbacks: ['https://a.example/cb'],
    });
    const patch = async (body: unknown) =>
      (await server.request('PATCH', `/clients/${client.client_id}`, { body })).body;
    const changed = await patch({
      client_metadata: { b: null, c: '3' },
      jwt_configuration: { alg: 'RS256' },
      callbacks: [],
    });
    expect(changed.client_metadata).toEqual({ a: '1', c: '3' });
    expect(changed.jwt_configuration).toEqual({
      lifetime_in_seconds: 36_000,
      secret_encoded: false,
      alg: 'RS256',
    });
    expect(changed.callbacks).toEqual([]);
    expect(changed.description).toBe('Old');
    expect(await patch({ description: null })).not.toHaveProperty('description');
  });

  it('shows its keys only to who may read them', async () => {
    const client = await createClient();
    const read = (scopes: string[], query = {}) =>
      server.request('GET', `/clients/${client.client_id}`, { scopes, query });
    expect((await read(['read:clients'])).body).not.toHaveProperty('client_secret');
    expect((await read(['read:clients'])).body).not.toHaveProperty('signing_keys');
    expect((await read(['read:client_keys'])).body.client_secret).toBe(client.client_secret);
    expect(Object.keys((await read(['read:client_summary'])).body).sort()).toEqual([
      'client_id',
      'global',
      'is_first_party',
      'name',
      'tenant',
    ]);
    const refused = await read(['read:clients'], { fields: 'name,client_secret' });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toBe(
      'Some fields cannot be read with the permissions granted by the bearer token scopes',
    );
    expect((await read(['read:clients'], { fields: 'name' })).body).toEqual({
      name: 'App',
      tenant: 'muster',
    });
  });

  it('is deleted with its grants, and 204 is the answer again', async () => {
    const client = await createClient();
    await create('/resource-servers', { identifier: 'https://deleted.example', scopes: [{ value: 'a' }] });
    const grant = await create('/client-grants', {
      client_id: client.client_id,
      audience: 'https://deleted.example',
      scope: ['a'],
    });
    expect((await server.request('DELETE', `/clients/${client.client_id}`)).status).toBe(204);
    expect((await server.request('GET', `/client-grants/${grant.id}`)).status).toBe(404);
    expect((await server.request('DELETE', `/clients/${client.client_id}`)).status).toBe(204);
    const unknown = await server.request('GET', `/clients/${client.client_id}`);
    expect(unknown.body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_client',
      message: 'The client does not exist',
    });
    for (const path of ['', '/rotate-secret']) {
      const method = path ? 'POST' : 'PATCH';
      expect(
        (await server.request(method, `/clients/${client.client_id}${path}`, { body: { name: 'x' } })).status,
      ).toBe(404);
    }
  });
});

describe('lists', () => {
  it('come as an array, with totals and by checkpoint, each client once', async () => {
    for (let index = 0; index < 5; index++) await createClient({ name: `Listed ${index}` });
    const { body: totals, headers } = await server.request('GET', '/clients', {
      query: { page: 1, per_page: 3, include_totals: true },
    });
    expect(totals).toMatchObject({ start: 3, limit: 3, total: expect.any(Number) });
    expect(totals).not.toHaveProperty('length');
    expect(headers['link']).toMatch(/rel="first".*rel="prev".*rel="next".*rel="last"/);
    expect((await server.request('GET', '/clients', { query: { per_page: 2 } })).body).toHaveLength(2);
    const ids = await walk('/clients', 'clients', 2);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(totals.total);
    const both = await server.request('GET', '/clients', {
      query: { take: 1, page: 1, per_page: 50, include_totals: true },
    });
    expect(Object.keys(both.body).sort()).toEqual(['clients', 'next']);
    expect((await server.request('GET', '/clients', { query: { take: 1, from: 'made-up' } })).status).toBe(
      400,
    );
  });

  it('are filtered', async () => {
    await createClient({ app_type: 'spa', is_first_party: false });
    const names = async (query: Record<string, string | boolean>) =>
      (await server.request('GET', '/clients', { query: { per_page: 100, ...query } })).body;
    expect(
      (await names({ app_type: 'spa,native' })).every(
        (client: { app_type: string }) => client.app_type === 'spa',
      ),
    ).toBe(true);
    expect(
      (await names({ is_first_party: false })).every(
        (client: { is_first_party: boolean }) => !client.is_first_party,
      ),
    ).toBe(true);
    const [global, ...others] = await names({ is_global: true });
    expect(others).toEqual([]);
    expect(global).toMatchObject({ name: 'All Applications', global: true });
    expect((await server.request('DELETE', `/clients/${global.client_id}`)).status).toBe(400);
  });
});

describe('an API', () => {
  it('has the documented defaults, and is found by id and by its identifier', async () => {
    const api = await create('/resource-servers', { identifier: 'https://api.example.com/v1/' });
    expect(api).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      identifier: 'https://api.example.com/v1/',
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: false,
      subject_type_authorization: {
        client: { policy: 'require_client_grant' },
        user: { policy: 'allow_all' },
      },
      token_lifetime: 86_400,
      token_lifetime_for_web: 7_200,
      signing_alg: 'RS256',
    });
    for (const id of [api.id, encodeURIComponent(api.identifier), 'https:%2F%2Fapi.example.com%2Fv1%2F']) {
      expect((await server.request('GET', `/resource-servers/${id}`)).body).toEqual(api);
    }
    const patched = await server.request('PATCH', `/resource-servers/${api.id}`, {
      body: {
        name: 'API',
        scopes: [{ value: 'a', description: 'A' }],
        subject_type_authorization: { user: { policy: 'deny_all' } },
      },
    });
    expect(patched.body).toMatchObject({
      name: 'API',
      subject_type_authorization: {
        client: { policy: 'require_client_grant' },
        user: { policy: 'deny_all' },
      },
    });
    expect(
      (await server.request('POST', '/resource-servers', { body: { identifier: api.identifier } })).status,
    ).toBe(409);
    expect(
      (await server.request('PATCH', `/resource-servers/${api.id}`, { body: { identifier: 'other' } })).body
        .message,
    ).toMatch(/Additional properties not allowed: identifier/);
    expect(
      (
        await server.request('PATCH', `/resource-servers/${api.id}`, {
          body: { scopes: [{ value: 'a' }, { value: 'a' }] },
        })
      ).body.message,
    ).toMatch(/Array items are not unique \(indexes 0 and 1\)/);
    expect(
      (await server.request('DELETE', `/resource-servers/${encodeURIComponent(api.identifier)}`)).status,
    ).toBe(204);
    expect((await server.request('GET', `/resource-servers/${api.id}`)).body).toMatchObject({
      errorCode: 'inexistent_resource_server',
    });
  });

  it('of the system comes first and cannot be changed', async () => {
    const { body } = await server.request('GET', '/resource-servers');
    expect(body[0]).toMatchObject({ is_system: true, identifier: 'http://muster.test/api/v2/' });
    expect(body[0].scopes.map((scope: { value: string }) => scope.value)).toContain('read:users');
    expect(
      (await server.request('PATCH', `/resource-servers/${body[0].id}`, { body: { token_lifetime: 1 } }))
        .status,
    ).toBe(400);
    expect((await server.request('DELETE', `/resource-servers/${body[0].id}`)).status).toBe(400);
    const found = await server.request('GET', '/resource-servers', {
      query: { identifiers: ['http://muster.test/api/v2/', 'nothing'] },
    });
    expect(found.body).toHaveLength(1);
  });
});

describe('a client grant', () => {
  it('is unique, names what it refuses, and keeps scope and allow_all_scopes apart', async () => {
    const client = await createClient();
    await create('/resource-servers', {
      identifier: 'urn:granted',
      scopes: [{ value: 'a' }, { value: 'b' }],
    });
    const body = { client_id: client.client_id, audience: 'urn:granted', scope: ['a'] };
    const grant = await create('/client-grants', body);
    expect(grant).toEqual({
      id: expect.stringMatching(/^cgr_[A-Za-z0-9]{16}$/),
      ...body,
      subject_type: 'client',
    });
    const post = (change: Record<string, unknown>) =>
      server.request('POST', '/client-grants', { body: { ...body, ...change } });
    expect((await post({})).status).toBe(409);
    expect((await post({ client_id: 'unknown' })).status).toBe(404);
    expect((await post({ audience: 'urn:unknown' })).status).toBe(404);
    expect((await post({ scope: ['a', 'nope'] })).body.message).toBe(
      'The following scopes are not defined at the resource server urn:granted: nope',
    );
    const patch = async (change: unknown) =>
      server.request('PATCH', `/client-grants/${grant.id}`, { body: change });
    expect((await patch({ allow_all_scopes: true })).body).not.toHaveProperty('scope');
    expect((await patch({ scope: ['a', 'b'] })).body).not.toHaveProperty('allow_all_scopes');
    expect((await patch({ scope: ['a'], allow_all_scopes: true })).status).toBe(400);
    expect(
      (await server.request('GET', '/client-grants', { query: { audience: 'urn:granted' } })).body,
    ).toHaveLength(1);
    expect(await walk('/client-grants', 'client_grants', 1)).toContain(grant.id);
    expect((await server.request('DELETE', `/client-grants/${grant.id}`)).status).toBe(204);
    expect((await server.request('GET', `/client-grants/${grant.id}`)).body).toMatchObject({
      errorCode: 'inexistent_client_grant',
      message: 'The grant does not exist.',
    });
  });
});

describe('the log of these changes', () => {
  it('shows what changed and no secret', async () => {
    const client = await createClient({ name: 'Watched' });
    const rotated = await server.request('POST', `/clients/${client.client_id}/rotate-secret`);
    await server.request('PATCH', `/clients/${client.client_id}`, {
      body: { client_secret: 'a-secret-of-my-own' },
    });
    const { text, body } = await server.request('GET', '/logs', { query: { per_page: 5 } });
    expect(body.map((event: { description: string }) => event.description)).toEqual(
      expect.arrayContaining(['Create a client', 'Rotate a client secret', 'Update a client']),
    );
    for (const secret of [client.client_secret, rotated.body.client_secret, 'a-secret-of-my-own'])
      expect(text).not.toContain(secret);
  });
});
