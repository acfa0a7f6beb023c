import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roleExercises } from './contract/role-exercises.ts';
import { sessionExercises } from './contract/session-exercises.ts';
import { createClient } from './support/sign-in-fixture.ts';
import { testManagementClient } from './support/test-config.ts';
import { runImport, sendImport, startTestJobs, waitForJob } from './support/test-jobs.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/*
 * Holds the server against the published OpenAPI document of the Management API, which is not ours to ship:
 * it lies beside the repository, or where CONTRACT_FILE says.
 */

type Json = Record<string, unknown>;
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface DocumentedOperation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

/** One request to an operation: values for the `{…}` of its path in order, a query, a body. */
interface Call {
  /** Parts of an import, sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly parameters?: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly body?: unknown;
  /** Of a user, where the management client may not call. */
  readonly token?: string;
}

/** Statuses that recorded traffic shows and the document does not declare. */
const documentedExceptions: Readonly<Record<string, readonly number[]>> = {
  'PATCH /resource-servers/{}': [200],
  'DELETE /refresh-tokens/{}': [204],
  'DELETE /roles/{}/permissions': [204],
};

/** Bodies that recorded traffic shows where the document has none: their keys. */
const bodiesBeyondTheDocument: Readonly<Record<string, readonly string[]>> = {
  'DELETE /connections/{} 202': ['deleted_at'],
  // Recorded as `{}`.
  'DELETE /sessions/{} 202': [],
  'POST /sessions/{}/revoke 202': [],
  'DELETE /users/{}/sessions 202': [],
  'DELETE /users/{}/refresh-tokens 202': [],
  'POST /refresh-tokens/revoke 202': [],
  'DELETE /roles/{} 200': [],
  'POST /roles/{}/users 200': [],
  'POST /roles/{}/permissions 201': [],
  'POST /users/{}/permissions 201': [],
};

/** Keys of answers that recorded traffic has and the document's closed schemas do not. */
const extraAnswerProperties: Readonly<Record<string, readonly string[]>> = {
  // Tenants still carry both, so does ours (spec management-api, tenant settings).
  GetTenantSettingsResponseContent: ['universal_login'],
  UpdateTenantSettingsResponseContent: ['universal_login'],
  TenantSettingsFlags: ['universal_login'],
  ResourceServer: ['token_lifetime_for_web'],
  CreateResourceServerResponseContent: ['token_lifetime_for_web'],
  GetResourceServerResponseContent: ['token_lifetime_for_web'],
  UpdateResourceServerResponseContent: ['token_lifetime_for_web'],
  ConnectionForList: ['provisioning_ticket_url'],
  CreateConnectionResponseContent: ['provisioning_ticket_url'],
  GetConnectionResponseContent: ['provisioning_ticket_url'],
  UpdateConnectionResponseContent: ['provisioning_ticket_url'],
  EmailProviderCredentials: ['domain'],
};

/** What the document takes in a body and we do not, by operation, and why. */
const refusedProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

/** What the document takes in a query and we do not, and why. */
const refusedQueryParameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'GET /users': { q: 'searching users is the next issue' },
  'GET /logs': {
    search: 'searching logs comes with it; ignoring a filter would answer what was not asked for',
  },
};

const contractFile =
  process.env['CONTRACT_FILE'] ??
  resolve(import.meta.dirname, '../../../../shared/contract/management-api.json');
const contract = existsSync(contractFile) ? readContract(contractFile) : undefined;
if (!contract) {
  process.stdout.write(
    `\n!!! CONTRACT TEST SKIPPED: no file at ${contractFile}; set CONTRACT_FILE to the Management API's OpenAPI document !!!\n\n`,
  );
}

