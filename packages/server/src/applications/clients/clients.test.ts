import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function createClient(body: Record<string, unknown> = {}) {
  const answer = await server.request('POST', '/clients', { body: { name: 'App', ...body } });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const patch = (clientId: string, body: unknown, scopes?: readonly string[]) =>
  server.request('PATCH', `/clients/${clientId}`, { body, ...(scopes ? { scopes } : {}) });
const read = async (clientId: string) => (await server.request('GET', `/clients/${clientId}`)).body;

async function requestToken(clientId: string, secret: string, audience: string) {
  return server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      audience,
    }),
  });
}

describe('the defaults of a new client', () => {
  it('are the same when it is read, but for `encrypted`', async () => {
    const { encrypted, ...client } = await createClient();
    expect(encrypted).toBe(true);
    expect(await read(client.client_id)).toEqual(client);
  });

  it('leave a token_endpoint_auth_method of none its secret, and change nothing but the grant types', async () => {
    const usual = await createClient();
    const client = await createClient({ token_endpoint_auth_method: 'none' });
    expect(client.client_secret).toMatch(/^[\w-]{64}$/);
    expect(client).toEqual({
      ...usual,
      client_id: client.client_id,
      client_secret: client.client_secret,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    });
  });

  it.each([
    'spa',
    'native',
  ])('make a public client of the type %s, with a secret all the same, unless it is told to prove itself', async (appType) => {
    const client = await createClient({ app_type: appType });
    expect(client).toMatchObject({
      client_secret: expect.stringMatching(/^[\w-]{64}$/),
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    });
    expect(await read(client.client_id)).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect(
      await createClient({ app_type: appType, token_endpoint_auth_method: 'client_secret_post' }),
    ).toMatchObject({
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: expect.arrayContaining(['client_credentials']),
    });
    const byKey = await createClient({
      app_type: appType,
      client_authentication_methods: { private_key_jwt: { credentials: [] } },
    });
    expect(byKey).not.toHaveProperty('token_endpoint_auth_method');
  });

  it.each([
    ['resource_server', []],
    ['express_configuration', ['authorization_code', 'client_credentials']],
  ])('are others for the type %s', async (appType, grantTypes) => {
    expect(await createClient({ app_type: appType })).toMatchObject({
      app_type: appType,
      grant_types: grantTypes,
      oidc_conformant: true,
      jwt_configuration: { alg: 'RS256', secret_encoded: false },
    });
  });

  it('give way to what is sent, and take null as absent', async () => {
    const client = await createClient({
      grant_types: ['implicit'],
      is_first_party: false,
      jwt_configuration: { secret_encoded: true, lifetime_in_seconds: 60 },
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', token_lifetime: 5 },
      description: null,
      organization_usage: null,
    });
    expect(client).toMatchObject({
      grant_types: ['implicit'],
      is_first_party: false,
      jwt_configuration: { secret_encoded: true, lifetime_in_seconds: 60 },
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', token_lifetime: 5 },
    });
    for (const key of ['description', 'organization_usage', 'app_type', 'callbacks', 'client_metadata'])
      expect(client).not.toHaveProperty(key);
  });
});

