import { testManagementClient } from '../support/test-config.ts';
import { type Exercises, makeApi, makeClient, makeGrant, unique } from './records.ts';

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

export const applicationExercises: Exercises = {
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
};