let counter = 0;
function unique(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

const databaseName = 'Username-Password-Authentication';

async function make(server: TestServer, path: string, body: Json): Promise<Json> {
  const answer = await server.request('POST', path, { body });
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status} ${answer.text}`);
  return answer.body;
}

const makeUser = async (server: TestServer): Promise<{ id: string; email: string }> => {
  const email = `${unique('contract')}@example.com`;
  const user = await make(server, '/users', { connection: databaseName, email, password: 'Correct-horse-9' });
  return { id: String(user['user_id']), email };
};
const makeConnection = async (server: TestServer) =>
  String((await make(server, '/connections', { name: unique('store'), strategy: 'auth0' }))['id']);
const makePopulatedConnection = async (server: TestServer) => {
  const [name, email] = [unique('populated'), `${unique('inhabitant')}@example.com`];
  const connection = await make(server, '/connections', {
    name,
    strategy: 'auth0',
    enabled_clients: [testManagementClient.id],
  });
  await make(server, '/users', { connection: name, email, password: 'Correct-horse-9' });
  return { id: String(connection['id']), email };
};
const makeClient = async (server: TestServer) =>
  String((await make(server, '/clients', { name: unique('client') }))['client_id']);
const makeApi = async (server: TestServer) => {
  const identifier = `https://${unique('api')}.example.com/`;
  const api = await make(server, '/resource-servers', {
    identifier,
    scopes: [{ value: 'read:things', description: 'Read things' }],
  });
  return { id: String(api['id']), identifier };
};
const makeGrant = async (server: TestServer) => {
  const body = {
    client_id: await makeClient(server),
    audience: (await makeApi(server)).identifier,
    scope: ['read:things'],
  };
  return String((await make(server, '/client-grants', body))['id']);
};

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

const clientChanges = {
  description: 'For the contract',
  logo_uri: 'https://example.com/logo.png',
  callbacks: ['https://example.com/callback', 'com.example.app://callback'],
  allowed_origins: ['https://example.com'],
  web_origins: ['https://example.com'],
  client_aliases: ['urn:alias'],
  allowed_clients: [],
  allowed_logout_urls: ['https://example.com/bye'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  is_token_endpoint_ip_header_trusted: false,
  app_type: 'regular_web',
  is_first_party: true,
  oidc_conformant: true,
  oidc_logout: {
    backchannel_logout_urls: ['https://example.com/logout'],
    backchannel_logout_initiators: { mode: 'all' },
  },
  jwt_configuration: { lifetime_in_seconds: 3600, secret_encoded: false, alg: 'RS256', scopes: {} },
  sso: true,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
  client_metadata: { team: 'muster' },
  mobile: { ios: { team_id: 'ABCDE12345', app_bundle_identifier: 'com.example.app' } },
  initiate_login_uri: 'https://example.com/login',
  native_social_login: { apple: { enabled: false }, facebook: { enabled: false } },
  refresh_token: {
    rotation_type: 'rotating',
    expiration_type: 'expiring',
    leeway: 0,
    token_lifetime: 2_592_000,
    idle_token_lifetime: 1_296_000,
  },
  organization_usage: 'allow',
  organization_require_behavior: 'no_prompt',
  require_pushed_authorization_requests: false,
  addons: { samlp: { audience: 'urn:example' } },
};

const apiChanges = {
  name: 'Things',
  scopes: [{ value: 'read:things', description: 'Read things' }, { value: 'write:things' }],
  signing_alg: 'HS256',
  signing_secret: 'a secret of at least sixteen characters',
  allow_offline_access: true,
  token_lifetime: 7200,
  token_lifetime_for_web: 3600,
  token_dialect: 'access_token_authz',
  skip_consent_for_verifiable_first_party_clients: true,
  enforce_policies: true,
};

const tenantChanges = {
  friendly_name: 'Contract',
  picture_url: 'https://example.com/logo.png',
  support_email: 'help@example.com',
  support_url: 'https://example.com/help',
  allowed_logout_urls: ['https://example.com/'],
  session_lifetime: 100,
  idle_session_lifetime: 50,
  default_audience: '',
  default_directory: databaseName,
  enabled_locales: ['en', 'de'],
  flags: { enable_client_connections: true, enable_apis_section: true },
  change_password: { enabled: false, html: '<p>Change</p>' },
  guardian_mfa_page: { enabled: false, html: '' },
  error_page: { html: '<p>Oh</p>', show_log_link: false, url: '' },
  session_cookie: { mode: 'persistent' },
  sessions: { oidc_logout_prompt_enabled: true },
};

const emailTemplate = {
  template: 'verify_email',
  body: '<a href="{{ url }}">{{ user.name }}</a>',
  from: 'Example <id@example.com>',
  subject: 'Confirm',
  syntax: 'liquid',
  enabled: true,
  resultUrl: 'https://example.com/verified',
  urlLifetimeInSeconds: 3600,
  includeEmailInRedirect: true,
};

async function setProvider(server: TestServer): Promise<void> {
  await server.request('DELETE', '/emails/provider');
  await make(server, '/emails/provider', {
    name: 'smtp',
    enabled: true,
    default_from_address: 'id@example.com',
    credentials: { smtp_host: 'mail.example.com', smtp_port: 587, smtp_user: 'relay', smtp_pass: 'secret' },
  });
}

async function findDatabase(server: TestServer): Promise<{ id: string }> {
  const found = await server.request('GET', '/connections', { query: { name: databaseName } });
  return found.body[0];
}

/** Ids of an import with a failed row and of an export, both at their end. */
async function endJobs(server: TestServer): Promise<[string, string]> {
  const jobs = startTestJobs(server);
  const { id } = await findDatabase(server);
  const imported = await runImport(server, [{ email: 'bad' }], { connection_id: id });
  const exported = await server.request('POST', '/jobs/users-exports', { body: { limit: 1 } });
  await waitForJob(server, exported.body.id);
  await jobs.stop();
  return [imported.id, exported.body.id];
}

async function newestLogId(server: TestServer): Promise<string> {
  await makeUser(server);
  const answer = await server.request('GET', '/logs', { query: { per_page: 1 } });
  return String(answer.body[0].log_id);
}

/** Guesses a password once, which is once too often here. @returns the identifier that is blocked now */
async function blockUser(
  server: TestServer,
  identifier = `${unique('guessed')}@example.com`,
): Promise<string> {
  const settings = '/attack-protection/brute-force-protection';
  await server.request('PATCH', settings, { body: { enabled: true, shields: ['block'], max_attempts: 1 } });
  const application = await createClient(server);
  const guess = await server.fetchRaw('POST', '/oauth/token', {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: databaseName,
      username: identifier,
      password: 'wrong',
      client_id: application.id,
      client_secret: application.secret,
    }),
  });
  if (guess.status !== 403) throw new Error(`the guess was answered with ${guess.status} ${guess.text}`);
  await server.request('PATCH', settings, { body: { shields: ['block', 'user_notification'] } });
  return identifier;
}

