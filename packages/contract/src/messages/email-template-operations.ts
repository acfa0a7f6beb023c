import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, nullable, oneOf, optional } from '../schema-parts.ts';

export const emailTemplateNames = [
  'verify_email',
  'verify_email_by_code',
  'auth_email_by_code',
  'reset_email',
  'reset_email_by_code',
  'welcome_email',
  'blocked_account',
  'stolen_credentials',
  'enrollment_email',
  'mfa_oob_code',
  'user_invitation',
  'change_password',
  'password_reset',
  'async_approval',
] as const;

export type EmailTemplateName = (typeof emailTemplateNames)[number];

const text = (maxLength: number, description: string) => nullable(Type.String({ maxLength, description }));

const template = oneOf(emailTemplateNames, 'Name of the template.');
const required = {
  body: text(200_000, 'HTML in Liquid.'),
  from: text(500, 'Sender: an address, or a name and an address in angle brackets; Liquid.'),
  subject: text(1000, 'Subject; Liquid.'),
  syntax: text(20, 'Only `liquid`.'),
  enabled: nullable(Type.Boolean({ description: 'Whether messages of this kind are sent.' })),
};
const further = {
  resultUrl: optional(text(2000, 'Where users go from the link; Liquid with `application` alone.')),
  urlLifetimeInSeconds: optional(
    nullable(Type.Number({ minimum: 0, description: 'Lifetime of the link in seconds; default 432000.' })),
  ),
  includeEmailInRedirect: optional(
    Type.Boolean({ description: 'Whether `email` is added to the result URL.' }),
  ),
};

export const EmailTemplate = Type.Object({ template, ...required, ...further }, closed);

const UpdateEmailTemplateBody = Type.Object(
  {
    template: optional(template),
    body: optional(required.body),
    from: optional(required.from),
    subject: optional(required.subject),
    syntax: optional(required.syntax),
    enabled: optional(required.enabled),
    ...further,
  },
  closed,
);

const templateName = Type.Object({ templateName: template }, closed);

export const createEmailTemplate = defineOperation({
  id: 'post_email_templates',
  method: 'POST',
  path: '/email-templates',
  tag: 'email-templates',
  summary: 'Create an email template',
  scopes: ['create:email_templates'],
  body: EmailTemplate,
  responses: { 200: EmailTemplate },
  errors: [409],
});

export const getEmailTemplate = defineOperation({
  id: 'get_email_templates_by_template_name',
  method: 'GET',
  path: '/email-templates/{templateName}',
  tag: 'email-templates',
  summary: 'Get an email template',
  description: '404 until it is customised; the built-in one is sent until then.',
  scopes: ['read:email_templates'],
  parameters: templateName,
  responses: { 200: EmailTemplate },
  errors: [404],
});

export const replaceEmailTemplate = defineOperation({
  id: 'put_email_templates_by_template_name',
  method: 'PUT',
  path: '/email-templates/{templateName}',
  tag: 'email-templates',
  summary: 'Set an email template',
  description: 'Creates or replaces it.',
  scopes: ['update:email_templates'],
  parameters: templateName,
  body: EmailTemplate,
  responses: { 200: EmailTemplate },
  errors: [404],
});

export const updateEmailTemplate = defineOperation({
  id: 'patch_email_templates_by_template_name',
  method: 'PATCH',
  path: '/email-templates/{templateName}',
  tag: 'email-templates',
  summary: 'Update an email template',
  scopes: ['update:email_templates'],
  parameters: templateName,
  body: UpdateEmailTemplateBody,
  responses: { 200: EmailTemplate },
  errors: [404],
});

/** Beyond the reference. */
export const previewEmailTemplate = defineOperation({
  id: 'post_email_templates_preview',
  method: 'POST',
  path: '/email-templates/{templateName}/preview',
  isReading: true,
  tag: 'email-templates',
  summary: 'Preview an email template',
  description:
    'The mail that these parts make of an example user, link and code. A part that is absent, null or empty is the built-in one. Changes and sends nothing.',
  scopes: ['read:email_templates'],
  parameters: templateName,
  body: Type.Object(
    {
      body: optional(required.body),
      from: optional(required.from),
      subject: optional(required.subject),
      language: optional(
        Type.String({ maxLength: 35, description: "A language tag; default: the tenant's first." }),
      ),
    },
    closed,
  ),
  responses: {
    200: Type.Object(
      {
        from: optional(Type.String({ description: 'Absent where the mail server decides.' })),
        subject: Type.String(),
        html: Type.String(),
        text: Type.String(),
        built_in: Type.Object(
          { subject: Type.String(), body: Type.String() },
          { ...closed, description: 'The built-in parts in Liquid, to begin with.' },
        ),
      },
      closed,
    ),
  },
});
