import { ManagementClient } from 'auth0';
import { AuthApiError, AuthenticationClient } from 'auth0/legacy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from './support/test-config.ts';
import { startTlsServer, type TlsServer } from './support/tls-server.ts';

const connection = 'Username-Password-Authentication';
const password = 'Correct-horse-9';
let server: TlsServer;
let management: ManagementClient;
let authentication: AuthenticationClient;
beforeAll(async () => {
  server = await startTlsServer();
  management = new ManagementClient({
    domain: server.domain,
    clientId: testManagementClient.id,
    clientSecret: testManagementClient.secret,
  });
  const { client_id: clientId = '', client_secret: clientSecret = '' } = await management.clients.create({
    name: 'Application',
  });
  authentication = new AuthenticationClient({ domain: server.domain, clientId, clientSecret });
  const [found] = (await management.connections.list({ name: connection })).data;
  await management.connections.clients.update(found?.id ?? '', [{ client_id: clientId, status: true }]);
});
afterAll(() => server.close());

async function refusalOf(call: Promise<unknown>): Promise<AuthApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AuthApiError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('accounts with the official authentication client', () => {
  it('signs up', async () => {
    const { data, status } = await authentication.database.signUp({
      connection,
      email: 'ada@example.com',
      password,
      given_name: 'Ada',
      user_metadata: { plan: 'gold' },
    });
    expect(status).toBe(200);
    expect(data).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      id: expect.any(String),
      email: 'ada@example.com',
      email_verified: false,
      given_name: 'Ada',
    });
    const user = await management.users.get(`auth0|${data.id}`);
    expect(user).toMatchObject({ email: 'ada@example.com', user_metadata: { plan: 'gold' } });
  });

  it('tells the SDK why it refuses', async () => {
    const email = 'grace@example.com';
    await authentication.database.signUp({ connection, email, password });
    const exists = await refusalOf(authentication.database.signUp({ connection, email, password }));
    expect([exists.statusCode, exists.error, exists.error_description]).toEqual([
      400,
      'user_exists',
      'The user already exists.',
    ]);
    const weak = await refusalOf(
      authentication.database.signUp({ connection, email: 'weak@example.com', password: 'x' }),
    );
    expect([weak.statusCode, weak.error]).toEqual([400, 'invalid_password']);
    expect(JSON.parse(weak.body)).toMatchObject({
      name: 'PasswordStrengthError',
      description: { verified: false, rules: [{ code: 'lengthAtLeast' }, { code: 'containsAtLeast' }] },
    });
    const nowhere = await refusalOf(
      authentication.database.signUp({ connection: 'nothing', email, password }),
    );
    expect([nowhere.statusCode, nowhere.error]).toEqual([400, 'invalid_signup']);
  });

  it('asks for a new password, whoever it is', async () => {
    for (const email of ['ada@example.com', 'nobody@example.com']) {
      const { data, status } = await authentication.database.changePassword({ connection, email });
      expect([status, data]).toEqual([200, "We've just sent you an email to reset your password."]);
    }
    const refused = await refusalOf(
      authentication.database.changePassword({ connection: 'nothing', email: 'ada@example.com' }),
    );
    expect([refused.statusCode, refused.error]).toEqual([400, 'invalid_request']);
  });
});
