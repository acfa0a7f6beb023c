import { testManagementClient } from '../support/test-config.ts';
import { databaseName, type Exercises, makeUser, unique } from './records.ts';

const profile = {
  email_verified: true,
  verify_email: false,
  blocked: false,
  given_name: 'Ada',
  family_name: 'Lovelace',
  name: 'Ada Lovelace',
  nickname: 'ada',
  picture: 'https://example.com/ada.png',
  user_metadata: { colour: 'blue', nested: { deep: [1, 'two', null, true] } },
  app_metadata: { plan: 'gold', roles: ['a', 'b'], nothing: null },
};

export const userExercises: Exercises = {
  'GET /users': async (server) => {
    await makeUser(server);
    return [
      {},
      {
        query: {
          page: 0,
          per_page: 2,
          include_totals: true,
          sort: 'created_at:-1',
          connection: databaseName,
          search_engine: 'v3',
          primary_order: false,
        },
      },
      { query: { fields: 'user_id,email', include_fields: true } },
      { query: { fields: 'identities', include_fields: false } },
    ];
  },
  'POST /users': async () => [
    {
      body: {
        connection: databaseName,
        email: `${unique('minimal')}@example.com`,
        password: 'Correct-horse-9',
      },
    },
    {
      body: {
        connection: databaseName,
        email: `${unique('rich')}@example.com`,
        password: 'Correct-horse-9',
        user_id: unique('own'),
        ...profile,
      },
    },
  ],
  'GET /users-by-email': async (server) => {
    const { email } = await makeUser(server);
    return [
      { query: { email } },
      { query: { email, fields: 'user_id,name', include_fields: true } },
      { query: { email: 'nobody@example.com' } },
    ];
  },
  'GET /users/{}': async (server) => {
    const { id } = await makeUser(server);
    return [
      { parameters: [id] },
      { parameters: [id], query: { fields: 'email,name', include_fields: true } },
    ];
  },
  'PATCH /users/{}': async (server) => {
    const { id } = await makeUser(server);
    return [
      { parameters: [id], body: { name: 'Short' } },
      { parameters: [id], body: profile },
      {
        parameters: [id],
        body: {
          email: `${unique('moved')}@example.com`,
          connection: databaseName,
          client_id: testManagementClient.id,
        },
      },
      { parameters: [id], body: { password: 'Another-horse-10', connection: databaseName } },
      {
        parameters: [id],
        body: { given_name: null, family_name: null, user_metadata: {}, app_metadata: { plan: null } },
      },
    ];
  },
  'DELETE /users/{}': async (server) => {
    const { id } = await makeUser(server);
    return [{ parameters: [id] }, { parameters: [id] }];
  },
  'POST /users/{}/identities': async (server) => {
    const [{ id }, other] = [await makeUser(server), await makeUser(server)];
    return [{ parameters: [id], body: { provider: 'auth0', user_id: other.id } }];
  },
  'DELETE /users/{}/identities/{}/{}': async (server) => {
    const [{ id }, other] = [await makeUser(server), await makeUser(server)];
    await server.request('POST', `/users/${encodeURIComponent(id)}/identities`, {
      body: { provider: 'auth0', user_id: other.id },
    });
    return [{ parameters: [id, 'auth0', other.id.replace('auth0|', '')] }];
  },
};