async function previousKeyId(server: TestServer): Promise<string> {
  await server.request('POST', '/keys/signing/rotate');
  const answer = await server.request('GET', '/keys/signing');
  const previous: { kid: string } | undefined = answer.body.find(
    (key: { previous?: boolean; revoked?: boolean }) => key.previous && !key.revoked,
  );
  if (!previous) throw new Error(`no previous key in ${answer.text}`);
  return previous.kid;
}

/** How every shared operation is called: a minimal and a rich request each, after making what they need. */
const exercises: Readonly<Record<string, (server: TestServer) => Promise<readonly Call[]>>> = {
  ...roleExercises,
  ...sessionExercises,
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
  'GET /users/{}/logs': async (server) => {
    const { id } = await makeUser(server);
    return [
      { parameters: [id] },
      { parameters: [id], query: { page: 0, per_page: 5, include_totals: true, sort: 'date:1' } },
    ];
  },
  'GET /logs': async (server) => {
    const from = await newestLogId(server);
    await makeUser(server);
    return [
      {},
      {
        query: {
          page: 0,
          per_page: 5,
          include_totals: true,
          sort: 'date:-1',
          fields: 'log_id,type,date',
          include_fields: true,
        },
      },
      { query: { from, take: 10 } },
    ];
  },
  'POST /emails/provider': async (server) => {
    await server.request('DELETE', '/emails/provider');
    return [{ body: { name: 'sendgrid', credentials: { api_key: 'key' } } }];
  },
  'GET /emails/provider': async (server) => {
    await setProvider(server);
    return [
      {},
      {
        query: {
          fields: 'name,enabled,default_from_address,credentials,settings',
          include_fields: true,
        },
      },
    ];
  },
  'PATCH /emails/provider': async (server) => {
    await setProvider(server);
    return [
      { body: { enabled: false } },
      { body: { name: 'mailgun', credentials: { api_key: 'key', domain: 'mg.example.com', region: 'eu' } } },
      {
        body: {
          name: 'ses',
          credentials: { accessKeyId: 'id', secretAccessKey: 'key', region: 'eu-west-1' },
          settings: { message: { configuration_set_name: 'x' } },
        },
      },
    ];
  },
  'DELETE /emails/provider': async (server) => {
    await setProvider(server);
    return [{}, {}];
  },
  'POST /email-templates': async () => [{ body: { ...emailTemplate, template: 'mfa_oob_code' } }],
  'GET /email-templates/{}': async (server) => {
    await server.request('PUT', '/email-templates/verify_email', { body: emailTemplate });
    return [{ parameters: ['verify_email'] }];
  },
  'PUT /email-templates/{}': async () => [
    { parameters: ['verify_email'], body: emailTemplate },
    {
      parameters: ['reset_email'],
      body: {
        template: 'reset_email',
        body: null,
        from: null,
        subject: null,
        syntax: null,
        enabled: null,
        resultUrl: null,
        urlLifetimeInSeconds: null,
      },
    },
  ],
  'PATCH /email-templates/{}': async (server) => {
    await server.request('PUT', '/email-templates/verify_email', { body: emailTemplate });
    return [{ parameters: ['verify_email'], body: { subject: 'Another' } }];
  },
  'POST /tickets/email-verification': async (server) => {
    const { id } = await makeUser(server);
    return [
      { body: { user_id: id } },
      {
        body: {
          user_id: id,
          result_url: 'https://example.com/verified',
          ttl_sec: 60,
          includeEmailInRedirect: true,
          identity: { user_id: id.split('|')[1], provider: 'auth0' },
        },
      },
      { body: { user_id: id, client_id: testManagementClient.id } },
    ];
  },
  'POST /tickets/password-change': async (server) => {
    const { id, email } = await makeUser(server);
    const found = await server.request('GET', '/connections', { query: { name: databaseName } });
    return [
      { body: { user_id: id } },
      {
        body: {
          connection_id: found.body[0].id,
          email,
          client_id: testManagementClient.id,
          result_url: 'https://example.com/changed',
          ttl_sec: 0,
          mark_email_as_verified: true,
          includeEmailInRedirect: false,
        },
      },
    ];
  },
  'POST /jobs/users-imports': async (server) => {
    const { id } = await findDatabase(server);
    return [
      { form: { connection_id: id } },
      { form: { connection_id: id, upsert: 'true', external_id: 'mine', send_completion_email: 'false' } },
    ];
  },
  'POST /jobs/users-exports': async (server) => {
    const { id } = await findDatabase(server);
    const fields = [{ name: 'email' }, { name: 'user_metadata.plan', export_as: 'plan' }];
    return [{ body: {} }, { body: { connection_id: id, format: 'csv', limit: 5, fields } }];
  },
  'POST /jobs/verification-email': async (server) => {
    const { id } = await makeUser(server);
    const identity = { user_id: id.split('|')[1], provider: 'auth0' };
    return [
      { body: { user_id: id } },
      { body: { user_id: id, client_id: testManagementClient.id, identity } },
    ];
  },
  'GET /jobs/{}': async (server) => {
    const pending = await server.request('POST', '/jobs/users-exports', { body: {} });
    const [imported, exported] = await endJobs(server);
    return [{ parameters: [imported] }, { parameters: [exported] }, { parameters: [pending.body.id] }];
  },
  'GET /jobs/{}/errors': async (server) => {
    const [imported, exported] = await endJobs(server);
    return [{ parameters: [imported] }, { parameters: [exported] }];
  },
  'GET /logs/{}': async (server) => [{ parameters: [await newestLogId(server)] }],
  'GET /stats/daily': async (server) => {
    await makeUser(server);
    return [{}, { query: { from: '20260101', to: '20260110' } }];
  },
  'GET /stats/active-users': async () => [{}],
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
  'GET /clients': async (server) => {
    await makeClient(server);
    return [
      {},
      {
        query: {
          page: 0,
          per_page: 2,
          include_totals: true,
          is_global: false,
          is_first_party: true,
          app_type: 'regular_web,non_interactive',
          fields: 'client_id,name',
          include_fields: true,
        },
      },
      { query: { take: 1 } },
    ];
  },
  'POST /clients': async () => [
    { body: { name: unique('minimal') } },
    { body: { name: unique('rich'), ...clientChanges } },
  ],
  'GET /clients/{}': async (server) => {
    const id = await makeClient(server);
    return [
      { parameters: [id] },
      { parameters: [id], query: { fields: 'client_id,name', include_fields: true } },
    ];
  },
  'PATCH /clients/{}': async (server) => {
    const id = await makeClient(server);
    return [
      { parameters: [id], body: { name: 'Renamed' } },
      { parameters: [id], body: { ...clientChanges, client_aliases: ['urn:other'] } },
      { parameters: [id], body: { client_metadata: { team: null }, addons: null } },
    ];
  },
  'DELETE /clients/{}': async (server) => [
    { parameters: [await makeClient(server)] },
    { parameters: ['nobody'] },
  ],
  'POST /clients/{}/rotate-secret': async (server) => [{ parameters: [await makeClient(server)] }],
  'GET /client-grants': async (server) => {
    await makeGrant(server);
    return [
      {},
      { query: { page: 0, per_page: 2, include_totals: true, client_id: testManagementClient.id } },
      { query: { take: 1, audience: `${server.config.publicUrl}/api/v2/` } },
    ];
  },
  'POST /client-grants': async (server) => [
    { body: { client_id: await makeClient(server), audience: (await makeApi(server)).identifier } },
    {
      body: {
        client_id: await makeClient(server),
        audience: (await makeApi(server)).identifier,
        scope: ['read:things'],
        organization_usage: 'allow',
        allow_any_organization: true,
        subject_type: 'client',
      },
    },
  ],
  'GET /client-grants/{}': async (server) => [{ parameters: [await makeGrant(server)] }],
  'PATCH /client-grants/{}': async (server) => {
    const id = await makeGrant(server);
    return [
      { parameters: [id], body: { scope: [] } },
      {
        parameters: [id],
        body: { scope: ['read:things'], organization_usage: 'deny', allow_any_organization: false },
      },
    ];
  },
  'DELETE /client-grants/{}': async (server) => [{ parameters: [await makeGrant(server)] }],
  'GET /resource-servers': async (server) => {
    const { identifier } = await makeApi(server);
    return [
      {},
      { query: { page: 0, per_page: 5, include_totals: true } },
      { query: { identifiers: [identifier], include_fields: true } },
    ];
  },
  'POST /resource-servers': async () => [
    { body: { identifier: `https://${unique('minimal')}.example.com/` } },
    { body: { identifier: `https://${unique('rich')}.example.com/`, ...apiChanges } },
  ],
  'GET /resource-servers/{}': async (server) => {
    const { id, identifier } = await makeApi(server);
    return [{ parameters: [id] }, { parameters: [identifier], query: { include_fields: true } }];
  },
  'PATCH /resource-servers/{}': async (server) => {
    const { id } = await makeApi(server);
    return [
      { parameters: [id], body: { name: 'Renamed' } },
      { parameters: [id], body: apiChanges },
    ];
  },
  'DELETE /resource-servers/{}': async (server) => [{ parameters: [(await makeApi(server)).id] }],
  'GET /tenants/settings': async () => [
    {},
    { query: { fields: 'friendly_name,flags', include_fields: true } },
  ],
  'PATCH /tenants/settings': async () => [{ body: { friendly_name: 'Short' } }, { body: tenantChanges }],
  'GET /keys/signing': async () => [{}],
  'GET /keys/signing/{}': async (server) => {
    const answer = await server.request('GET', '/keys/signing');
    return answer.body.map((key: { kid: string }) => ({ parameters: [key.kid] }));
  },
  'GET /attack-protection/brute-force-protection': async () => [{}],
  'PATCH /attack-protection/brute-force-protection': async () => [
    { body: {} },
    { body: { allowlist: ['192.0.2.1', '198.51.100.0/24', '2001:db8::1', '2001:db8::/32'] } },
    { body: { enabled: true, shields: [], mode: 'count_per_identifier', max_attempts: 1 } },
    {
      body: {
        shields: ['user_notification', 'block'],
        allowlist: [],
        mode: 'count_per_identifier_and_ip',
        max_attempts: 100,
      },
    },
  ],
  'GET /user-blocks': async (server) => [
    { query: { identifier: await blockUser(server) } },
    { query: { identifier: 'nobody@example.com', consider_brute_force_enablement: true } },
  ],
  'DELETE /user-blocks': async (server) => [
    { query: { identifier: await blockUser(server) } },
    { query: { identifier: 'nobody@example.com' } },
  ],
  'GET /user-blocks/{}': async (server) => {
    const { id, email } = await makeUser(server);
    await blockUser(server, email);
    return [
      { parameters: [id] },
      { parameters: [id], query: { consider_brute_force_enablement: false } },
      { parameters: [(await makeUser(server)).id] },
    ];
  },
  'DELETE /user-blocks/{}': async (server) => {
    const { id, email } = await makeUser(server);
    await blockUser(server, email);
    return [{ parameters: [id] }, { parameters: [id] }];
  },
  'GET /branding': async () => [{}],
  'PATCH /branding': async () => [
    { body: { colors: { primary: '#0a7' } } },
    {
      body: {
        colors: { primary: '#00aa77', page_background: '#fafafa' },
        logo_url: 'https://acme.example/logo.svg',
        favicon_url: 'https://acme.example/icon.png',
        font: { url: 'https://acme.example/font.woff2' },
      },
    },
    { body: { logo_url: null, colors: { page_background: null } } },
  ],
  'GET /prompts': async () => [{}],
  'PATCH /prompts': async () => [
    { body: { identifier_first: true } },
    {
      body: {
        identifier_first: null,
        universal_login_experience: 'new',
        webauthn_platform_first_factor: false,
      },
    },
  ],
  'GET /prompts/{}/custom-text/{}': async () => [{ parameters: ['login', 'de'] }],
  'PUT /prompts/{}/custom-text/{}': async () => [
    { parameters: ['login', 'de'], body: { login: { title: 'Hallo' } } },
    { parameters: ['signup', 'en'], body: {} },
  ],
  'POST /keys/signing/rotate': async () => [{}],
  'PUT /keys/signing/{}/revoke': async (server) => [{ parameters: [await previousKeyId(server)] }],
};

