import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './support/test-server.ts';

let server: TestServer;
let clientId: string;

beforeAll(async () => {
  server = await startTestServer();
  clientId = server.config.managementClient.id ?? '';
});
afterAll(() => server.close());

const post = (body: Record<string, unknown>) => server.request('POST', '/connections', { body });

async function create(body: Record<string, unknown>) {
  const answer = await post(body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

const defaults = {
  brute_force_protection: true,
  authentication_methods: { password: { enabled: true }, passkey: { enabled: false } },
  passkey_options: {
    challenge_ui: 'both',
    progressive_enrollment_enabled: true,
    local_enrollment_enabled: true,
  },
};

describe('a new database connection', () => {
  it('has the documented defaults', async () => {
    expect(await create({ name: 'plain', strategy: 'auth0' })).toEqual({
      id: expect.stringMatching(/^con_[A-Za-z0-9]{16}$/),
      name: 'plain',
      strategy: 'auth0',
      realms: ['plain'],
      enabled_clients: [],
      is_domain_connection: false,
      authentication: { active: true },
      connected_accounts: { active: false },
      options: {
        ...defaults,
        mfa: { active: true, return_enroll_settings: true },
        strategy_version: 2,
        passwordPolicy: 'good',
      },
    });
    expect(
      (
        await create({
          name: 'modern',
          strategy: 'auth0',
          options: { password_options: { history: { active: true } } },
        })
      ).options,
    ).not.toHaveProperty('passwordPolicy');
  });

  it.each([
    [{ name: 'bad name' }, /does not match pattern .* on property name/],
    [{ strategy: 'telepathy' }, /No enum match for: "telepathy"' on property strategy/],
    [{ options: { passwordPolicy: 'mighty' } }, /on property options\.passwordPolicy/],
    [{ options: { validation: { username: { min: 9, max: 3 } } } }, /min must not be greater/],
    [
      { options: { attributes: { email: { identifier: { active: true } } }, requires_username: true } },
      /^Cannot set both options\.attributes and options\.requires_username$/,
    ],
    [
      { options: { attributes: { email: { identifier: { active: false } } } } },
      /^attributes must contain one active identifier$/,
    ],
    [{ metadata: { a: 1 } }, /on property metadata\.a/],
    [{ enabled_clients: ['nobody'] }, /^The following clients do not exist: nobody$/],
    [{ unknown: true }, /Additional properties not allowed: unknown/],
  ])('is refused with %j', async (change, message) => {
    const { status, body } = await post({ name: 'refused', strategy: 'auth0', ...change });
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_body');
    expect(body.message).toMatch(message);
    expect((await server.request('GET', '/connections', { query: { name: 'refused' } })).body).toEqual([]);
  });

  it('has a name of its own, also when many ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post({ name: 'contested', strategy: 'auth0' })),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19);
  });
});

describe('an existing connection', () => {
  it('has its options replaced whole, with the defaults of its strategy filled in again', async () => {
    const { id } = await create({
      name: 'replaced',
      strategy: 'auth0',
      options: { passwordPolicy: 'low', disable_signup: true },
    });
    const patch = async (body: unknown) =>
      (await server.request('PATCH', `/connections/${id}`, { body })).body;
    expect((await patch({ options: { import_mode: true } })).options).toEqual({
      ...defaults,
      import_mode: true,
    });
    expect(await patch({ display_name: 'Shown', metadata: { a: 'b' } })).toMatchObject({
      display_name: 'Shown',
      metadata: { a: 'b' },
      options: { import_mode: true },
    });
    expect(
      (await server.request('PATCH', `/connections/${id}`, { body: { name: 'other' } })).body.message,
    ).toMatch(/Additional properties not allowed: name/);
    expect(
      (await server.request('PATCH', '/connections/con_0000000000000000', { body: { display_name: 'x' } }))
        .body,
    ).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_connection',
      message: 'The connection does not exist',
    });
  });

  it('is enabled for clients in both ways', async () => {
    const { id } = await create({ name: 'enabled', strategy: 'auth0', enabled_clients: [clientId] });
    const path = `/connections/${id}/clients`;
    expect((await server.request('GET', path)).body).toEqual({ clients: [{ client_id: clientId }] });
    expect(
      (await server.request('PATCH', path, { body: [{ client_id: clientId, status: false }] })).status,
    ).toBe(204);
    expect((await server.request('GET', path)).body).toEqual({ clients: [] });
    expect(
      (await server.request('PATCH', path, { body: [{ client_id: 'nobody', status: true }] })).status,
    ).toBe(400);
    expect((await server.request('PATCH', path, { body: [] })).body.message).toMatch(
      /Array is too short \(0\), minimum 1/,
    );
    const changed = await server.request('PATCH', `/connections/${id}`, {
      body: { enabled_clients: [clientId] },
    });
    expect(changed.body.enabled_clients).toEqual([clientId]);
    expect((await server.request('GET', `/connections/${id}/status`)).status).toBe(200);
  });

  it("shows a provider's secret to readers and keeps it out of the log", async () => {
    const { id } = await create({
      name: 'google',
      strategy: 'google-oauth2',
      options: { client_id: 'g', client_secret: 'very-secret-google' },
    });
    expect((await server.request('GET', `/connections/${id}`)).body.options.client_secret).toBe(
      'very-secret-google',
    );
    const { text } = await server.request('GET', '/logs', { query: { per_page: 5 } });
    expect(text).toContain('Create a connection');
    expect(text).not.toContain('very-secret-google');
  });
});

