import { locales } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testSecretKey } from '../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';
import { bootstrap } from '../bootstrap.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import { SecretKeyMismatchError } from './index.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => sql`UPDATE tenant_settings SET settings = '{}'`.execute(server.database));

const patch = (body: unknown) => server.request('PATCH', '/tenants/settings', { body });
const read = (query = {}) => server.request('GET', '/tenants/settings', { query });
const fresh = {
  enabled_locales: ['en'],
  flags: {
    allow_changing_enable_sso: false,
    change_pwd_flow_v1: false,
    disable_clickjack_protection_headers: false,
    disable_impersonation: true,
    enable_apis_section: true,
    enable_client_connections: false,
    enable_dynamic_client_registration: false,
    enable_pipeline2: true,
    enable_public_signup_user_exists_error: true,
    enable_sso: true,
    revoke_refresh_token_grant: false,
    universal_login: true,
  },
  sandbox_version: '24',
  sandbox_versions_available: ['24', '22', '18'],
  session_cookie: { mode: 'persistent' },
  universal_login: {},
};

describe('the settings of a fresh tenant', () => {
  it('are the documented ones and nothing else', async () => {
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(body).toEqual(fresh);
  });
});

describe('changing the settings', () => {
  it('answers the whole of them, and they are read the same', async () => {
    const change = {
      friendly_name: 'Acme',
      support_url: 'https://acme.example/help',
      enabled_locales: ['de', 'pt-BR'],
    };
    const { status, body } = await patch(change);
    expect(status).toBe(200);
    expect(body).toEqual({ ...fresh, ...change });
    expect((await read()).body).toEqual(body);
  });

  it('merges flags, change_password, guardian_mfa_page, sessions and universal_login one level deep', async () => {
    await patch({
      flags: { enable_sso: false },
      change_password: { enabled: true, html: '<p>' },
      guardian_mfa_page: { enabled: true, html: '<p>' },
      sessions: { oidc_logout_prompt_enabled: true },
      universal_login: { colors: { primary: '#000000' } },
    });
    const { body } = await patch({
      flags: { enable_pipeline2: false },
      change_password: { enabled: false },
      guardian_mfa_page: { html: '<b>' },
      sessions: {},
      universal_login: { passwordless: {} },
    });
    expect(body).toEqual({
      ...fresh,
      flags: { ...fresh.flags, enable_sso: false, enable_pipeline2: false },
      change_password: { enabled: false, html: '<p>' },
      guardian_mfa_page: { enabled: true, html: '<b>' },
      sessions: { oidc_logout_prompt_enabled: true },
      universal_login: { colors: { primary: '#000000' }, passwordless: {} },
    });
  });

  it('replaces what is not merged', async () => {
    await patch({
      error_page: { html: '<p>', url: 'https://a.example' },
      allowed_logout_urls: ['https://a.example'],
    });
    const { body } = await patch({
      error_page: { show_log_link: true },
      allowed_logout_urls: ['https://b.example'],
    });
    expect(body.error_page).toEqual({ show_log_link: true });
    expect(body.allowed_logout_urls).toEqual(['https://b.example']);
  });

  it('shows hours, fractional where minutes were sent; the later of both wins', async () => {
    const { body } = await patch({
      session_lifetime_in_minutes: 181,
      idle_session_lifetime: 72,
      ephemeral_session_lifetime_in_minutes: 30,
      idle_ephemeral_session_lifetime_in_minutes: 120,
    });
    expect(body).toEqual({
      ...fresh,
      session_lifetime: 3.0166666666666666,
      idle_session_lifetime: 72,
      ephemeral_session_lifetime: 0.5,
      idle_ephemeral_session_lifetime: 2,
    });
    expect((await patch({ session_lifetime: 5 })).body.session_lifetime).toBe(5);
  });

  it('removes by null, back to the default where there is one', async () => {
    await patch({
      session_cookie: { mode: 'non-persistent' },
      change_password: { enabled: true },
      mtls: { enable_endpoint_aliases: true },
    });
    expect((await patch({ session_cookie: null, change_password: null, mtls: null })).body).toEqual(fresh);
  });

  it('takes every documented locale, and no other', async () => {
    expect(new Set(locales).size).toBe(locales.length);
    expect((await patch({ enabled_locales: locales })).body.enabled_locales).toEqual(locales);
    for (const wrong of ['EN', 'en_US', 'tlh', ''])
      expect((await patch({ enabled_locales: [wrong] })).status).toBe(400);
  });

  it('does not lose any of many parallel changes', async () => {
    const flags = Object.keys(fresh.flags);
    await Promise.all(flags.map((flag) => patch({ flags: { [flag]: true } })));
    expect(Object.values((await read()).body.flags)).toEqual(flags.map(() => true));
  });

  it.each([
    [{ colour: 'red' }, /Additional properties not allowed: colour/],
    [{ sandbox_versions_available: ['24'] }, /Additional properties not allowed: sandbox_versions_available/],
    [
      { flags: { enable_sso: 'yes' } },
      /Expected type boolean but found type string' on property flags\.enable_sso/,
    ],
    [{ flags: null }, /on property flags/],
    [{ session_lifetime: 1.5 }, /on property session_lifetime/],
    [{ session_lifetime_in_minutes: 0 }, /less than minimum 1/],
    [
      { session_cookie: { mode: 'eternal' } },
      /No enum match for: "eternal"' on property session_cookie\.mode/,
    ],
    [{ default_redirection_uri: 'http://a.example' }, /format absolute-https-uri-or-empty/],
    [
      { change_password: { enabled: true, css: '' } },
      /Additional properties not allowed: css' on property change_password/,
    ],
    [{ device_flow: { mask: 'x'.repeat(21) } }, /on property device_flow\.mask/],
  ])('is refused with %j', async (body, message) => {
    const answer = await patch(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errorCode).toBe('invalid_body');
    expect(answer.body.message).toMatch(message);
    expect((await read()).body).toEqual(fresh);
  });

  it('is logged with what was before and after', async () => {
    await patch({ friendly_name: 'Logged' });
    const { body: events } = await server.request('GET', '/logs', { query: { per_page: 1 } });
    expect(events[0]).toMatchObject({
      type: 'sapi',
      description: 'Update tenant settings',
      details: { changes: { friendly_name: { after: 'Logged' } } },
    });
    expect(Object.keys(events[0].details.changes)).toEqual(['friendly_name']);
  });
});

