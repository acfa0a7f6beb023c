import { ManagementClient, ManagementError } from 'auth0';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from './support/test-config.ts';
import { startTlsServer, type TlsServer } from './support/tls-server.ts';

const database = 'Username-Password-Authentication';
let server: TlsServer;
let management: ManagementClient;

beforeAll(async () => {
  server = await startTlsServer();
  management = new ManagementClient({
    domain: server.domain,
    clientId: testManagementClient.id,
    clientSecret: testManagementClient.secret,
  });
});
afterAll(() => server.close());

/** The id of what was made; an official client that got none has not understood the answer. */
function idOf(id: string | undefined): string {
  if (id === undefined) throw new Error('the answer has no id');
  return id;
}

async function failureOf(call: PromiseLike<unknown>): Promise<ManagementError> {
  const error = await Promise.resolve(call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ManagementError))
    throw new Error(`expected the SDK's own error, got ${String(error)}`);
  return error;
}

describe('the official SDK, unchanged, over TLS', () => {
  it('creates, reads, changes, blocks, finds and deletes a user', async () => {
    const created = await management.users.create({
      connection: database,
      email: 'Ada@Example.com',
      password: 'Correct-horse-9',
      given_name: 'Ada',
      user_metadata: { colour: 'blue' },
      app_metadata: { plan: 'free' },
    });
    const id = idOf(created.user_id);
    expect(created).toMatchObject({ email: 'ada@example.com', email_verified: false, given_name: 'Ada' });

    const read = await management.users.get(id);
    expect(read).toEqual(created);
    const projected = await management.users.get(id, { fields: 'email,user_metadata', include_fields: true });
    expect(projected).toEqual({ email: 'ada@example.com', user_metadata: { colour: 'blue' } });

    const changed = await management.users.update(id, {
      app_metadata: { plan: 'pro' },
      nickname: 'countess',
    });
    expect(changed).toMatchObject({
      nickname: 'countess',
      app_metadata: { plan: 'pro' },
      user_metadata: { colour: 'blue' },
    });
    expect((await management.users.update(id, { blocked: true })).blocked).toBe(true);
    expect((await management.users.get(id)).blocked).toBe(true);
    expect((await management.users.update(id, { blocked: false })).blocked).toBe(false);

    const found = await management.users.listUsersByEmail({ email: 'ada@example.com' });
    expect(found.map((user) => user.user_id)).toEqual([id]);

    await management.users.delete(id);
    const gone = await failureOf(management.users.get(id));
    expect(gone.statusCode).toBe(404);
    expect(gone.body).toMatchObject({ errorCode: 'inexistent_user', message: 'The user does not exist.' });
  });

  it('walks every page of users by its own pager', async () => {
    const made = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const user = await management.users.create({
        connection: database,
        email: `page${index}@example.com`,
        password: 'Correct-horse-9',
      });
      made.add(idOf(user.user_id));
    }
    const seen: string[] = [];
    for await (const user of await management.users.list({ per_page: 5, include_totals: true }))
      seen.push(idOf(user.user_id));
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of made) expect(seen).toContain(id);
  });

  it('manages roles, who has them and what they permit, and walks their users by its own pager', async () => {
    const role = await management.roles.create({ name: 'sdk editor', description: 'Edits' });
    const roleId = idOf(role.id);
    expect(await management.roles.update(roleId, { name: 'sdk chief editor' })).toEqual({
      id: roleId,
      name: 'sdk chief editor',
      description: 'Edits',
    });
    const taken = await failureOf(management.roles.create({ name: 'sdk chief editor' }));
    expect(taken.statusCode).toBe(409);
    const ids = [];
    for (let index = 0; index < 5; index++) {
      const email = `role${index}@example.com`;
      const user = await management.users.create({
        connection: database,
        email,
        password: 'Correct-horse-9',
      });
      ids.push(idOf(user.user_id));
    }
    const [first = '', ...others] = ids;
    await management.users.roles.assign(first, { roles: [roleId] });
    await management.roles.users.assign(roleId, { users: others });
    const members: string[] = [];
    for await (const user of await management.roles.users.list(roleId, { take: 2 }))
      members.push(idOf(user.user_id));
    expect(members.sort()).toEqual([...ids].sort());

    const identifier = 'https://sdk-roles.example.com/';
    await management.resourceServers.create({ identifier, scopes: [{ value: 'read:it' }] });
    const permissions = [{ resource_server_identifier: identifier, permission_name: 'read:it' }];
    await management.roles.permissions.add(roleId, { permissions });
    await management.users.permissions.create(first, { permissions });
    const held = await management.users.permissions.list(first);
    expect(held.data).toMatchObject([
      { permission_name: 'read:it', sources: [{ source_type: 'DIRECT' }, { source_id: roleId }] },
    ]);
    await management.users.permissions.delete(first, { permissions });
    await management.roles.permissions.delete(roleId, { permissions });
    expect((await management.roles.permissions.list(roleId)).data).toEqual([]);

    await management.users.roles.delete(first, { roles: [roleId] });
    expect((await management.users.roles.list(first)).data).toEqual([]);
    await management.roles.delete(roleId);
    const gone = await failureOf(management.roles.get(roleId));
    expect(gone.statusCode).toBe(404);
    const named = await management.roles.list({ name_filter: 'SDK', per_page: 1 });
    expect(named.data).toEqual([]);
  });

  it('tells a taken address as a conflict', async () => {
    await management.users.create({
      connection: database,
      email: 'twice@example.com',
      password: 'Correct-horse-9',
    });
    const error = await failureOf(
      management.users.create({
        connection: database,
        email: 'TWICE@example.com',
        password: 'Correct-horse-9',
      }),
    );
    expect(error.statusCode).toBe(409);
    expect(error.body).toMatchObject({ message: 'The user already exists.' });
  });

  it('manages connections and the clients they are enabled for', async () => {
    const client = await management.clients.create({ name: 'Storefront' });
    const clientId = idOf(client.client_id);
    const created = await management.connections.create({
      name: 'customers',
      strategy: 'auth0',
      options: { passwordPolicy: 'low' },
    });
    const id = idOf(created.id);
    expect(id).toMatch(/^con_[A-Za-z0-9]{16}$/);
    expect(created.options).toMatchObject({ passwordPolicy: 'low', brute_force_protection: true });

    await management.connections.clients.update(id, [{ client_id: clientId, status: true }]);
    const enabled: string[] = [];
    for await (const row of await management.connections.clients.get(id)) enabled.push(row.client_id);
    expect(enabled).toEqual([clientId]);

    const user = await management.users.create({
      connection: 'customers',
      email: 'weak@example.com',
      password: 'simple',
    });
    expect(user.identities?.[0]?.connection).toBe('customers');

    const names: (string | undefined)[] = [];
    for await (const connection of await management.connections.list({ take: 1 }))
      names.push(connection.name);
    expect(names).toEqual(expect.arrayContaining([database, 'customers']));

    const updated = await management.connections.update(id, { options: { requires_username: true } });
    expect(updated.options).toMatchObject({ requires_username: true });
    expect(updated.options).not.toHaveProperty('passwordPolicy');

    await management.connections.delete(id);
    await expect
      .poll(async () => (await failureOf(management.users.get(idOf(user.user_id)))).statusCode)
      .toBe(404);
    expect((await failureOf(management.connections.get(id))).statusCode).toBe(404);
  });

  it('manages clients, APIs and grants, and a new client gets a token for what it was granted', async () => {
    const api = await management.resourceServers.create({
      identifier: 'https://orders.example.com/',
      name: 'Orders',
      scopes: [{ value: 'read:orders' }, { value: 'write:orders' }],
    });
    const client = await management.clients.create({
      name: 'Warehouse',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
    });
    const clientId = idOf(client.client_id);
    const grant = await management.clientGrants.create({
      client_id: clientId,
      audience: 'https://orders.example.com/',
      scope: ['read:orders'],
    });

    const requestToken = async (secret: string | undefined) => {
      const answer = await fetch(`https://${server.domain}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: secret,
          audience: 'https://orders.example.com/',
        }),
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await requestToken(client.client_secret)).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 86_400, scope: 'read:orders' },
    });

    const rotated = await management.clients.rotateSecret(clientId);
    expect(rotated.client_secret).not.toBe(client.client_secret);
    expect((await requestToken(client.client_secret)).status).toBe(401);
    expect((await requestToken(rotated.client_secret)).status).toBe(200);

    await management.clientGrants.update(idOf(grant.id), { scope: ['read:orders', 'write:orders'] });
    expect((await requestToken(rotated.client_secret)).body).toMatchObject({
      scope: 'read:orders write:orders',
    });

    const grants: (string | undefined)[] = [];
    for await (const row of await management.clientGrants.list({ client_id: clientId }))
      grants.push(row.audience);
    expect(grants).toEqual(['https://orders.example.com/']);

    await management.clientGrants.delete(idOf(grant.id));
    expect((await requestToken(rotated.client_secret)).status).toBe(403);

    expect((await management.resourceServers.get('https://orders.example.com/')).id).toBe(api.id);
    await management.resourceServers.update(idOf(api.id), { token_lifetime: 600 });
    await management.resourceServers.delete(idOf(api.id));
    expect((await failureOf(management.resourceServers.get(idOf(api.id)))).statusCode).toBe(404);

    await management.clients.update(clientId, {
      description: 'Picks and packs',
      client_metadata: { region: 'eu' },
    });
    expect(await management.clients.get(clientId)).toMatchObject({
      description: 'Picks and packs',
      client_metadata: { region: 'eu' },
    });
    await management.clients.delete(clientId);
    expect((await failureOf(management.clients.get(clientId))).statusCode).toBe(404);
  });

  it('reads the log of what it did, the statistics and the settings', async () => {
    const types: (string | undefined)[] = [];
    for await (const event of await management.logs.list({ per_page: 50 })) types.push(event.type);
    expect(types).toContain('sapi');
    const active: unknown = await management.stats.getActiveUsersCount();
    expect(active).toBe(0);
    const daily = await management.stats.getDaily({});
    expect(daily.length).toBeGreaterThan(0);
    const settings = await management.tenants.settings.update({
      friendly_name: 'Acme',
      session_lifetime_in_minutes: 181,
    });
    expect(settings.friendly_name).toBe('Acme');
    expect((await management.tenants.settings.get()).session_lifetime).toBeCloseTo(181 / 60, 10);
  });
});