describe('changing a client', () => {
  it('replaces arrays and addons, merges native_social_login, mobile and client_metadata', async () => {
    const { client_id: id } = await createClient({
      callbacks: ['https://a.example'],
      addons: { slack: { team: 'a', extra: 1 }, box: {} },
      mobile: { ios: { team_id: 'A' } },
      native_social_login: { apple: { enabled: true } },
    });
    const { body } = await patch(id, {
      callbacks: ['https://b.example'],
      addons: { slack: { team: 'b' } },
      mobile: { android: { app_package_name: 'b' } },
      native_social_login: { google: { enabled: false } },
      client_metadata: {},
    });
    expect(body).toMatchObject({
      callbacks: ['https://b.example'],
      mobile: { ios: { team_id: 'A' }, android: { app_package_name: 'b' } },
      native_social_login: { apple: { enabled: true }, google: { enabled: false } },
    });
    expect(body.addons).toEqual({ slack: { team: 'b' }, box: {} });
    const emptied = await patch(id, { addons: null, client_authentication_methods: null });
    expect(emptied.status).toBe(200);
    expect(emptied.body).not.toHaveProperty('addons');
    expect(await read(id)).toEqual(emptied.body);
  });

  it('keeps the metadata within ten keys, however they are added', async () => {
    const { client_id: id } = await createClient({
      client_metadata: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, 'v'])),
    });
    const refused = await patch(id, { client_metadata: { k10: 'v' } });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe(
      "Payload validation error: 'Too many properties defined (11), maximum 10' on property client_metadata.",
    );
    expect((await patch(id, { client_metadata: { k10: 'v', k0: null } })).status).toBe(200);
  });

  it('replaces one way of authentication by the other', async () => {
    const { client_id: id } = await createClient({ token_endpoint_auth_method: 'client_secret_post' });
    const keys = await patch(id, { client_authentication_methods: { private_key_jwt: { credentials: [] } } });
    expect(keys.body).not.toHaveProperty('token_endpoint_auth_method');
    expect(keys.body).not.toHaveProperty('client_secret');
    const secret = await patch(id, {
      token_endpoint_auth_method: 'client_secret_basic',
      client_authentication_methods: null,
    });
    expect(secret.body).not.toHaveProperty('client_authentication_methods');
    expect(secret.body.client_secret).toMatch(/^[\w-]{64}$/);
  });

  it('keeps every one of many parallel changes', async () => {
    const { client_id: id } = await createClient();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => patch(id, { client_metadata: { [`k${index}`]: 'v' } })),
    );
    expect(Object.keys((await read(id)).client_metadata)).toHaveLength(10);
  });

  it('refuses an alias that another client has, and writes nothing of that request', async () => {
    await createClient({ client_aliases: ['urn:taken'] });
    const { client_id: id } = await createClient();
    const answer = await patch(id, { name: 'Renamed', client_aliases: ['urn:taken'] });
    expect(answer.status).toBe(409);
    expect((await read(id)).name).toBe('App');
  });

  it.each([
    [{ client_secret: 'my-own-secret' }, ['update:clients'], 'client_secret'],
    [{ encryption_key: null, name: 'x' }, ['update:clients'], 'encryption_key'],
    [{ client_secret: 'my-own-secret', name: 'x' }, ['update:client_keys'], 'name'],
    [{ name: 'x', callbacks: [] }, ['update:client_credentials'], 'name, callbacks'],
  ])('with %j and only %j is forbidden', async (body, scopes, fields) => {
    const { client_id: id } = await createClient();
    const before = await read(id);
    const answer = await patch(id, body, scopes);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({
      errorCode: 'insufficient_scope',
      message: `You cannot update the following fields: ${fields}`,
    });
    expect(await read(id)).toEqual(before);
  });

  it('shows the secret only to those who may read or set it', async () => {
    const { client_id: id, client_secret: secret } = await createClient();
    const blind = await patch(id, { name: 'Blind' }, ['update:clients']);
    expect(blind.body.name).toBe('Blind');
    expect(blind.text).not.toContain(secret);
    expect(blind.body).not.toHaveProperty('signing_keys');
    const reader = await patch(id, { name: 'Reader' }, ['update:clients', 'read:client_keys']);
    expect(reader.body.client_secret).toBe(secret);
    const keeper = await patch(id, { client_secret: 'my-own-secret' }, ['update:client_keys']);
    expect(keeper.body.client_secret).toBe('my-own-secret');
  });
});

describe('rotating the secret', () => {
  it('makes a new one that gets tokens, and the old one gets none', async () => {
    const audience = 'urn:rotation';
    const client = await createClient({ token_endpoint_auth_method: 'client_secret_post' });
    await server.request('POST', '/resource-servers', { body: { identifier: audience } });
    await server.request('POST', '/client-grants', {
      body: { client_id: client.client_id, audience, scope: [] },
    });
    expect((await requestToken(client.client_id, client.client_secret, audience)).status).toBe(200);
    const rotated = await server.request('POST', `/clients/${client.client_id}/rotate-secret`, {
      scopes: ['update:client_keys'],
    });
    expect(rotated.status).toBe(200);
    const { encrypted: _encrypted, ...created } = client;
    expect(rotated.body).toEqual({ ...created, client_secret: rotated.body.client_secret });
    expect(rotated.body.client_secret).toMatch(/^[\w-]{64}$/);
    expect(rotated.body.client_secret).not.toBe(client.client_secret);
    expect((await requestToken(client.client_id, client.client_secret, audience)).status).toBe(401);
    expect((await requestToken(client.client_id, rotated.body.client_secret, audience)).status).toBe(200);
    const forbidden = await server.request('POST', `/clients/${client.client_id}/rotate-secret`, {
      scopes: ['update:clients'],
    });
    expect(forbidden.status).toBe(403);
  });
});