describe.skipIf(!contract)('the published contract', () => {
  const document = contract ?? { paths: {}, components: { schemas: {} } };
  const documented = indexOperations(document);
  let server: TestServer;
  let validateAnswer: (key: string, status: number, body: unknown) => readonly string[];

  beforeAll(async () => {
    server = await startTestServer();
    validateAnswer = compileAnswers(document, documented);
  });
  afterAll(() => server.close());

  const implemented = () =>
    server.app.managementApi.operations.map((operation) => ({
      operation,
      key: keyOf(operation.method, operation.path),
    }));

  it('is exercised in every operation that the server implements', () => {
    const shared = implemented()
      .map(({ key }) => key)
      .filter((key) => documented.has(key));
    expect(shared.length).toBeGreaterThan(30);
    expect(Object.keys(exercises).sort()).toEqual(shared.sort());
  });

  it.each(Object.entries(exercises))('holds for the answers of %s', async (key, prepare) => {
    const { path, operation } = find(documented, key);
    const calls = await prepare(server);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      const values = [...(call.parameters ?? [])];
      const url = path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(values.shift() ?? ''));
      const [method = ''] = key.split(' ');
      const answer = call.form
        ? await sendImport(server, '[]', call.form)
        : await server.request(method as Method, url, {
            ...(call.query ? { query: call.query } : {}),
            ...(call.body === undefined ? {} : { body: call.body }),
            ...(call.token === undefined ? {} : { token: call.token }),
          });
      const asked = `${method} ${url} ${JSON.stringify(call.query ?? {})} ${JSON.stringify(call.body ?? null)} answered ${answer.status} ${answer.text.slice(0, 2000)}`;
      expect(answer.status, asked).toBeLessThan(300);
      expect(
        [...Object.keys(operation.responses).map(Number), ...(documentedExceptions[key] ?? [])],
        asked,
      ).toContain(answer.status);
      // RFC 9110 §15.3.5: there is no body that could be held against a schema.
      if (answer.status === 204) expect(answer.text, asked).toBe('');
      else expect(validateAnswer(key, answer.status, answer.body), asked).toEqual([]);
    }
  });

  it('has no property in a request body that we refuse', () => {
    const refused: Record<string, string[]> = {};
    for (const { key, operation } of implemented()) {
      const theirs = documented.get(key)?.operation.requestBody?.content['application/json']?.schema;
      if (!theirs) continue;
      const missing = operation.body
        ? compareSchemas(document, theirs, { ...operation.body })
        : ['the whole body'];
      const unexplained = missing.filter(
        (property) => !Object.hasOwn(refusedProperties[key] ?? {}, property),
      );
      if (unexplained.length > 0) refused[key] = unexplained;
    }
    expect(refused).toEqual({});
  });

  it('has no query parameter that we refuse', () => {
    const refused: string[] = [];
    for (const { key, operation } of implemented()) {
      const known = Object.keys(operation.query?.properties ?? {});
      for (const parameter of documented.get(key)?.operation.parameters ?? []) {
        if (parameter.in !== 'query' || known.includes(parameter.name)) continue;
        if (!Object.hasOwn(refusedQueryParameters[key] ?? {}, parameter.name))
          refused.push(`${key} ?${parameter.name}`);
      }
    }
    expect(refused).toEqual([]);
  });

  it('names operations that are not implemented, which are printed', () => {
    const done = new Set(implemented().map(({ key }) => key));
    const open = [...documented.entries()].filter(([key]) => !done.has(key));
    const groups = Map.groupBy(open, ([, { path }]) => path.split('/')[1] ?? '');
    const lines = [...groups].map(
      ([group, members]) =>
        `  ${group} (${members.length}): ${members.map(([, { method, path }]) => `${method} ${path}`).join(', ')}`,
    );
    process.stdout.write(
      `\nThe contract has ${documented.size} operations: ${documented.size - open.length} are implemented, ${open.length} are not:\n${lines.join('\n')}\n\n`,
    );
    const beyond = [...done].filter((key) => !documented.has(key));
    process.stdout.write(`Implemented beyond the contract (${beyond.length}): ${beyond.join(', ')}\n\n`);
    expect(documented.size - open.length + beyond.length).toBe(done.size);
  });
});

