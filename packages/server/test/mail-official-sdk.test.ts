import { ManagementClient, ManagementError } from 'auth0';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from './support/test-config.ts';
import { startTlsServer, type TlsServer } from './support/tls-server.ts';

let server: TlsServer;
let management: ManagementClient;
beforeAll(async () => {
  server = await startTlsServer();
  management = new ManagementClient({
    domain: server.domain,
    clientId: testManagementClient.id,
    clientSecret: testManagementClient.secret,
  });
});
afterAll(() => server.close());

async function statusOf(call: PromiseLike<unknown>): Promise<number | undefined> {
  const error = await Promise.resolve(call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ManagementError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error.statusCode;
}

describe('e-mail with the official SDK', () => {
  it('sets, reads, changes and deletes the provider', async () => {
    expect(await statusOf(management.emails.provider.get())).toBe(404);
    const created = await management.emails.provider.create({
      name: 'smtp',
      default_from_address: 'no-reply@acme.example',
      credentials: {
        smtp_host: 'mail.acme.example',
        smtp_port: 465,
        smtp_user: 'relay',
        smtp_pass: 'hunter2',
      },
    });
    expect(created).toEqual({
      name: 'smtp',
      enabled: true,
      default_from_address: 'no-reply@acme.example',
      credentials: { smtp_host: 'mail.acme.example', smtp_port: 465, smtp_user: 'relay' },
    });
    expect(
      await statusOf(management.emails.provider.create({ name: 'sendgrid', credentials: { api_key: 'x' } })),
    ).toBe(409);
    const changed = await management.emails.provider.update({
      name: 'mandrill',
      credentials: { api_key: 'x' },
    });
    expect(changed).toMatchObject({ name: 'mandrill', credentials: {} });
    expect(await management.emails.provider.get({ fields: 'name', include_fields: true })).toEqual({
      name: 'mandrill',
    });
    await management.emails.provider.delete();
    expect(await statusOf(management.emails.provider.get())).toBe(404);
  });

  it('sets, reads and changes templates', async () => {
    expect(await statusOf(management.emailTemplates.get('welcome_email'))).toBe(404);
    const template = {
      template: 'welcome_email',
      body: '<p>Hello {{ user.name }}</p>',
      from: 'no-reply@acme.example',
      subject: 'Hello',
      syntax: 'liquid',
      enabled: true,
    } as const;
    expect(await management.emailTemplates.create(template)).toMatchObject(template);
    expect(await statusOf(management.emailTemplates.create(template))).toBe(409);
    await management.emailTemplates.update('welcome_email', { subject: 'Welcome' });
    expect((await management.emailTemplates.get('welcome_email')).subject).toBe('Welcome');
    expect((await management.emailTemplates.set('welcome_email', template)).subject).toBe('Hello');
  });

  it('makes tickets', async () => {
    const user = await management.users.create({
      connection: 'Username-Password-Authentication',
      email: 'tickets@example.com',
      password: 'Correct-horse-9',
    });
    const id = String(user.user_id);
    const verification = await management.tickets.verifyEmail({ user_id: id });
    expect(verification.ticket).toContain(`https://${server.domain}/u/email-verification?ticket=`);
    const password = await management.tickets.changePassword({
      user_id: id,
      result_url: 'https://app.example.com/done',
      mark_email_as_verified: true,
    });
    expect(password.ticket).toContain(`https://${server.domain}/u/reset-password?ticket=`);
    expect(await statusOf(management.tickets.verifyEmail({ user_id: 'auth0|nobody' }))).toBe(404);
  });
});
