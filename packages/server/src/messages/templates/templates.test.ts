import { emailTemplateNames } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';
import { queueMessage } from '../index.ts';

const path = '/email-templates';
const template = {
  template: 'verify_email',
  body: '<p>Hi {{ user.name }}, <a href="{{ url }}">confirm</a></p>',
  from: 'Acme <no-reply@acme.example>',
  subject: 'Confirm for {{ application.name }}',
  syntax: 'liquid',
  enabled: true,
};
const secrets = createSecretBox(testSecretKey);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

let counter = 0;
async function makeUser(profile: Record<string, unknown> = {}): Promise<string> {
  counter += 1;
  const created = await server.request('POST', '/users', {
    body: {
      connection: 'Username-Password-Authentication',
      email: `template${counter}@example.com`,
      password: 'Correct-horse-9',
      verify_email: false,
      ...profile,
    },
  });
  return created.body.user_id;
}

/** What the outbox shows of a message of this kind, made now. */
async function show(
  request: Partial<Parameters<typeof queueMessage>[2]> & { kind: (typeof emailTemplateNames)[number] },
) {
  const isQueued = await queueMessage(
    server.database,
    { secrets },
    { recipient: 'to@example.com', ...request },
  );
  if (!isQueued) throw new Error('it was not queued');
  const [newest] = (await server.request('GET', '/messages', { query: { per_page: 1 } })).body;
  const shown = await server.request('GET', `/messages/${newest.id}`);
  expect(shown.status).toBe(200);
  return shown.body;
}

const put = (body: Record<string, unknown>, name = 'verify_email') =>
  server.request('PUT', `${path}/${name}`, { body: { ...template, template: name, ...body } });

describe('templates over the Management API', () => {
  it('are 404 until customised, made once, changed by PATCH and replaced by PUT', async () => {
    const one = `${path}/mfa_oob_code`;
    const made = { ...template, template: 'mfa_oob_code' };
    expect((await server.request('GET', one)).body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_email_template',
      message: 'The template does not exist.',
    });
    expect((await server.request('PATCH', one, { body: { subject: 'x' } })).status).toBe(404);
    const created = await server.request('POST', path, { body: made });
    expect(created.status).toBe(200);
    expect(created.body).toEqual({ ...made, urlLifetimeInSeconds: 432_000 });
    const again = await server.request('POST', path, { body: made });
    expect([again.status, again.body.message]).toEqual([409, 'Template mfa_oob_code already exists.']);

    const patched = await server.request('PATCH', one, {
      body: { subject: 'New', urlLifetimeInSeconds: 60 },
    });
    expect(patched.body).toEqual({ ...made, subject: 'New', urlLifetimeInSeconds: 60 });
    const replaced = await server.request('PUT', one, { body: { ...made, enabled: false } });
    expect(replaced.body).toEqual({ ...made, enabled: false, urlLifetimeInSeconds: 432_000 });
    expect((await server.request('GET', one)).body).toEqual(replaced.body);
  });

  it.each([
    [{ body: '<p>\n<p>\n{% if user.name %}' }, 'body', '(line 3'],
    [{ body: 'one\n{{ user.name | shout }}' }, 'body', '(line 2'],
    [{ body: "{% include 'secrets' %}" }, 'body', 'include'],
    [{ body: "{% layout '/etc/passwd' %}" }, 'body', 'layout'],
    [{ subject: '{{ a' }, 'subject', '(line 1'],
    [{ from: 'nobody' }, 'from', 'address'],
    [{ from: 'a@x.example, b@x.example' }, 'from', 'address'],
    [{ resultUrl: 'javascript:alert(1)' }, 'resultUrl', 'http'],
    [{ syntax: 'handlebars' }, 'syntax', 'handlebars'],
    [{ template: 'welcome_email' }, 'welcome_email', 'path'],
  ])('are refused at once when they cannot work: %j', async (change, property, hint) => {
    const refused = await server.request('PUT', `${path}/verify_email`, { body: { ...template, ...change } });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(property);
    expect(refused.body.message).toContain(hint);
  });
});

