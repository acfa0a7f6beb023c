import type { TestServer } from '../support/test-server.ts';
import { databaseName, type Exercises } from './records.ts';

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

async function previousKeyId(server: TestServer): Promise<string> {
  await server.request('POST', '/keys/signing/rotate');
  const answer = await server.request('GET', '/keys/signing');
  const previous: { kid: string } | undefined = answer.body.find(
    (key: { previous?: boolean; revoked?: boolean }) => key.previous && !key.revoked,
  );
  if (!previous) throw new Error(`no previous key in ${answer.text}`);
  return previous.kid;
}

export const tenantExercises: Exercises = {
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
