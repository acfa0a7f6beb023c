import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestAnswer, type TestServer } from '../../test/support/test-server.ts';

const database = 'Username-Password-Authentication';
let server: TestServer;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function newEmail(): string {
  counter += 1;
  return `person${counter}@example.com`;
}

async function create(body: Record<string, unknown> = {}): Promise<TestAnswer> {
  return server.request('POST', '/users', {
    body: { connection: database, email: newEmail(), password: 'Correct-horse-9', ...body },
  });
}

const pathOf = (answer: TestAnswer) => `/users/${encodeURIComponent(answer.body.user_id)}`;

async function createConnection(
  name: string,
  strategy: string,
  options: Record<string, unknown> = {},
): Promise<void> {
  const answer = await server.request('POST', '/connections', {
    body: { name, strategy, options, enabled_clients: [server.config.managementClient.id] },
  });
  expect(answer.status, answer.text).toBe(201);
}

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

describe('reading users', () => {
  it('answers 404 with the documented body for an unknown id, and 400 for one without a provider', async () => {
    const unknown = await server.request('GET', '/users/auth0%7Cnobody');
    expect(unknown.body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'The user does not exist.',
      errorCode: 'inexistent_user',
    });
    const malformed = await server.request('GET', '/users/nobody');
    expect(malformed.status).toBe(400);
    expect(malformed.body).toMatchObject({
      errorCode: 'invalid_uri',
      message:
        "Path validation error: 'String does not match pattern ^.+\\|.+$: nobody' on property id (The user_id of the user to retrieve).",
    });
  });

  it('projects root keys by fields and include_fields', async () => {
    const made = await create({ user_metadata: { colour: 'blue' } });
    const only = await server.request('GET', pathOf(made), {
      query: { fields: 'email,user_metadata,absent' },
    });
    expect(only.body).toEqual({ email: made.body.email, user_metadata: { colour: 'blue' } });
    const without = await server.request('GET', pathOf(made), {
      query: { fields: 'email', include_fields: false },
    });
    expect(without.body.email).toBeUndefined();
    expect(without.body.user_id).toBe(made.body.user_id);
  });

  it('finds database users by e-mail whatever its case', async () => {
    const made = await create();
    const found = await server.request('GET', '/users-by-email', {
      query: { email: made.body.email.toUpperCase(), fields: 'user_id' },
    });
    expect(found.body).toEqual([{ user_id: made.body.user_id }]);
    expect(
      (await server.request('GET', '/users-by-email', { query: { email: 'nobody@example.com' } })).body,
    ).toEqual([]);
  });

  it('pages through every user once, with exact totals', async () => {
    for (let index = 0; index < 7; index++) await create();
    const seen: string[] = [];
    let total = 0;
    for (let page = 0; ; page++) {
      const { body } = await server.request('GET', '/users', {
        query: { page, per_page: 5, include_totals: true },
      });
      expect(body).toMatchObject({ start: page * 5, limit: 5, length: body.users.length });
      total = body.total;
      seen.push(...body.users.map((user: { user_id: string }) => user.user_id));
      if (body.users.length < 5) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(total);
  });

  it('sorts by any documented field with missing values last', async () => {
    for (const field of ['email', 'name', 'logins_count', 'created_at', 'user_id']) {
      for (const direction of ['1', '-1']) {
        const { status, body } = await server.request('GET', '/users', {
          query: { sort: `${field}:${direction}`, per_page: 100 },
        });
        expect(status).toBe(200);
        const values = body.map((user: Record<string, unknown>) => user[field]);
        const present = values.filter((value: unknown) => value !== undefined);
        expect(values.slice(0, present.length)).toEqual(present);
        const ordered = [...present].sort((a, b) =>
          Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))),
        );
        expect(present).toEqual(direction === '1' ? ordered : ordered.reverse());
      }
    }
  });

  it.each([
    ['per_page=101', /greater than maximum 100' on property per_page/],
    ['page=-1', /less than minimum 0' on property page/],
    ['page=x', /Expected type integer/],
    ['sort=picture:1', /Cannot sort by picture/],
    ['sort=email', /does not match pattern/],
    ['search_engine=v9', /search_engine/],
    ['unknown=1', /Additional properties not allowed: unknown/],
  ])('refuses the query %s', async (query, message) => {
    const { status, body } = await server.request('GET', `/users?${query}`);
    expect(status).toBe(400);
    expect(body.errorCode).toBe('invalid_query_string');
    expect(body.message).toMatch(message);
  });

  it('answers an empty list far beyond the end', async () => {
    expect(
      (await server.request('GET', '/users', { query: { page: 9_999_999, per_page: 100 } })).body,
    ).toEqual([]);
  });
});

