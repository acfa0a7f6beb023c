import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
let clientId: string;

beforeAll(async () => {
  server = await startTestServer();
  clientId = server.config.managementClient.id ?? '';
});
afterAll(() => server.close());

const post = (body: Record<string, unknown>) => server.request('POST', '/connections', { body });
async function create(body: Record<string, unknown>) {
  const answer = await post({ strategy: 'auth0', ...body });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const patch = (id: string, body: unknown, scopes?: readonly string[]) =>
  server.request('PATCH', `/connections/${id}`, { body, ...(scopes ? { scopes } : {}) });
const read = async (id: string) => (await server.request('GET', `/connections/${id}`)).body;

describe('a new connection', () => {
  it('answers the defaults of its strategy and what was sent, and is read the same', async () => {
    const sms = await create({ name: 'by-sms', strategy: 'sms', options: { from: '+49' } });
    expect(sms.options).toEqual({ brute_force_protection: true, from: '+49' });
    expect(sms).not.toHaveProperty('show_as_button');
    const saml = await create({
      name: 'by-saml',
      strategy: 'samlp',
      realms: ['example.com'],
      is_domain_connection: true,
    });
    expect(saml).toMatchObject({
      show_as_button: false,
      options: {},
      realms: ['example.com'],
      is_domain_connection: true,
    });
    const modern = await create({
      name: 'modern',
      options: { password_options: { history: { active: true } } },
    });
    expect(modern.options).toMatchObject({
      password_options: { history: { active: true } },
      strategy_version: 2,
    });
    for (const made of [sms, saml, modern]) expect(await read(made.id)).toEqual(made);
  });

  it('keeps options that only its provider knows', async () => {
    const options = { custom_key: { deep: [1, 'two', null] }, 'with.dot': true };
    expect((await create({ name: 'kept', strategy: 'oauth2', options })).options).toEqual(options);
  });

  it.each([
    [{ name: '-leading' }, /does not match pattern .*: -leading' on property name/],
    [{ name: 'double--hyphen' }, /on property name/],
    [{ name: 'x'.repeat(129) }, /too long \(129 chars\), maximum 128' on property name/],
    [
      { options: { requires_username: 'yes' } },
      /Expected type boolean but found type string' on property options\.requires_username/,
    ],
    [
      { options: { password_history: { enable: true, size: 25 } } },
      /on property options\.password_history\.size/,
    ],
    [{ options: { password_history: { size: 2 } } }, /Missing required property: enable/],
    [{ options: { validation: { username: { min: 0 } } } }, /on property options\.validation\.username\.min/],
    [{ options: { customScripts: { login: '' } } }, /on property options\.customScripts\.login/],
    [{ options: [] }, /Expected type object but found type array' on property options/],
    [{ enabled_clients: ['no client!'] }, /format client-id: no client!' on property enabled_clients\[0\]/],
    [
      { metadata: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'])) },
      /on property metadata/,
    ],
    [
      {
        options: {
          attributes: { username: { identifier: { active: true } } },
          validation: { username: { min: 1 } },
        },
      },
      /^Cannot set both options\.attributes and options\.validation$/,
    ],
    [
      {
        options: {
          attributes: {
            email: { identifier: { active: true }, profile_required: true, signup: { status: 'inactive' } },
          },
        },
      },
      /^attribute email must also be required on signup$/,
    ],
    [
      { options: { set_user_root_attributes: 'on_first_login' } },
      /^options\.set_user_root_attributes is only for enterprise/,
    ],
  ])('is refused with %j', async (change, message) => {
    const { status, body } = await post({ name: 'refused', strategy: 'auth0', ...change });
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_body');
    expect(body.message).toMatch(message);
  });

  it('names the clients that do not exist, and only these', async () => {
    const { status, body } = await post({
      name: 'unknown-clients',
      strategy: 'auth0',
      enabled_clients: ['first', clientId, 'second'],
    });
    expect(status).toBe(400);
    expect(body.message).toBe('The following clients do not exist: first, second');
    expect(
      (await server.request('GET', '/connections', { query: { name: 'unknown-clients' } })).body,
    ).toEqual([]);
  });

  it('answers 409 for a name that is taken', async () => {
    await create({ name: 'taken' });
    expect((await post({ name: 'taken', strategy: 'sms' })).body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      message: 'A connection with the same name already exists',
      errorCode: 'connection_conflict',
    });
    await create({ name: 'TAKEN' });
  });
});

describe('changing a connection', () => {
  it('keeps null inside options, takes options null as none, and clients null as nobody', async () => {
    const { id } = await create({ name: 'nulls', enabled_clients: [clientId], options: { custom_key: 1 } });
    const { body } = await patch(id, { options: { passwordPolicy: null, upstream_params: null } });
    expect(body.options).toMatchObject({
      passwordPolicy: null,
      upstream_params: null,
      brute_force_protection: true,
    });
    expect(body.options).not.toHaveProperty('custom_key');
    expect(body.enabled_clients).toEqual([clientId]);
    const emptied = await patch(id, { options: null, enabled_clients: null });
    expect(Object.keys(emptied.body.options).sort()).toEqual([
      'authentication_methods',
      'brute_force_protection',
      'passkey_options',
    ]);
    expect(emptied.body.enabled_clients).toEqual([]);
    expect((await patch(id, { enabled_clients: ['nobody'] })).body.message).toBe(
      'The following clients do not exist: nobody',
    );
  });

  it('refuses name and strategy, contradictions and an empty body, and writes nothing then', async () => {
    const made = await create({ name: 'constant' });
    for (const [body, message] of [
      [{ name: 'other' }, /Additional properties not allowed: name/],
      [{ strategy: 'sms' }, /Additional properties not allowed: strategy/],
      [{}, /Too few properties/],
      [
        { display_name: 'New', options: { attributes: { email: {} } } },
        /^attributes must contain one active identifier$/,
      ],
      [
        {
          display_name: 'New',
          options: { attributes: { email: { identifier: { active: true }, unique: false } } },
        },
        /^cannot add non-unique email attribute$/,
      ],
      [
        { options: { set_user_root_attributes: 'never_on_login' } },
        /^options\.set_user_root_attributes is only/,
      ],
    ] as const) {
      const answer = await patch(made.id, body);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(message);
    }
    expect(await read(made.id)).toEqual(made);
  });

  it('cannot turn a store that has users into one with scripts of its own', async () => {
    const { id } = await create({ name: 'inhabited', enabled_clients: [clientId] });
    const options = { enabledDatabaseCustomization: true, customScripts: { login: 'function login() {}' } };
    expect((await patch(id, { options })).status).toBe(200);
    expect((await patch(id, { options: {} })).status).toBe(200);
    const user = await server.request('POST', '/users', {
      body: { connection: 'inhabited', email: 'one@example.com', password: 'Correct-horse-9' },
    });
    expect(user.status, user.text).toBe(201);
    const refused = await patch(id, { options });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toBe(
      'This database contains users. You cannot change "options.enabledDatabaseCustomization" setting.',
    );
    expect((await patch(id, { options: { disable_signup: true } })).status).toBe(200);
  });

  it('does not lose any of many parallel changes', async () => {
    const { id } = await create({ name: 'busy' });
    await Promise.all([
      patch(id, { display_name: 'Busy' }),
      patch(id, { metadata: { a: 'b' } }),
      patch(id, { options: { disable_signup: true } }),
      patch(id, { enabled_clients: [clientId] }),
      patch(id, { connected_accounts: { active: true } }),
    ]);
    expect(await read(id)).toMatchObject({
      display_name: 'Busy',
      metadata: { a: 'b' },
      options: { disable_signup: true },
      enabled_clients: [clientId],
      connected_accounts: { active: true },
    });
  });

  it('shows stored secrets only to readers, and to nobody in the log', async () => {
    const options = {
      client_id: 'visible-id',
      client_secret: 'secret-one',
      configuration: { SMTP_LOGIN: 'secret-two' },
      gateway_authentication: { method: 'bearer', audience: 'a', secret: 'secret-three' },
    };
    const { id } = await create({ name: 'secretive', strategy: 'oauth2', options });
    const blind = await patch(id, { display_name: 'Blind' }, ['update:connections']);
    expect(blind.body.display_name).toBe('Blind');
    expect(blind.body).not.toHaveProperty('options');
    const own = await patch(id, { options: { ...options, client_secret: 'secret-four' } }, [
      'update:connections',
    ]);
    expect(own.body.options.client_secret).toBe('secret-four');
    for (const scope of ['read:connections', 'read:connections_options']) {
      const seen = await patch(id, { display_name: scope }, ['update:connections', scope]);
      expect(seen.body.options).toEqual({ ...options, client_secret: 'secret-four' });
    }
    const forbidden = await server.request('GET', `/connections/${id}`, { scopes: ['update:connections'] });
    expect(forbidden.status).toBe(403);
    await server.request('DELETE', `/connections/${id}`);
    const { text } = await server.request('GET', '/logs', { query: { per_page: 20 } });
    expect(text).toContain('visible-id');
    expect(text).not.toMatch(/secret-(one|two|three|four)/);
  });
});

describe('the clients of a connection', () => {
  it('are paged to the end, each once, and changed many at a time', async () => {
    const { id } = await create({ name: 'popular' });
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      const { body } = await server.request('POST', '/clients', { body: { name: `Client ${index}` } });
      ids.push(body.client_id);
    }
    const path = `/connections/${id}/clients`;
    const change = (status: boolean) =>
      server.request('PATCH', path, { body: ids.map((client_id) => ({ client_id, status })) });
    expect((await change(true)).status).toBe(204);
    expect((await change(true)).status).toBe(204);
    const seen: string[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const { body } = await server.request('GET', path, {
        query: { take: 2, ...(next ? { from: next } : {}) },
      });
      seen.push(...body.clients.map((row: { client_id: string }) => row.client_id));
      next = body.next;
    }
    expect(seen).toEqual([...ids].sort());
    expect([...(await read(id)).enabled_clients].sort()).toEqual([...ids].sort());
    await server.request('DELETE', `/clients/${ids[0]}`);
    expect((await read(id)).enabled_clients).toHaveLength(4);
    expect(
      (await server.request('PATCH', path, { body: [{ client_id: ids[1], status: false }] })).status,
    ).toBe(204);
    expect((await read(id)).enabled_clients).toHaveLength(3);
    const mixed = await server.request('PATCH', path, {
      body: [
        { client_id: ids[2], status: false },
        { client_id: 'nobody', status: true },
      ],
    });
    expect(mixed.body.message).toBe('The following clients do not exist: nobody');
    expect((await read(id)).enabled_clients).toHaveLength(3);
  });

  it('are those of an existing connection', async () => {
    const path = '/connections/con_0000000000000000';
    for (const [method, below, body] of [
      ['GET', '/clients', undefined],
      ['PATCH', '/clients', [{ client_id: clientId, status: true }]],
      ['GET', '/status', undefined],
      ['DELETE', '/users?email=a%40example.com', undefined],
    ] as const) {
      const answer = await server.request(method, `${path}${below}`, body ? { body } : {});
      expect(answer.body).toMatchObject({ statusCode: 404, errorCode: 'inexistent_connection' });
    }
  });
});

it('the status of a connection that waits for an agent is 404, of any other 200', async () => {
  const { id } = await create({ name: 'agent', strategy: 'ad' });
  const offline = await server.request('GET', `/connections/${id}/status`);
  expect(offline.status).toBe(404);
  expect(offline.body.message).toMatch(/not connected to any node/);
  const database = await create({ name: 'no-agent' });
  expect((await server.request('GET', `/connections/${database.id}/status`)).body).toEqual({});
});
