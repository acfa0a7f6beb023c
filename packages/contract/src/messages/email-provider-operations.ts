import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { fieldSelection } from '../paging.ts';
import { closed, nullable, oneOf, open, optional } from '../schema-parts.ts';

export const emailProviderNames = [
  'mailgun',
  'mandrill',
  'sendgrid',
  'resend',
  'ses',
  'sparkpost',
  'smtp',
  'azure_cs',
  'ms365',
  'custom',
] as const;

export type EmailProviderName = (typeof emailProviderNames)[number];

const secret = (description: string) => optional(Type.String({ minLength: 1, maxLength: 4096, description }));

/** One closed object for all providers: which keys belong to which is the server's check, with a clearer answer. */
const credentials = Type.Object(
  {
    api_key: secret('API key of mandrill, sendgrid, resend or sparkpost; SMTP password of mailgun.'),
    accessKeyId: secret('AWS access key of ses.'),
    secretAccessKey: secret('AWS secret access key of ses.'),
    region: optional(
      nullable(
        Type.String({
          pattern: '^[a-z0-9-]{1,32}$',
          description: 'AWS region of ses; `eu` for European accounts of sparkpost and mailgun.',
        }),
      ),
    ),
    domain: optional(Type.String({ minLength: 4, format: 'host-name', description: 'Domain of mailgun.' })),
    smtp_host: optional(Type.String({ format: 'host', description: 'Name or address of the SMTP server.' })),
    smtp_port: optional(
      Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port; 465: TLS at once.' }),
    ),
    smtp_user: secret('User name at the SMTP server.'),
    smtp_pass: secret('Password at the SMTP server.'),
    connectionString: secret('Connection string of azure_cs.'),
    tenantId: secret('Tenant of ms365.'),
    clientId: secret('Client of ms365.'),
    clientSecret: secret('Client secret of ms365.'),
  },
  closed,
);

const provider = {
  enabled: optional(Type.Boolean({ description: 'Whether it is used; default true.' })),
  default_from_address: optional(
    Type.String({ maxLength: 500, description: 'Sender of messages whose template names none.' }),
  ),
  settings: optional(nullable(Type.Object({}, { ...open, description: 'Settings of the provider.' }))),
};

export const CreateEmailProviderBody = Type.Object(
  { name: oneOf(emailProviderNames, 'Name of the provider.'), credentials, ...provider },
  closed,
);

export const UpdateEmailProviderBody = Type.Object(
  {
    name: optional(oneOf(emailProviderNames, 'Name of the provider.')),
    credentials: optional(credentials),
    ...provider,
  },
  { ...closed, minProperties: 1 },
);

export const EmailProvider = Type.Object(
  {
    name: optional(Type.String()),
    enabled: optional(Type.Boolean()),
    default_from_address: optional(Type.String()),
    credentials: optional(
      Type.Object(
        {
          region: optional(Type.String()),
          domain: optional(Type.String()),
          smtp_host: optional(Type.String()),
          smtp_port: optional(Type.Integer()),
          smtp_user: optional(Type.String()),
        },
        { ...closed, description: 'Without secrets.' },
      ),
    ),
    settings: optional(Type.Object({}, open)),
  },
  closed,
);

export const getEmailProvider = defineOperation({
  id: 'get_email_provider',
  method: 'GET',
  path: '/emails/provider',
  tag: 'emails',
  summary: 'Get email provider',
  description: 'Without `fields`: `name` and `enabled`.',
  scopes: ['read:email_provider'],
  query: Type.Object({ ...fieldSelection }, closed),
  responses: { 200: EmailProvider },
  errors: [404],
});

export const createEmailProvider = defineOperation({
  id: 'post_email_provider',
  method: 'POST',
  path: '/emails/provider',
  tag: 'emails',
  summary: 'Configure email provider',
  scopes: ['create:email_provider'],
  body: CreateEmailProviderBody,
  responses: { 201: EmailProvider },
  errors: [409],
});

export const updateEmailProvider = defineOperation({
  id: 'patch_email_provider',
  method: 'PATCH',
  path: '/emails/provider',
  tag: 'emails',
  summary: 'Update email provider',
  description:
    '`credentials` are merged while the provider stays the same; another `name` needs its own. Where mail goes (`smtp_host`, ' +
    '`smtp_port`, `domain`, `region`) changes only together with the secret.',
  scopes: ['update:email_provider'],
  body: UpdateEmailProviderBody,
  responses: { 200: EmailProvider },
  errors: [404, 409],
});

export const deleteEmailProvider = defineOperation({
  id: 'delete_email_provider',
  method: 'DELETE',
  path: '/emails/provider',
  tag: 'emails',
  summary: 'Delete email provider',
  scopes: ['delete:email_provider'],
  responses: { 204: null },
});