describe('fields of the settings', () => {
  it('come with the sandbox versions, which cannot be left out either', async () => {
    const { sandbox_version, sandbox_versions_available } = fresh;
    expect((await read({ fields: 'enabled_locales,absent' })).body).toEqual({
      enabled_locales: ['en'],
      sandbox_version,
      sandbox_versions_available,
    });
    const { flags: _flags, ...rest } = fresh;
    expect((await read({ fields: 'flags,sandbox_version', include_fields: false })).body).toEqual(rest);
  });
});

describe('a second start', () => {
  it('changes nothing with the right secret key', async () => {
    const keys = async () => (await server.request('GET', '/keys/signing')).body;
    const before = await keys();
    expect(await bootstrap(server.database, server.config, createSecretBox(testSecretKey))).toEqual({});
    expect(await keys()).toEqual(before);
  });

  it('of a command leaves the server’s public URL, though its own is another', async () => {
    const audiences = async () =>
      (await server.request('GET', '/resource-servers')).body.map(
        (api: { identifier: string }) => api.identifier,
      );
    const before = await audiences();
    const config = { ...server.config, publicUrl: 'http://localhost:9999' };
    const secrets = createSecretBox(testSecretKey);
    expect(await bootstrap(server.database, config, secrets, 'command')).toEqual({});
    expect(await audiences()).toEqual(before);
    await expect(
      bootstrap(
        server.database,
        config,
        createSecretBox('another secret key of enough characters'),
        'command',
      ),
    ).rejects.toThrow(SecretKeyMismatchError);
  });

  it('is refused with another one, before anything is written', async () => {
    const wrong = createSecretBox('another secret key of enough characters');
    const start = bootstrap(server.database, server.config, wrong);
    await expect(start).rejects.toThrow(SecretKeyMismatchError);
    await expect(start).rejects.toThrow(/MUSTER_SECRET_KEY/);
    expect((await read()).status).toBe(200);
    const { id } = server.config.managementClient;
    const client = await server.request('GET', `/clients/${id}`); // its secret still opens with the old key
    expect(client.body.client_secret).toBe(server.config.managementClient.secret);
  });
});