/** Reads the document as a validator can use it: `oneOf` of overlapping branches as `anyOf`, exceptions added. */
function readContract(file: string): ContractDocument {
  const document = JSON.parse(readFileSync(file, 'utf8'), (key: string, value: unknown) =>
    isObject(value) ? renameOneOf(value, key) : value,
  ) as ContractDocument;
  for (const [name, properties] of Object.entries(extraAnswerProperties)) {
    const schema = document.components.schemas[name];
    if (!schema) throw new Error(`the document has no schema ${name}, which an exception names`);
    schema['properties'] = {
      ...Object.fromEntries(properties.map((property) => [property, {}])),
      ...toObject(schema['properties']),
    };
  }
  return document;
}

function renameOneOf(value: Json, key: string): Json {
  if (key === 'properties' || !Array.isArray(value['oneOf'])) return value;
  const { oneOf, ...rest } = value;
  return { ...rest, anyOf: oneOf };
}

function indexOperations(
  document: ContractDocument,
): Map<string, { method: string; path: string; operation: DocumentedOperation }> {
  const found = new Map<string, { method: string; path: string; operation: DocumentedOperation }>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      found.set(keyOf(method, path), { method: method.toUpperCase(), path, operation });
    }
  }
  return found;
}

function keyOf(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replaceAll(/\{[^}]+\}/g, '{}')}`;
}

function find<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the document has no ${key}`);
  return value;
}