describe('a preview', () => {
  const preview = (body: Record<string, unknown>, name = 'verify_email', scopes?: readonly string[]) =>
    server.request('POST', `${path}/${name}/preview`, { body, ...(scopes ? { scopes } : {}) });

  it('fills an example into what is not saved yet, and shows the built-in parts', async () => {
    const { status, body } = await preview(
      {
        subject: 'For {{ user.name }}',
        body: '<p>{{ url }} {{ code }}</p>',
        from: '{{ application.name }} <a@b.example>',
      },
      'verify_email',
      ['read:email_templates'],
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      subject: 'For Ada Lovelace',
      html: `<p>${server.config.publicUrl}/example-link 123456</p>`,
      from: 'Example application <a@b.example>',
    });
    expect(body.built_in.body).toContain('{{ target }}');
    const builtIn = (await preview({ body: '', subject: null }, 'reset_email')).body;
    expect(builtIn.html).toContain('/example-link');
    expect((await preview(builtIn.built_in, 'reset_email')).body.html).toBe(builtIn.html);
    expect((await server.request('GET', `${path}/reset_email`)).status).toBe(404);
  });

  it('says which part is wrong, and refuses other bodies and names', async () => {
    for (const [part, source] of [
      ['body', '{% if %}'],
      ['body', '{{ user.name | unknown }}'],
      ['subject', '{{ '],
      ['from', '{% for %}'],
    ] as const) {
      const refused = await preview({ [part]: source });
      expect(refused.status, source).toBe(400);
      expect(refused.body.message).toContain(`Template error in ${part}`);
    }
    expect((await preview({ other: 'x' })).status).toBe(400);
    expect((await preview({}, 'no_such')).status).toBe(400);
    expect((await preview({}, 'verify_email', ['read:users'])).status).toBe(403);
  });
});