describe('the list of connections', () => {
  it('is filtered by strategies and by name, and paged in every form', async () => {
    await create({ name: 'listed-sms', strategy: 'sms' });
    await create({ name: 'listed-saml', strategy: 'samlp' });
    const names = async (query: Record<string, string | string[] | number>) =>
      (await server.request('GET', '/connections', { query })).body.map((row: { name: string }) => row.name);
    expect(await names({ strategy: ['sms', 'samlp'] })).toEqual(['listed-sms', 'listed-saml']);
    expect(await names({ name: 'listed-sms' })).toEqual(['listed-sms']);
    const { body: rows } = await server.request('GET', '/connections', {
      query: { name: 'listed-sms', fields: 'name' },
    });
    expect(Object.keys(rows[0]).sort()).toEqual(['id', 'is_domain_connection', 'name']);
    const { body: totals, headers } = await server.request('GET', '/connections', {
      query: { include_totals: true, per_page: 2 },
    });
    expect(totals).toMatchObject({ start: 0, limit: 2, total: expect.any(Number) });
    expect(headers['link']).toContain('rel="next"');
    const seen: string[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const { body } = await server.request('GET', '/connections', {
        query: { take: 3, ...(next ? { from: next } : {}) },
      });
      seen.push(...body.connections.map((row: { id: string }) => row.id));
      next = body.next;
    }
    expect(new Set(seen).size).toBe(totals.total);
    expect(seen).toHaveLength(totals.total);
  });
});

describe('deleting a connection', () => {
  it('takes its users with it in the background, and frees the name when it is done', async () => {
    const { id } = await create({ name: 'doomed', strategy: 'auth0', enabled_clients: [clientId] });
    const user = await server.request('POST', '/users', {
      body: { connection: 'doomed', email: 'doomed@example.com', password: 'Correct-horse-9' },
    });
    const first = await server.request('DELETE', `/connections/${id}`);
    expect(first.status).toBe(202);
    expect(first.body).toEqual({ deleted_at: expect.stringMatching(/Z$/) });
    expect((await server.request('GET', `/connections/${id}`)).status).toBe(404);
    await expect.poll(async () => (await server.request('DELETE', `/connections/${id}`)).status).toBe(204);
    expect((await server.request('GET', `/users/${encodeURIComponent(user.body.user_id)}`)).status).toBe(404);
    await create({ name: 'doomed', strategy: 'auth0' });
  });

  it('can delete one user by e-mail address', async () => {
    const { id } = await create({ name: 'pruned', strategy: 'auth0', enabled_clients: [clientId] });
    const user = await server.request('POST', '/users', {
      body: { connection: 'pruned', email: 'one@example.com', password: 'Correct-horse-9' },
    });
    expect(
      (await server.request('DELETE', `/connections/${id}/users`, { query: { email: 'ONE@example.com' } }))
        .status,
    ).toBe(204);
    expect((await server.request('GET', `/users/${encodeURIComponent(user.body.user_id)}`)).status).toBe(404);
    expect(
      (await server.request('DELETE', `/connections/${id}/users`, { query: { email: 'one@example.com' } }))
        .status,
    ).toBe(204);
    expect((await server.request('DELETE', `/connections/${id}/users`)).body.message).toMatch(
      /Missing required property: email/,
    );
  });
});

describe('the settings of the tenant', () => {
  const patch = async (body: unknown) => server.request('PATCH', '/tenants/settings', { body });

  it('are those of a fresh tenant until they are changed', async () => {
    const { body } = await server.request('GET', '/tenants/settings');
    expect(body).toMatchObject({
      enabled_locales: ['en'],
      universal_login: {},
      flags: { enable_sso: true },
      sandbox_versions_available: expect.any(Array),
    });
    expect(body).not.toHaveProperty('friendly_name');
  });

  it('merge flags, take minutes as hours, and lose what is null', async () => {
    expect(
      (
        await patch({
          flags: { enable_sso: false },
          session_lifetime_in_minutes: 181,
          support_email: 'help@example.com',
        })
      ).body,
    ).toMatchObject({
      flags: { enable_sso: false, enable_pipeline2: true },
      session_lifetime: 3.0166666666666666,
      support_email: 'help@example.com',
    });
    expect(
      (await patch({ session_cookie: { mode: 'non-persistent' }, device_flow: { charset: 'digits' } })).body
        .device_flow,
    ).toEqual({ charset: 'digits' });
    expect((await patch({ device_flow: null })).body).not.toHaveProperty('device_flow');
    const { body } = await server.request('GET', '/tenants/settings', { query: { fields: 'support_email' } });
    expect(Object.keys(body).sort()).toEqual([
      'sandbox_version',
      'sandbox_versions_available',
      'support_email',
    ]);
  });

  it.each([
    [{}, /Too few properties defined/],
    [{ enabled_locales: [] }, /Array is too short/],
    [{ enabled_locales: ['tlh'] }, /on property enabled_locales\[0\]/],
    [{ support_email: 'nope' }, /format email-or-empty/],
    [{ flags: { fly: true } }, /Additional properties not allowed: fly' on property flags/],
    [{ session_lifetime: 0 }, /less than minimum 1' on property session_lifetime/],
  ])('refuse %j', async (body, message) => {
    const answer = await patch(body);
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(message);
  });
});
