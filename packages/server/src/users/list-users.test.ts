import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../../test/support/test-server.ts';
import { pathOf, startUsersFixture, type UsersFixture } from '../../test/support/users-fixture.ts';

let server: TestServer;
let create: UsersFixture['create'];

beforeAll(async () => {
  ({ server, create } = await startUsersFixture());
});
afterAll(() => server.close());

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