describe('rendering', () => {
  beforeEach(async () => {
    await server.request('PATCH', '/tenants/settings', {
      body: { friendly_name: 'Acme & Sons', enabled_locales: ['en', 'de', 'ar'] },
    });
  });

  it('fills in user, application, tenant and link', async () => {
    const client = await server.request('POST', '/clients', {
      body: {
        name: 'Shop',
        callbacks: ['https://shop.example.com/callback', 'https://other.example.com'],
        client_metadata: { colour: 'blue' },
      },
    });
    await put({
      body: [
        '{{ user.given_name }} {{ user.email }} {{ user.user_metadata.plan }} {{ user.app_metadata.id }}',
        '{{ application.name }} {{ client.name }} {{ application.clientID }} {{ application.callback_domain }}',
        '{{ application.client_metadata.colour }} {{ connection.name }} {{ friendly_name }} {{ tenant }} {{ url }}',
      ].join('|'),
    });
    const userId = await makeUser({
      given_name: 'Ada',
      user_metadata: { plan: 'gold' },
      app_metadata: { id: 7 },
    });
    const shown = await show({
      kind: 'verify_email',
      userId,
      clientId: client.body.client_id,
      connection: 'Username-Password-Authentication',
      secrets: { url: 'https://id.example.com/u?ticket=a&b=c' },
    });
    expect(shown.html).toBe(
      [
        `Ada template${counter}@example.com gold 7`,
        `Shop Shop ${client.body.client_id} https://shop.example.com`,
        'blue Username-Password-Authentication Acme &amp; Sons muster.test https://id.example.com/u?ticket=a&amp;b=c',
      ].join('|'),
    );
    expect(shown.subject).toBe('Confirm for Shop');
    expect(shown.from).toBe('Acme <no-reply@acme.example>');
    expect(shown.links).toEqual(['https://id.example.com/u?ticket=a&b=c']);
  });

  it('escapes what users write about themselves, once, unless the template says raw', async () => {
    await put({
      body: '{{ user.name }}|{{ user.name | escape }}|{{ user.name | escape | newline_to_br }}|{{ user.user_metadata.bio | raw }}|{% echo user.name %}|{% cycle user.name, "b" %}',
      subject: '{{ user.name }}',
    });
    const userId = await makeUser({
      name: '<img src=x onerror=alert(1)>&',
      user_metadata: { bio: '<i>b</i>' },
    });
    const { html, subject } = await show({ kind: 'verify_email', userId });
    const escaped = '&lt;img src=x onerror=alert(1)&gt;&amp;';
    expect(html).toBe([escaped, escaped, escaped, '<i>b</i>', escaped, escaped].join('|'));
    expect(subject).toBe('<img src=x onerror=alert(1)>&');
  });

  it('lets no user end a header or become the sender', async () => {
    await put({ subject: 'Hi {{ user.nickname }}', from: '{{ user.nickname }} <no-reply@acme.example>' });
    const userId = await makeUser({ nickname: 'x\r\nBcc: victim@example.com' });
    const shown = await show({ kind: 'verify_email', userId });
    expect(shown.subject).toBe('Hi x Bcc: victim@example.com');
    expect(shown.from).toBe('x Bcc: victim@example.com <no-reply@acme.example>');

    const spoofer = await makeUser({ nickname: 'Boss <boss@bank.example>' });
    const spoofed = await show({ kind: 'verify_email', userId: spoofer });
    expect(spoofed.from).toBe('Acme & Sons <no-reply@muster.test>');
  });

  it.each([
    ['loops without end', '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}'],
    [
      'builds a giant',
      '{% assign x = "aaaaaaaaaa" %}{% for a in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
    ],
    ['fills memory', '{% assign a = (1..999999999) | join: "," %}{{ a }}'],
  ])('sends the built-in message instead of one that %s', async (_name, body) => {
    await put({ body });
    const { html, subject } = await show({ kind: 'verify_email', secrets: { url: 'https://x.example/t' } });
    expect(html).toContain('https://x.example/t');
    expect(html).toContain('<!doctype html>');
    expect(subject).toBe('Confirm for');
  });

  it('reaches nothing beyond the values: no prototypes, no constructors', async () => {
    await put({ body: '[{{ user.constructor.name }}{{ user.__proto__ }}{{ application.toString }}]' });
    expect((await show({ kind: 'verify_email' })).html).toBe('[]');
  });

  it.each(emailTemplateNames)('has a built-in %s in every language, with its link or code', async (name) => {
    await put({ body: null, subject: null, from: null }, name);
    for (const language of ['en', 'de', 'ar']) {
      const { html, text, subject } = await show({
        kind: name,
        requestLanguage: language,
        secrets: { url: 'https://x.example/t', link: 'https://x.example/t', code: '123456' },
        variables: { inviter: { name: 'Eve <b>' }, organization: { display_name: 'Org & Co' } },
      });
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
      expect(html).not.toMatch(/\{\{|\{%|undefined|Eve <b>/);
      expect(subject).not.toBe('');
      expect(text).not.toMatch(/<(p|td|a|h1)\b|\{\{/);
      expect(text).toContain('Acme & Sons');
      if (html.includes('<a href="https://x.example/t"')) expect(text).toContain('https://x.example/t');
      else if (/code|oob/.test(name)) expect(text).toContain('123456');
    }
  });

  it("speaks the request's language, else the user's own, of those that are enabled", async () => {
    const german = await makeUser({ user_metadata: { lang: 'de-CH' } });
    const french = await makeUser({ user_metadata: { lang: 'fr' } });
    const kind = 'reset_email';
    expect((await show({ kind, userId: german })).subject).toBe('Setzen Sie Ihr Passwort zurück');
    expect((await show({ kind, userId: french })).subject).toBe('Reset your password');
    expect((await show({ kind, userId: french, requestLanguage: 'fr-FR,fr;q=0.9,de;q=0.8' })).subject).toBe(
      'Setzen Sie Ihr Passwort zurück',
    );
    expect((await show({ kind, userId: german, requestLanguage: 'en' })).subject).toBe('Reset your password');
  });

  it('takes the reset message of its older name where the current one is not customised', async () => {
    await sql`DELETE FROM email_templates`.execute(server.database);
    await put({ subject: 'Old name', body: 'x' }, 'password_reset');
    expect((await show({ kind: 'reset_email' })).subject).toBe('Old name');
    await put({ subject: 'Current', body: 'x' }, 'reset_email');
    expect((await show({ kind: 'reset_email' })).subject).toBe('Current');
  });

  it('queues nothing for a template that is switched off, and welcomes nobody unasked', async () => {
    await put({ enabled: false }, 'blocked_account');
    const request = { recipient: 'to@example.com' };
    expect(await queueMessage(server.database, { secrets }, { ...request, kind: 'blocked_account' })).toBe(
      false,
    );
    await put({ enabled: null }, 'welcome_email');
    expect(await queueMessage(server.database, { secrets }, { ...request, kind: 'welcome_email' })).toBe(
      false,
    );
  });
});
