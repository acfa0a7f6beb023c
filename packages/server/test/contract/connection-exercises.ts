import { testManagementClient } from '../support/test-config.ts';
import {
  databaseName,
  type Exercises,
  makeClient,
  makeConnection,
  makePopulatedConnection,
  unique,
} from './records.ts';

const connectionChanges = {
  options: {
    brute_force_protection: true,
    disable_signup: true,
    passwordPolicy: 'good',
    password_history: { enable: true, size: 5 },
    password_no_personal_info: { enable: true },
    password_dictionary: { enable: true, dictionary: ['muster'] },
    password_complexity_options: { min_length: 10 },
    validation: { username: { min: 3, max: 20 } },
    requires_username: true,
    enabledDatabaseCustomization: false,
    import_mode: false,
    customScripts: { login: 'function login(email, password, callback) {}' },
    configuration: { key: 'value' },
    non_persistent_attrs: ['phone'],
    upstream_params: { screen_name: { alias: 'login_hint' } },
    mfa: { active: true, return_enroll_settings: true },
  },
  display_name: 'A store',
  is_domain_connection: false,
  show_as_button: true,
  realms: ['a-store', 'example.com'],
  metadata: { owner: 'somebody' },
  authentication: { active: true },
  connected_accounts: { active: false },
};

export const connectionExercises: Exercises = {
  'GET /connections': async (server) => {
    await makeConnection(server);
    return [
      {},
      {
        query: {
          page: 0,
          per_page: 2,
          include_totals: true,
          strategy: ['auth0', 'email'],
          fields: 'id,name',
          include_fields: true,
        },
      },
      { query: { take: 1 } },
      { query: { name: databaseName } },
    ];
  },
  'POST /connections': async () => [
    { body: { name: unique('minimal'), strategy: 'auth0' } },
    {
      body: {
        name: unique('rich'),
        strategy: 'auth0',
        enabled_clients: [testManagementClient.id],
        ...connectionChanges,
      },
    },
    { body: { name: unique('mail'), strategy: 'email' } },
    { body: { name: unique('text'), strategy: 'sms' } },
    {
      body: {
        name: unique('social'),
        strategy: 'google-oauth2',
        options: { client_id: 'x', client_secret: 'y', scope: ['email', 'profile'] },
      },
    },
    { body: { name: unique('directory'), strategy: 'ad', options: { tenant_domain: 'example.com' } } },
    {
      body: {
        name: unique('saml'),
        strategy: 'samlp',
        options: { signInEndpoint: 'https://example.com/saml', signingCert: 'abc' },
      },
    },
  ],
  'GET /connections/{}': async (server) => {
    const id = await makeConnection(server);
    return [{ parameters: [id] }, { parameters: [id], query: { fields: 'name', include_fields: true } }];
  },
  'PATCH /connections/{}': async (server) => {
    const id = await makeConnection(server);
    return [
      { parameters: [id], body: { display_name: 'Renamed' } },
      {
        parameters: [id],
        body: { ...connectionChanges, enabled_clients: [testManagementClient.id] },
      },
    ];
  },
  'DELETE /connections/{}': async (server) => {
    const [empty, { id }] = [await makeConnection(server), await makePopulatedConnection(server)];
    return [{ parameters: [empty] }, { parameters: [id] }, { parameters: ['con_0000000000000000'] }];
  },
  'GET /connections/{}/clients': async (server) => {
    const id = await makeConnection(server);
    await server.request('PATCH', `/connections/${id}/clients`, {
      body: [{ client_id: await makeClient(server), status: true }],
    });
    return [{ parameters: [id] }, { parameters: [id], query: { take: 1 } }];
  },
  'PATCH /connections/{}/clients': async (server) => {
    const [id, client] = [await makeConnection(server), await makeClient(server)];
    return [
      { parameters: [id], body: [{ client_id: client, status: true }] },
      {
        parameters: [id],
        body: [
          { client_id: client, status: false },
          { client_id: testManagementClient.id, status: true },
        ],
      },
    ];
  },
  'GET /connections/{}/status': async (server) => [{ parameters: [await makeConnection(server)] }],
  'DELETE /connections/{}/users': async (server) => {
    const { id, email } = await makePopulatedConnection(server);
    return [{ parameters: [id], query: { email } }];
  },
};