/** Lists what of a 2xx body its documented schema refuses. A status without a schema must have no body. */
function compileAnswers(
  document: ContractDocument,
  documented: ReadonlyMap<string, { operation: DocumentedOperation }>,
): (key: string, status: number, body: unknown) => readonly string[] {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  for (const format of collectFormats(document)) ajv.addFormat(format, true);
  ajv.addSchema({ ...document }, 'contract');
  const compiled = new Map<string, ValidateFunction>();
  return (key, status, body) => {
    const { responses } = find(documented, key).operation;
    // An excepted status answers what the document has under its neighbour.
    const declared =
      responses[String(status)] ?? Object.entries(responses).find(([other]) => other.startsWith('2'))?.[1];
    const schema = declared?.content?.['application/json']?.schema;
    const beyond = bodiesBeyondTheDocument[`${key} ${status}`] ?? [];
    if (!schema)
      return Object.keys(body ?? {}).every((name) => beyond.includes(name))
        ? []
        : ['a body that the document does not have'];
    const name = `${key} ${status}`;
    const validate = compiled.get(name) ?? ajv.compile(withRefs(schema));
    compiled.set(name, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

/** The same schema with its local references led to the document. */
function withRefs(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema), (key: string, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? `contract${value}` : value,
  );
}

function collectFormats(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) collectFormats(item, found);
  else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'format' && typeof inner === 'string') found.add(inner);
      collectFormats(inner, found);
    }
  }
  return found;
}

