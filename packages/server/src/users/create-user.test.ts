import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAnswer, TestServer } from '../../test/support/test-server.ts';
import { pathOf, startUsersFixture, type UsersFixture } from '../../test/support/users-fixture.ts';

const database = 'Username-Password-Authentication';
let server: TestServer;
let create: UsersFixture['create'];
let createConnection: UsersFixture['createConnection'];
let newEmail: UsersFixture['newEmail'];

beforeAll(async () => {
  ({ server, create, createConnection, newEmail } = await startUsersFixture());
});
afterAll(() => server.close());

describe('creating a user', () => {
  it('answers what was sent plus the documented defaults, and nothing else', async () => {
    const email = newEmail();
    const { status, body, headers } = await create({ email });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(
      [
        'created_at',
        'email',
        'email_verified',
        'identities',
        'name',
        'nickname',
        'picture',
        'updated_at',
        'user_id',
      ].sort(),
    );
    expect(body).toMatchObject({ email, email_verified: false, name: email, nickname: email.split('@')[0] });
    expect(body.user_id).toMatch(/^auth0\|[0-9a-f]{24}$/);
    expect(body.identities).toEqual([
      { connection: database, user_id: body.user_id.slice(6), provider: 'auth0', isSocial: false },
    ]);
    expect(body.created_at).toBe(body.updated_at);
    expect(body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(headers['etag']).toBe('"1"');
  });

  it('makes a Gravatar picture that falls back to two letters of this server', async () => {
    const { body } = await create({ email: 'chuck@example.com' });
    const fallback = encodeURIComponent('http://muster.test/avatars/ch.png');
    expect(body.picture).toBe(
      `https://s.gravatar.com/avatar/0b79e7da7bc7877560620cf8f2cc93ae?s=480&r=pg&d=${fallback}`,
    );
    const drawn = await server.fetchRaw('GET', '/avatars/ch.png');
    expect(drawn.status).toBe(200);
    expect(drawn.headers['content-type']).toBe('image/png');
  });

  it('keeps an id that the caller supplies, without touching its text', async () => {
    const { status, body } = await create({ user_id: 'Legacy/4%2F2-ä' });
    expect(status).toBe(201);
    expect(body.user_id).toBe('auth0|Legacy/4%2F2-ä');
    const read = await server.request('GET', pathOf({ body } as TestAnswer));
    expect(read.body.user_id).toBe('auth0|Legacy/4%2F2-ä');
  });

  it('stores the e-mail address of a database user in lower case', async () => {
    const { body } = await create({ email: 'MiXeD.Case@Example.COM' });
    expect(body.email).toBe('mixed.case@example.com');
  });

  it('refuses an address, an id or a username that is taken in the connection with 409', async () => {
    const first = await create({ user_id: 'taken' });
    for (const body of [{ email: first.body.email.toUpperCase() }, { user_id: 'taken' }]) {
      const answer = await create(body);
      expect(answer.status).toBe(409);
      expect(answer.body).toEqual({
        statusCode: 409,
        error: 'Conflict',
        message: 'The user already exists.',
        errorCode: 'auth0_idp_error',
      });
    }
  });

  it('leaves exactly one user of 1,000 parallel creations with one address', async () => {
    const email = newEmail();
    await createConnection('race', 'email');
    const raced = await Promise.all(
      Array.from({ length: 1000 }, () =>
        server.request('POST', '/users', { body: { connection: 'race', email } }),
      ),
    );
    expect(raced.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(raced.filter((answer) => answer.status === 409)).toHaveLength(999);
    const found = await server.request('GET', '/users-by-email', { query: { email } });
    expect(found.body).toHaveLength(1);
  });

  it('lets the same address exist in another connection', async () => {
    await createConnection('second-store', 'auth0');
    const first = await create();
    const second = await create({ connection: 'second-store', email: first.body.email });
    expect(second.status).toBe(201);
    const found = await server.request('GET', '/users-by-email', { query: { email: first.body.email } });
    expect(found.body.map((user: { user_id: string }) => user.user_id).sort()).toEqual(
      [first.body.user_id, second.body.user_id].sort(),
    );
  });

  it.each([
    [{ connection: undefined }, 400, 'invalid_body', /Missing required property: connection/],
    [{ connection: 'nowhere' }, 400, 'inexistent_connection', /^The connection does not exist\.$/],
    [
      { email: 'not-an-address' },
      400,
      'invalid_body',
      /Object didn't pass validation for format email: not-an-address' on property email/,
    ],
    [{ email: undefined }, 400, 'invalid_body', /Missing required property: email/],
    [{ password: undefined }, 400, 'invalid_body', /Missing required property: password/],
    [
      { password: 'short' },
      400,
      'auth0_password_strength_error',
      /^PasswordStrengthError: Password is too weak$/,
    ],
    [
      { username: 'somebody' },
      400,
      'invalid_body',
      /Cannot set username for connection without requires_username/,
    ],
    [{ favourite: 'x' }, 400, 'invalid_body', /Additional properties not allowed: favourite/],
    [{ user_id: 'has space' }, 400, 'invalid_body', /on property user_id/],
    [{ picture: 'not a url' }, 400, 'invalid_body', /format strict-uri.* on property picture/],
    [
      { given_name: 'x'.repeat(151) },
      400,
      'invalid_body',
      /String is too long \(151 chars\), maximum 150' on property given_name/,
    ],
    [
      { user_metadata: [] },
      400,
      'invalid_body',
      /Expected type object but found type array' on property user_metadata/,
    ],
    [{ user_metadata: { 'a.b': 1 } }, 400, 'invalid_body', /on property user_metadata/],
    [{ app_metadata: { deep: { $set: 1 } } }, 400, 'invalid_body', /on property app_metadata\.deep/],
    [{ app_metadata: { email: 'x' } }, 400, 'invalid_body', /Reserved property names are not allowed: email/],
    [
      { user_metadata: { text: 'a\0b' } },
      400,
      'invalid_body',
      /NUL character' on property user_metadata\.text/,
    ],
    [{ user_metadata: { blob: 'x'.repeat(1_100_000) } }, 400, 'invalid_body', /the limit is 1048576/],
  ])('refuses %j', async (change, status, errorCode, message) => {
    const answer = await create(change);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ statusCode: status, errorCode });
    expect(answer.body.message).toMatch(message);
  });

  it('writes nothing when it refuses', async () => {
    const before = await server.request('GET', '/users', { query: { include_totals: true, per_page: 0 } });
    await create({ password: 'short' });
    await create({ app_metadata: { email: 'x' } });
    const after = await server.request('GET', '/users', { query: { include_totals: true, per_page: 0 } });
    expect(after.body.total).toBe(before.body.total);
  });

  it('asks a passwordless connection for its own identifier only', async () => {
    await createConnection('email', 'email');
    await createConnection('sms', 'sms');
    const byMail = await server.request('POST', '/users', {
      body: { connection: 'email', email: newEmail() },
    });
    expect(byMail.body.user_id).toMatch(/^email\|/);
    const byPhone = await server.request('POST', '/users', {
      body: { connection: 'sms', phone_number: '+4930123456' },
    });
    expect(byPhone.body).toMatchObject({
      phone_number: '+4930123456',
      name: '+4930123456',
      phone_verified: false,
    });
    expect(byPhone.body.nickname).toBeUndefined();
    expect(byPhone.body.email_verified).toBeUndefined();
    const missing = await server.request('POST', '/users', {
      body: { connection: 'sms', email: newEmail() },
    });
    expect(missing.body.message).toMatch(/Missing required property: phone_number/);
  });

  it('refuses to create users of social and enterprise connections', async () => {
    await createConnection('google-oauth2', 'google-oauth2');
    const answer = await create({ connection: 'google-oauth2' });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/^Connection does not support user creation through the API/);
  });

  it('holds usernames against the connection that requires them', async () => {
    await createConnection('with-usernames', 'auth0', {
      requires_username: true,
      validation: { username: { min: 3, max: 10 } },
    });
    const made = await create({ connection: 'with-usernames', username: 'JSmith' });
    expect(made.status, made.text).toBe(201);
    expect(made.body.username).toBe('jsmith');
    expect((await create({ connection: 'with-usernames' })).body.message).toMatch(
      /Missing required property: username/,
    );
    expect((await create({ connection: 'with-usernames', username: 'jSMITH' })).status).toBe(409);
    expect((await create({ connection: 'with-usernames', username: 'ab' })).body.message).toMatch(
      /too short/,
    );
    expect((await create({ connection: 'with-usernames', username: 'a@b.com' })).body.message).toMatch(
      /must not be an email/,
    );
    expect((await create({ connection: 'with-usernames', username: 'bad name' })).body.message).toMatch(
      /can only contain/,
    );
  });

  it('queues a verification message unless the address is verified or the caller says no', async () => {
    const queued = async (userId: string) =>
      (await server.request('GET', '/messages', { query: { user_id: userId } })).body.length;
    expect(await queued((await create()).body.user_id)).toBe(1);
    expect(await queued((await create({ email_verified: true })).body.user_id)).toBe(0);
    expect(await queued((await create({ verify_email: false })).body.user_id)).toBe(0);
    expect(await queued((await create({ email_verified: true, verify_email: true })).body.user_id)).toBe(1);
  });

  it('accepts a form body', async () => {
    const answer = await server.fetchRaw('POST', '/api/v2/users', {
      headers: {
        authorization: `Bearer ${await server.getToken()}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({
        connection: database,
        email: newEmail(),
        password: 'Correct-horse-9',
        email_verified: 'true',
      }).toString(),
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body.email_verified).toBe(true);
  });
});
