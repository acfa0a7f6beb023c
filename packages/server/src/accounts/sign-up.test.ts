import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  goodPassword,
  listEvents,
  newEmail,
  post,
} from '../../test/support/accounts-fixture.ts';
import { openBrowser } from '../../test/support/browser.ts';
import { receiveMail } from '../../test/support/mail-client.ts';
import { buildAuthorization, createClient, database, discover } from '../../test/support/sign-in-fixture.ts';
import { type SignUpFixture, startSignUpFixture } from '../../test/support/sign-up-fixture.ts';
import type { TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
let clientId: string;
let signUp: SignUpFixture['signUp'];

beforeAll(async () => {
  ({ server, clientId, signUp } = await startSignUpFixture());
});
afterAll(() => server.close());

async function setExistsFlag(value: boolean): Promise<void> {
  const body = { flags: { enable_public_signup_user_exists_error: value } };
  expect((await server.request('PATCH', '/tenants/settings', { body })).status).toBe(200);
}

const invalid = (description: string) => ({
  name: 'BadRequestError',
  code: 'invalid_signup',
  description,
  statusCode: 400,
});

describe('signing up', () => {
  it('makes a user and answers what was sent, with the bare id', async () => {
    const email = newEmail();
    const answer = await signUp({
      email: email.toUpperCase(),
      given_name: 'Ada',
      family_name: 'Lovelace',
      name: 'Ada Lovelace',
      nickname: 'ada',
      picture: 'https://example.com/ada.png',
      user_metadata: { plan: 'gold', consentGiven: 'true' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      email,
      email_verified: false,
      given_name: 'Ada',
      family_name: 'Lovelace',
      name: 'Ada Lovelace',
      nickname: 'ada',
      picture: 'https://example.com/ada.png',
    });
    const user = await server.request('GET', `/users/auth0%7C${answer.body._id}`);
    expect(user.body).toMatchObject({
      email,
      email_verified: false,
      user_metadata: { plan: 'gold', consentGiven: 'true' },
      identities: [{ connection: database, provider: 'auth0', user_id: answer.body._id }],
    });
    expect(user.body.app_metadata).toBeUndefined();
  });

  it('lets the user sign in with the password', async () => {
    const client = await createClient(server);
    const email = newEmail();
    expect((await signUp({ email, client_id: client.id })).status).toBe(200);
    const token = await post(server, '/oauth/token', {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      client_id: client.id,
      client_secret: client.secret,
      username: email,
      password: goodPassword,
    });
    expect(token.body).toMatchObject({ access_token: expect.any(String) });
  });

  it('takes a form, with metadata in brackets', async () => {
    const email = newEmail();
    const form = new URLSearchParams({
      client_id: clientId,
      connection: database,
      email,
      password: goodPassword,
      nickname: '',
      'user_metadata[plan]': 'gold',
    });
    const answer = await server.fetchRaw('POST', '/dbconnections/signup', {
      payload: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);
    const user = await server.request('GET', `/users/auth0%7C${answer.body._id}`);
    expect(user.body.user_metadata).toEqual({ plan: 'gold' });
  });

  it('queues one mail that verifies the address, in the asked language', async () => {
    const email = newEmail();
    await server.request('PATCH', '/tenants/settings', { body: { enabled_locales: ['en', 'de'] } });
    await signUp({ email }, { 'x-request-language': 'de', 'accept-language': 'en' });
    const mails = await receiveMail(server, email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('/u/email-verification?ticket=');
    expect(mails[0]?.text).toContain('Bitte bestätigen Sie');
  });

  it('queues nothing where no verification is sent: the welcome comes with the first sign-in', async () => {
    const template = (name: string, enabled: boolean) => ({
      template: name,
      body: '<p>{{ user.email }}</p>',
      from: 'no-reply@example.com',
      subject: name,
      syntax: 'liquid',
      enabled,
    });
    await server.request('POST', '/email-templates', { body: template('verify_email', false) });
    await server.request('POST', '/email-templates', { body: template('welcome_email', true) });
    const email = newEmail();
    await signUp({ email });
    await server.request('PUT', '/email-templates/verify_email', { body: template('verify_email', true) });
    await server.request('PUT', '/email-templates/welcome_email', { body: template('welcome_email', false) });
    expect(await receiveMail(server, email)).toEqual([]);
  });

  it('is logged with the password masked', async () => {
    const email = newEmail();
    const { body } = await signUp({ email }, { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'test' });
    const events = await listEvents(server, email);
    expect(events).toEqual([
      {
        type: 'ss',
        description: null,
        user_id: `auth0|${body._id}`,
        client_id: clientId,
        ip: '203.0.113.7',
        details: { body: { client_id: clientId, connection: database, email, password: '*****' } },
      },
    ]);
  });

  it('makes one user of 20 sign-ups at once with one address', async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 20 }, () => signUp({ email })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.code}`))).toEqual(
      new Set(['400 user_exists']),
    );
    const found = await server.request('GET', '/users-by-email', { query: { email } });
    expect(found.body).toHaveLength(1);
    expect(await receiveMail(server, email)).toHaveLength(1);
    const types = (await listEvents(server, email)).map(({ type }) => type).sort();
    expect(types).toEqual([...Array.from({ length: 19 }, () => 'fs'), 'ss']);
  });
});

describe('the hosted sign-up page', () => {
  it('makes the account, signs in and comes back with a code', async () => {
    const client = await createClient(server);
    const configuration = await discover(server, client);
    const authorization = await buildAuthorization(configuration, { screen_hint: 'signup' });
    const browser = openBrowser(server);
    const page = await browser.open(authorization.url.href);
    const email = newEmail();
    const weak = await browser.submit(page, { email, password: 'weak' });
    expect([weak.status, weak.text.includes('at least 8 characters')]).toEqual([400, true]);
    const done = await browser.submit(weak, { email, password: goodPassword });
    expect(new URL(done.location ?? '').searchParams.get('code')).toEqual(expect.any(String));
    const types = (await listEvents(server, email)).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['fs', 'ss', 's']);
  });
});

describe('identifiers', () => {
  it('are wanted as the connection says', async () => {
    await createDatabase(server, 'with-usernames', clientId, {
      requires_username: true,
      validation: { username: { min: 3, max: 10 } },
    });
    const connection = 'with-usernames';
    const email = newEmail();
    expect((await signUp({ connection, email })).body).toEqual(
      invalid("Payload validation error: 'Missing required property: username'."),
    );
    expect((await signUp({ email: undefined })).body).toEqual(
      invalid("Payload validation error: 'Missing required property: email'."),
    );
    for (const username of ['ab', 'abcdefghijk', 'ad a', 'ada@example.com', 'Ä123'])
      expect((await signUp({ connection, email, username })).body.code).toBe('invalid_signup');
    const made = await signUp({ connection, email, username: 'Ada.L' });
    expect(made.body).toMatchObject({ email, username: 'ada.l' });
    const taken = await signUp({ connection, email: newEmail(), username: 'ADA.L' });
    expect([taken.status, taken.body]).toEqual([
      400,
      {
        name: 'BadRequestError',
        code: 'username_exists',
        description: 'The username provided is in use already.',
        statusCode: 400,
      },
    ]);
    const unwanted = await signUp({ email: newEmail(), username: 'ada' });
    expect(unwanted.body.code).toBe('invalid_signup');
  });

  it('may be a phone number or a username alone, where attributes say so', async () => {
    const attribute = (status: string) => ({ identifier: { active: true }, signup: { status } });
    await createDatabase(server, 'flexible', clientId, {
      attributes: {
        email: attribute('optional'),
        phone_number: attribute('optional'),
        username: {
          ...attribute('optional'),
          validation: { max_length: 30, allowed_types: { email: false, phone_number: false } },
        },
      },
    });
    const connection = 'flexible';
    const byPhone = await signUp({ connection, phone_number: '+491701234567' });
    expect(byPhone.body).toEqual({
      _id: expect.any(String),
      phone_number: '+491701234567',
      phone_verified: false,
    });
    const byName = await signUp({ connection, username: 'ada' });
    expect(byName.body).toEqual({ _id: expect.any(String), username: 'ada' });
    expect((await signUp({ connection, username: '+491701234567' })).body.code).toBe('invalid_signup');
    expect((await signUp({ connection, phone_number: '+491701234567' })).body.code).toBe('user_exists');
    expect((await signUp({ connection })).body.code).toBe('invalid_signup');
  });
});

describe('who exists', () => {
  it('is told by default and hidden where the tenant wants that', async () => {
    const email = newEmail();
    await signUp({ email });
    const told = await signUp({ email });
    expect([told.status, told.body]).toEqual([
      400,
      {
        name: 'BadRequestError',
        code: 'user_exists',
        description: 'The user already exists.',
        statusCode: 400,
      },
    ]);
    await setExistsFlag(false);
    const hidden = await signUp({ email: email.toUpperCase() });
    expect([hidden.status, hidden.body]).toEqual([400, invalid('Invalid sign up')]);
    await setExistsFlag(true);
  });
});

describe('what is refused', () => {
  it('names the property', async () => {
    const email = newEmail();
    const of = async (body: Record<string, unknown>) => {
      const answer = await signUp({ email, ...body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signup']);
      return answer.body.description;
    };
    expect(await of({ app_metadata: {} })).toBe(
      "Payload validation error: 'Additional properties not allowed: app_metadata'.",
    );
    expect(await of({ email: 'no address' })).toContain('format email');
    expect(await of({ email: 5 })).toContain('Expected type string but found type integer');
    expect(await of({ user_metadata: { consent: true } })).toContain('on property user_metadata.consent');
    expect(await of({ user_metadata: { long: 'x'.repeat(501) } })).toContain('maximum 500');
    expect(await of({ user_metadata: { ['k'.repeat(101)]: 'x' } })).toContain('maximum 100');
    expect(await of({ user_metadata: { 'a.b': 'x' } })).toContain('user_metadata');
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'x']));
    expect(await of({ user_metadata: many })).toContain('maximum 10');
    expect(await of({ password: undefined })).toContain('Missing required property: password');
    expect(await of({ client_id: undefined })).toContain('Missing required property: client_id');
    expect(await of({ client_id: 'nobody' })).toBe('The client does not exist.');
    expect(await of({ connection: 'nothing' })).toBe('The client may use no such database connection.');
    expect(await listEvents(server, email)).not.toContainEqual(expect.objectContaining({ type: 'ss' }));
  });

  it('is a connection that the client may not use, and one that is not a database or not there', async () => {
    const other = await createClient(server, { name: 'Other' });
    await createDatabase(server, 'others-only', other.id);
    const body = { name: 'by-mail', strategy: 'email', enabled_clients: [clientId] };
    expect((await server.request('POST', '/connections', { body })).status).toBe(201);
    for (const connection of ['others-only', 'by-mail', 'nowhere']) {
      const refused = await signUp({ email: newEmail(), connection });
      expect(refused.body).toEqual(invalid('The client may use no such database connection.'));
    }
  });

  it('is a connection that is closed to the public, while the Management API goes on', async () => {
    const connection = 'closed';
    await createDatabase(server, connection, clientId, { disable_signup: true });
    const email = newEmail();
    const { status, body } = await signUp({ connection, email });
    expect([status, body]).toEqual([400, { error: 'public signup is disabled' }]);
    const events = await listEvents(server, email);
    expect(events).toMatchObject([{ type: 'fs', description: 'public signup is disabled' }]);
    const byAdministrator = await server.request('POST', '/users', {
      body: { connection, email, password: goodPassword },
    });
    expect(byAdministrator.status).toBe(201);
  });

  it('is logged with the reason and without the password', async () => {
    const email = newEmail();
    await signUp({ email, password: 'swordfish' });
    const [event] = await listEvents(server, email);
    expect(event).toMatchObject({
      type: 'fs',
      description: 'Password is too weak',
      client_id: clientId,
      details: { body: { email, password: '*****' }, error: { code: 'invalid_password' } },
    });
    expect(JSON.stringify(event)).not.toContain('swordfish');
  });

  it('is what is no JSON', async () => {
    const answer = await server.fetchRaw('POST', '/dbconnections/signup', {
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_signup']);
    const xml = await server.fetchRaw('POST', '/dbconnections/signup', {
      payload: '<a/>',
      headers: { 'content-type': 'text/xml' },
    });
    expect(xml.status).toBe(415);
  });

  it('is never a 5xx, and never leaves half an account', async () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('\0', '\ud800', '__proto__', 'constructor', 'x'.repeat(5000), '%00', "' OR 1=1 --"),
    );
    const names = ['email', 'username', 'phone_number', 'password', 'name', 'picture', 'user_metadata', 'x'];
    const body = fc.dictionary(fc.constantFrom(...names), anything);
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async (garbage, isWhole) => {
        const sent = isWhole
          ? {
              client_id: clientId,
              connection: database,
              password: goodPassword,
              email: newEmail(),
              ...garbage,
            }
          : garbage;
        const answer = await post(server, '/dbconnections/signup', sent);
        expect(answer.status, JSON.stringify(sent)).toBeLessThan(500);
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 400) expect(answer.body).toHaveProperty('code');
      }),
      { numRuns: 150 },
    );
    const { rows } = await sql`
      SELECT 1 FROM users WHERE NOT EXISTS (SELECT 1 FROM identities WHERE identities.user_id = users.user_id)
      UNION ALL SELECT 1 FROM logs WHERE details::text LIKE ${`%${goodPassword}%`}`.execute(server.database);
    expect(rows).toEqual([]);
  });
});
