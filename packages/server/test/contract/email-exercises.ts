import { testManagementClient } from '../support/test-config.ts';
import type { TestServer } from '../support/test-server.ts';
import { databaseName, type Exercises, make, makeUser } from './records.ts';

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

export const emailExercises: Exercises = {
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
};