describe('changing a user', () => {
  it('merges metadata at the first level, removes by null, empties by {}', async () => {
    const made = await create({
      user_metadata: { a: 1, b: { x: 1 } },
      app_metadata: { facts: [1], plan: 'pro' },
    });
    const patch = async (body: unknown) => (await server.request('PATCH', pathOf(made), { body })).body;
    expect((await patch({ user_metadata: { c: 2 } })).user_metadata).toEqual({ a: 1, b: { x: 1 }, c: 2 });
    expect((await patch({ user_metadata: { b: { y: 2 } } })).user_metadata).toEqual({
      a: 1,
      b: { y: 2 },
      c: 2,
    });
    expect((await patch({ user_metadata: { a: null, b: { y: null } } })).user_metadata).toEqual({
      b: { y: null },
      c: 2,
    });
    expect((await patch({ app_metadata: { foo: 'bar' } })).app_metadata).toEqual({
      facts: [1],
      plan: 'pro',
      foo: 'bar',
    });
    const emptied = await patch({ user_metadata: {}, app_metadata: {} });
    expect(emptied.user_metadata).toEqual({});
    expect('app_metadata' in emptied).toBe(false);
  });

  it('sets and removes root attributes, and falls back to the computed ones', async () => {
    const made = await create();
    const named = await server.request('PATCH', pathOf(made), {
      body: { name: 'Ada', nickname: 'ada', picture: 'https://example.com/a.png' },
    });
    expect(named.body).toMatchObject({ name: 'Ada', nickname: 'ada', picture: 'https://example.com/a.png' });
    const removed = await server.request('PATCH', pathOf(made), {
      body: { name: null, nickname: null, picture: null },
    });
    expect(removed.body).toMatchObject({
      name: made.body.email,
      nickname: made.body.nickname,
      picture: made.body.picture,
    });
  });

  it('shows what else an identity provider sent, but nothing of the names that are ours to say', async () => {
    const made = await create();
    const sent = {
      locale: 'de',
      blocked: false,
      app_metadata: { plan: 'gold' },
      username: 'root',
      logins_count: 9,
    };
    await sql`UPDATE users SET attributes = ${JSON.stringify(sent)} WHERE user_id = ${made.body.user_id}`.execute(
      server.database,
    );
    const { body } = await server.request('GET', pathOf(made));
    expect(body).toEqual({ ...made.body, locale: 'de' });
  });

  it('blocks and unblocks; blocked is absent until it was first set', async () => {
    const made = await create();
    expect('blocked' in made.body).toBe(false);
    expect((await server.request('PATCH', pathOf(made), { body: { blocked: true } })).body.blocked).toBe(
      true,
    );
    expect((await server.request('PATCH', pathOf(made), { body: { blocked: false } })).body.blocked).toBe(
      false,
    );
  });

  it('takes a new e-mail address as unverified, and refuses one that is taken with 400', async () => {
    const made = await create({ email_verified: true });
    const other = await create();
    const changed = await server.request('PATCH', pathOf(made), {
      body: { email: newEmail().toUpperCase() },
    });
    expect(changed.body.email_verified).toBe(false);
    expect(changed.body.email).toBe(changed.body.email.toLowerCase());
    const taken = await server.request('PATCH', pathOf(made), { body: { email: other.body.email } });
    expect(taken.status).toBe(400);
    expect(taken.body).toMatchObject({
      errorCode: 'auth0_idp_error',
      message: 'The specified new email already exists',
    });
    const again = await create({ email: made.body.email });
    expect(again.status).toBe(201); // the old address is free
  });

  it.each([
    [
      { password: 'Correct-horse-8', email: 'x@example.com' },
      'Cannot update password and email simultaneously',
    ],
    [
      { password: 'Correct-horse-8', email_verified: true },
      'Cannot update password and email_verified simultaneously',
    ],
    [{ username: 'abc', password: 'Correct-horse-8' }, 'Cannot update username and password simultaneously'],
    [{ username: 'abc', email: 'x@example.com' }, 'Cannot update username and email simultaneously'],
  ])('refuses the combination %j', async (body, message) => {
    const made = await create();
    const answer = await server.request('PATCH', pathOf(made), { body });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errorCode: 'operation_not_supported', message });
  });

  it('changes the password by the policy, records when, and lifts an administrator block', async () => {
    const made = await create();
    await server.request('PATCH', pathOf(made), { body: { blocked: true } });
    const weak = await server.request('PATCH', pathOf(made), { body: { password: 'weak' } });
    expect(weak.body).toMatchObject({
      statusCode: 400,
      message: 'PasswordStrengthError: Password is too weak',
    });
    const changed = await server.request('PATCH', pathOf(made), {
      body: { password: 'Another-horse-7', app_metadata: { by: 'support' } },
    });
    expect(changed.status, changed.text).toBe(200);
    expect(changed.body.last_password_reset).toMatch(/Z$/);
    expect(changed.body.blocked).toBe(false);
  });

  it('refuses passwords by dictionary, personal data and history', async () => {
    await createConnection('strict', 'auth0', {
      passwordPolicy: 'low',
      password_dictionary: { enable: true, dictionary: ['Acme-Rockets'] },
      password_no_personal_info: { enable: true },
      password_history: { enable: true, size: 3 },
    });
    const made = await create({
      connection: 'strict',
      email: 'wolfgang@example.com',
      password: 'first-password-x',
    });
    expect(made.status, made.text).toBe(201);
    const attempt = async (password: string) =>
      (await server.request('PATCH', pathOf(made), { body: { password } })).body.message;
    expect(await attempt('acme-rockets')).toBe('PasswordDictionaryError: Password is too common');
    expect(await attempt('letmein')).toBe('PasswordDictionaryError: Password is too common');
    expect(await attempt('my-WOLFGANG-1')).toBe(
      'PasswordNoUserInfoError: Password contains user information',
    );
    expect(await attempt('first-password-x')).toBe('PasswordHistoryError: Password has previously been used');
    for (const password of ['second-password-x', 'third-password-x', 'fourth-password-x'])
      expect(await attempt(password)).toBeUndefined();
    expect(await attempt('second-password-x')).toMatch(/^PasswordHistoryError/);
    expect(await attempt('first-password-x')).toBeUndefined(); // beyond the last three
  });

  it('refuses an empty change, unknown attributes and metadata that is null', async () => {
    const made = await create();
    for (const [body, message] of [
      [{}, /Too few properties defined/],
      [{ favourite: 1 }, /Additional properties not allowed: favourite/],
      [{ user_metadata: null }, /Expected type object but found type null' on property user_metadata/],
      [{ blocked: 'yes' }, /Expected type boolean but found type string' on property blocked/],
      [{ connection: 'elsewhere', name: 'x' }, /no identity in the connection elsewhere/],
    ] as const) {
      const answer = await server.request('PATCH', pathOf(made), { body });
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(message);
    }
  });

  it('notices a change made since the caller read, and changes nothing then', async () => {
    const made = await create();
    const etag = String(made.headers['etag']);
    const first = await server.request('PATCH', pathOf(made), {
      body: { name: 'First' },
      headers: { 'if-match': etag },
    });
    expect(first.status).toBe(200);
    const second = await server.request('PATCH', pathOf(made), {
      body: { name: 'Second' },
      headers: { 'if-match': etag },
    });
    expect(second.status).toBe(412);
    const removal = await server.request('DELETE', pathOf(made), { headers: { 'if-match': etag } });
    expect(removal.status).toBe(412);
    expect((await server.request('GET', pathOf(made))).body.name).toBe('First');
  });

  it('keeps every one of many parallel metadata changes', async () => {
    const made = await create();
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        server.request('PATCH', pathOf(made), { body: { user_metadata: { [`key${index}`]: index } } }),
      ),
    );
    const { body, headers } = await server.request('GET', pathOf(made));
    expect(Object.keys(body.user_metadata)).toHaveLength(40);
    expect(headers['etag']).toBe('"41"');
  });

  it('lets a token with update:users_app_metadata change nothing but that', async () => {
    const made = await create();
    const scopes = ['update:users_app_metadata'];
    expect(
      (await server.request('PATCH', pathOf(made), { scopes, body: { app_metadata: { plan: 'pro' } } }))
        .status,
    ).toBe(200);
    const refused = await server.request('PATCH', pathOf(made), {
      scopes,
      body: { app_metadata: {}, blocked: true },
    });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      errorCode: 'insufficient_scope',
      message: 'You cannot update the following fields: blocked',
    });
  });
});