/** What a request schema of theirs names and a schema of ours refuses: `a.b[].c`, or `a=value` for a missing choice. */
function compareSchemas(document: ContractDocument, theirSchema: Json, ourSchema: Json, path = ''): string[] {
  const theirs = expand(document, theirSchema);
  const ours = expand(document, ourSchema);
  const missing: string[] = [];
  const ourProperties = mergeProperties(ours);
  const isOpen =
    ours.some((branch) => branch['additionalProperties'] !== false && acceptsObjects(branch)) ||
    isAnything(ours);
  for (const [name, schemas] of mergeProperties(theirs)) {
    const property = path ? `${path}.${name}` : name;
    const counterparts = ourProperties.get(name);
    if (counterparts)
      missing.push(...compareSchemas(document, { anyOf: schemas }, { anyOf: counterparts }, property));
    else if (!isOpen) missing.push(property);
  }
  const theirItems = theirs.map((branch) => branch['items']).filter(isObject);
  const ourItems = ours.map((branch) => branch['items']).filter(isObject);
  if (theirItems.length > 0 && ourItems.length > 0)
    missing.push(...compareSchemas(document, { anyOf: theirItems }, { anyOf: ourItems }, `${path}[]`));
  if (ours.every((branch) => choicesOf(branch) !== undefined || branch['type'] === 'null')) {
    const known = new Set(ours.flatMap((branch) => choicesOf(branch) ?? []));
    for (const choice of theirs.flatMap((branch) => choicesOf(branch) ?? [])) {
      if (!known.has(choice) && choice !== null) missing.push(`${path}=${JSON.stringify(choice)}`);
    }
  }
  const theirTypes = new Set(theirs.flatMap(typesOf));
  const ourTypes = new Set(ours.flatMap(typesOf));
  const takesNull = ourTypes.has('null') || isAnything(ours);
  if (theirTypes.has('null') && !takesNull) missing.push(`${path}=null`);
  const theirRequired = new Set(
    theirs.flatMap((branch) => (Array.isArray(branch['required']) ? branch['required'] : [])),
  );
  for (const name of ours.length === 1 && Array.isArray(ours[0]?.['required']) ? ours[0]['required'] : []) {
    if (!theirRequired.has(name)) missing.push(`${path ? `${path}.` : ''}${name} required`);
  }
  return missing;
}

