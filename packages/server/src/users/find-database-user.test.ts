import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../test/support/accounts-fixture.ts';
import { createClient, createUser, database } from '../../test/support/sign-in-fixture.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { findConnectionByName } from '../connections/index.ts';
import { findDatabaseUser } from './find-database-user.ts';

let server: TestServer;
let clientId: string;
beforeAll(async () => {
  server = await startTestServer();
  ({ id: clientId } = await createClient(server));
});
afterAll(() => server.close());

async function find(name: string, identifier: string): Promise<string | undefined> {
  const connection = await findConnectionByName(server.database, name);
  if (!connection) throw new Error(`no connection ${name}`);
  return (await findDatabaseUser(server.database, connection, identifier))?.user.userId;
}

const active = { identifier: { active: true }, signup: { status: 'optional' } };

describe('finding who a text is about', () => {
  it('goes by the address, whatever its case, in that connection alone', async () => {
    await createDatabase(server, 'elsewhere', clientId);
    const id = await createUser(server, 'ada@example.com');
    expect(await find(database, ' Ada@Example.COM ')).toBe(id);
    expect(await find('elsewhere', 'ada@example.com')).toBeUndefined();
    for (const text of ['', ' ', 'ada', '\0', 'ada@example.com\0', '%', 'x'.repeat(5000)])
      expect(await find(database, text)).toBeUndefined();
  });

  it('goes by the username where there are any', async () => {
    await createDatabase(server, 'names', clientId, { requires_username: true });
    const id = await createUser(server, 'grace@example.com', { connection: 'names', username: 'Grace' });
    expect([await find('names', 'GRACE'), await find('names', 'grace@example.com')]).toEqual([id, id]);
  });

  it('does not go by what is no identifier of the connection', async () => {
    await createDatabase(server, 'phones', clientId, {
      attributes: { phone_number: active, email: { ...active, identifier: { active: false } } },
    });
    const phone = { connection: 'phones', phone_number: '+4917012345', email: 'p@example.com' };
    const id = await createUser(server, 'p@example.com', phone);
    expect(await find('phones', '+4917012345')).toBe(id);
    expect(await find('phones', 'p@example.com')).toBeUndefined();
  });

  it('where two people fit, goes by the order of precedence', async () => {
    const username = {
      ...active,
      validation: { max_length: 30, allowed_types: { email: true, phone_number: true } },
    };
    const attributes = { email: active, phone_number: active, username };
    const order = ['username', 'email', 'phone_number'];
    await createDatabase(server, 'by-default', clientId, { attributes });
    await createDatabase(server, 'names-first', clientId, { attributes, precedence: order });
    for (const [connection, winner] of [
      ['by-default', 0],
      ['names-first', 1],
    ] as const) {
      const people = [
        await createUser(server, 'x@example.com', { connection }),
        await createUser(server, 'other@example.com', { connection, username: 'x@example.com' }),
      ];
      expect(await find(connection, 'x@example.com')).toBe(people[winner]);
    }
  });
});
