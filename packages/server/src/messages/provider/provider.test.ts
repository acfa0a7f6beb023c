import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
afterEach(() => server.request('DELETE', '/emails/provider'));

const path = '/emails/provider';
const all = { fields: 'name,enabled,default_from_address,credentials,settings' };
const smtp = {
  name: 'smtp',
  default_from_address: 'Acme <no-reply@acme.example>',
  credentials: { smtp_host: 'mail.acme.example', smtp_port: 587, smtp_user: 'relay', smtp_pass: 'hunter2' },
};
const shown = { smtp_host: 'mail.acme.example', smtp_port: 587, smtp_user: 'relay' };

const create = (body: unknown) => server.request('POST', path, { body });
const update = (body: unknown) => server.request('PATCH', path, { body });

describe('the e-mail provider', () => {
  it('is answered without its secrets, and in the short form unless fields are named', async () => {
    const created = await create(smtp);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ ...smtp, enabled: true, credentials: shown });
    expect((await server.request('GET', path)).body).toEqual({ name: 'smtp', enabled: true });
    expect((await server.request('GET', path, { query: all })).body).toEqual(created.body);
    expect(
      (await server.request('GET', path, { query: { fields: 'credentials', include_fields: false } })).body,
    ).toEqual({ name: 'smtp', enabled: true, default_from_address: smtp.default_from_address });
  });

  it('leaves no secret in the database or the log', async () => {
    await create(smtp);
    await update({ credentials: { smtp_pass: 'hunter3' } });
    const { rows } = await sql<{ everything: string }>`
      SELECT (SELECT string_agg(email_provider::text || encode(credentials, 'escape'), '') FROM email_provider)
        || (SELECT string_agg(logs::text, '') FROM logs) AS everything`.execute(server.database);
    expect(rows[0]?.everything).toContain('mail.acme.example');
    expect(rows[0]?.everything).not.toMatch(/hunter[23]/);
  });

  it('is one at a time: a second is 409, none is 404, deleting none is no error', async () => {
    expect((await server.request('GET', path)).body).toMatchObject({
      statusCode: 404,
      errorCode: 'inexistent_email_provider',
      message: 'There is not a configured email provider',
    });
    expect((await update({ enabled: false })).status).toBe(404);
    expect((await server.request('DELETE', path)).status).toBe(204);
    expect((await create(smtp)).status).toBe(201);
    expect((await create(smtp)).status).toBe(409);
  });

  it('merges credentials while it stays the same provider', async () => {
    await create(smtp);
    const changed = await update({
      credentials: { smtp_user: 'other' },
      default_from_address: 'b@acme.example',
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      credentials: { ...shown, smtp_user: 'other' },
      default_from_address: 'b@acme.example',
    });
  });

  it('hands a stored secret to no other server', async () => {
    await create(smtp);
    const moved = await update({ credentials: { smtp_host: 'mail.evil.example' } });
    expect(moved.status).toBe(400);
    expect(moved.body.message).toContain('send smtp_pass again');
    const both = await update({ credentials: { smtp_host: 'new.acme.example', smtp_pass: 'x' } });
    expect(both.body.credentials.smtp_host).toBe('new.acme.example');
  });

  it('asks for the credentials of another provider', async () => {
    await create({ ...smtp, settings: { headers: {} } });
    const without = await update({ name: 'sendgrid' });
    expect(without.status).toBe(400);
    expect(without.body.message).toContain('sendgrid need api_key');
    const changed = await update({ name: 'sendgrid', credentials: { api_key: 'SG.1' } });
    expect(changed.body).toEqual({
      name: 'sendgrid',
      enabled: true,
      default_from_address: smtp.default_from_address,
      credentials: {},
    });
  });

  it.each([
    ['sendgrid', { api_key: 'k' }, {}],
    ['mandrill', { api_key: 'k' }, {}],
    ['resend', { api_key: 'k' }, {}],
    ['sparkpost', { api_key: 'k', region: 'eu' }, { region: 'eu' }],
    ['sparkpost', { api_key: 'k', region: null }, {}],
    ['mailgun', { api_key: 'k', domain: 'mg.acme.example' }, { domain: 'mg.acme.example' }],
    ['ses', { accessKeyId: 'AKIA', secretAccessKey: 's', region: 'eu-west-1' }, { region: 'eu-west-1' }],
  ])('takes %s', async (name, credentials, answered) => {
    const created = await create({ name, credentials });
    expect(created.status).toBe(201);
    expect(created.body.credentials).toEqual(answered);
  });

  it.each([
    [{ name: 'azure_cs', credentials: { connectionString: 'x' } }, 'azure_cs'],
    [{ name: 'ms365', credentials: { tenantId: 'x', clientId: 'y', clientSecret: 'z' } }, 'ms365'],
    [{ name: 'custom', credentials: {} }, 'custom'],
    [{ name: 'smtp', credentials: {} }, 'smtp_host'],
    [{ name: 'smtp', credentials: { smtp_host: 'a b' } }, 'smtp_host'],
    [{ name: 'smtp', credentials: { smtp_host: 'x.example', api_key: 'k' } }, 'api_key'],
    [{ name: 'mailgun', credentials: { api_key: 'k' } }, 'domain'],
    [{ name: 'sparkpost', credentials: { api_key: 'k', region: 'us' } }, 'region'],
    [{ ...smtp, default_from_address: 'a@x.example, b@x.example' }, 'default_from_address'],
    [{ name: 'pigeon', credentials: {} }, 'pigeon'],
  ])('refuses %j and names what is wrong', async (body, named) => {
    const refused = await create(body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(named);
  });
});