/** A schema without references and unions: its branches. */
function expand(document: ContractDocument, schema: Json, depth = 0): Json[] {
  if (depth > 20) return [];
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = document.components.schemas[reference.slice('#/components/schemas/'.length)];
    return target ? expand(document, target, depth + 1) : [];
  }
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[keyword];
    if (Array.isArray(branches))
      return branches.filter(isObject).flatMap((branch) => expand(document, branch, depth + 1));
  }
  return [schema];
}

function mergeProperties(branches: readonly Json[]): Map<string, Json[]> {
  const merged = new Map<string, Json[]>();
  for (const branch of branches) {
    for (const [name, schema] of Object.entries(toObject(branch['properties']))) {
      if (isObject(schema)) merged.set(name, [...(merged.get(name) ?? []), schema]);
    }
  }
  return merged;
}

function typesOf(branch: Json): unknown[] {
  const type = branch['type'];
  return [...(Array.isArray(type) ? type : [type]), ...(choicesOf(branch)?.includes(null) ? ['null'] : [])];
}

function choicesOf(branch: Json): unknown[] | undefined {
  if (Array.isArray(branch['enum'])) return branch['enum'];
  return 'const' in branch ? [branch['const']] : undefined;
}

function acceptsObjects(branch: Json): boolean {
  return branch['type'] === 'object' || isAnything([branch]);
}

/** A schema that says nothing, as `Type.Unknown()`. */
function isAnything(branches: readonly Json[]): boolean {
  return branches.some(
    (branch) =>
      branch['type'] === undefined && choicesOf(branch) === undefined && branch['properties'] === undefined,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