describe('deleting a user', () => {
  it('removes it for good, frees its identifiers and answers 204 again', async () => {
    const made = await create({ user_id: 'short-lived' });
    expect((await server.request('DELETE', pathOf(made))).status).toBe(204);
    expect((await server.request('GET', pathOf(made))).status).toBe(404);
    expect((await server.request('DELETE', pathOf(made))).status).toBe(204);
    expect((await create({ email: made.body.email, user_id: 'short-lived' })).status).toBe(201);
  });
});

describe('the log of user changes', () => {
  it('records who changed what, before and after, without the password', async () => {
    const made = await create({ app_metadata: { plan: 'free' } });
    await server.request('PATCH', pathOf(made), { body: { app_metadata: { plan: 'pro' } } });
    await server.request('PATCH', pathOf(made), { body: { password: 'Another-horse-7' } });
    await server.request('DELETE', pathOf(made));
    const { body: events } = await server.request('GET', `${pathOf(made)}/logs`);
    expect(events.map((event: { type: string }) => event.type).sort()).toEqual([
      'sapi',
      'sapi',
      'sapi',
      'sapi',
      'scp',
      'sdu',
    ]);
    const change = events.find(
      (event: { details?: { changes?: { app_metadata?: { after?: { plan?: string } } } } }) =>
        event.details?.changes?.app_metadata?.after?.plan === 'pro',
    );
    expect(change.details.changes.app_metadata).toEqual({ before: { plan: 'free' }, after: { plan: 'pro' } });
    expect(change).toMatchObject({
      description: 'Update a user',
      client_id: server.config.managementClient.id,
      user_id: made.body.user_id,
    });
    expect(JSON.stringify(events)).not.toContain('horse');
  });

  it('records a refused write as fapi', async () => {
    const made = await create();
    await server.request('PATCH', pathOf(made), { body: { blocked: 'maybe' } });
    await expect
      .poll(async () =>
        (await server.request('GET', '/logs')).body.some((event: { type: string }) => event.type === 'fapi'),
      )
      .toBe(true);
  });
});

describe('reporting.users', () => {
  it('shows a user with the columns that reports rely on', async () => {
    const { sql } = await import('kysely');
    const made = await create({ blocked: true });
    const { rows } = await sql<
      Record<string, unknown>
    >`SELECT * FROM reporting.users WHERE user_id = ${made.body.user_id}`.execute(server.database);
    expect(rows[0]).toMatchObject({
      email: made.body.email,
      blocked: true,
      logins_count: 0,
      primary_connection: database,
      primary_provider: 'auth0',
    });
  });
});
