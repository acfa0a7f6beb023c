import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../../test/support/test-server.ts';
import { pathOf, startUsersFixture, type UsersFixture } from '../../test/support/users-fixture.ts';

let server: TestServer;
let create: UsersFixture['create'];
let createConnection: UsersFixture['createConnection'];
let newEmail: UsersFixture['newEmail'];

beforeAll(async () => {
  ({ server, create, createConnection, newEmail } = await startUsersFixture());
});
afterAll(() => server.close());

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
