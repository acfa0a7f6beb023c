import { type Static, Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, nullable, oneOf, open, optional } from '../schema-parts.ts';
import { locales } from './tenant-schemas.ts';

const httpsUrl = () => Type.String({ format: 'https-url', maxLength: 2048 });
const color = () => Type.String({ format: 'html-color' });
const pageBackground = Type.Union([Type.String({ format: 'html-color' }), Type.Object({}, open)]);

/** How the hosted pages and messages look. */
export const Branding = Type.Object(
  {
    colors: optional(
      Type.Object({ primary: optional(color()), page_background: optional(pageBackground) }, closed),
    ),
    favicon_url: optional(httpsUrl()),
    logo_url: optional(httpsUrl()),
    font: optional(Type.Object({ url: optional(httpsUrl()) }, closed)),
  },
  open,
);
export type Branding = Static<typeof Branding>;

const UpdateBrandingBody = Type.Object(
  {
    colors: optional(
      nullable(
        Type.Object(
          {
            primary: optional(nullable(color())),
            page_background: optional(nullable(pageBackground)),
          },
          { ...closed, minProperties: 1 },
        ),
      ),
    ),
    favicon_url: optional(nullable(httpsUrl())),
    logo_url: optional(nullable(httpsUrl())),
    font: optional(
      nullable(Type.Object({ url: optional(nullable(httpsUrl())) }, { ...closed, minProperties: 1 })),
    ),
  },
  { ...closed, minProperties: 1 },
);

export const getBranding = defineOperation({
  id: 'get_branding',
  method: 'GET',
  path: '/branding',
  tag: 'branding',
  summary: 'Get branding settings',
  scopes: ['read:branding'],
  responses: { 200: Branding },
});

/** Beyond the reference. */
export const previewBranding = defineOperation({
  id: 'post_branding_preview',
  method: 'POST',
  path: '/branding/preview',
  isReading: true,
  tag: 'branding',
  summary: 'Preview the sign-in page',
  description: 'The hosted sign-in page with what is sent in place of what is saved. Changes nothing.',
  scopes: ['read:branding'],
  body: Type.Object(
    {
      colors: optional(
        Type.Object(
          { primary: optional(nullable(color())), page_background: optional(nullable(pageBackground)) },
          closed,
        ),
      ),
      logo_url: optional(nullable(httpsUrl())),
      language: optional(
        Type.String({ maxLength: 35, description: "A language tag; default: the tenant's first." }),
      ),
    },
    closed,
  ),
  responses: { 200: Type.Object({ html: Type.String() }, closed) },
});

export const updateBranding = defineOperation({
  id: 'patch_branding',
  method: 'PATCH',
  path: '/branding',
  tag: 'branding',
  summary: 'Update branding settings',
  description: '`colors` and `font` are merged; `null` removes.',
  scopes: ['update:branding'],
  body: UpdateBrandingBody,
  responses: { 200: Branding },
});

/** A text, or one per language. */
const label = Type.Union([
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 200 }), { minProperties: 1 }),
]);

/** A field that people fill in when they sign up; its value is kept in `user_metadata`. */
export const SignUpField = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$',
      description: 'Key in `user_metadata`.',
    }),
    label,
    type: optional(oneOf(['text', 'email', 'tel', 'number', 'date', 'select', 'checkbox'])),
    required: optional(Type.Boolean()),
    max_length: optional(Type.Integer({ minimum: 1, maximum: 500 })),
    choices: optional(
      Type.Array(Type.Object({ value: Type.String({ minLength: 1, maxLength: 500 }), label }, closed), {
        minItems: 1,
        maxItems: 200,
      }),
    ),
  },
  closed,
);
export type SignUpField = Static<typeof SignUpField>;

const promptSettings = {
  universal_login_experience: optional(oneOf(['new', 'classic'])),
  identifier_first: Type.Boolean({ description: 'Whether the password is asked for on a page of its own.' }),
  webauthn_platform_first_factor: Type.Boolean(),
  signup_fields: Type.Array(SignUpField, {
    maxItems: 10,
    description: 'Beyond the reference: what else people fill in when they sign up.',
  }),
};

export const PromptSettings = Type.Object(promptSettings, open);
export type PromptSettings = Static<typeof PromptSettings>;

const UpdatePromptSettingsBody = Type.Object(
  {
    universal_login_experience: promptSettings.universal_login_experience,
    identifier_first: optional(nullable(Type.Boolean())),
    webauthn_platform_first_factor: optional(nullable(Type.Boolean())),
    signup_fields: optional(nullable(promptSettings.signup_fields)),
  },
  { ...closed, minProperties: 1 },
);

export const getPromptSettings = defineOperation({
  id: 'get_prompts',
  method: 'GET',
  path: '/prompts',
  tag: 'prompts',
  summary: 'Get prompt settings',
  scopes: ['read:prompts'],
  responses: { 200: PromptSettings },
});

export const updatePromptSettings = defineOperation({
  id: 'patch_prompts',
  method: 'PATCH',
  path: '/prompts',
  tag: 'prompts',
  summary: 'Update prompt settings',
  scopes: ['update:prompts'],
  body: UpdatePromptSettingsBody,
  responses: { 200: PromptSettings },
});

/** Groups of texts on the hosted pages. */
export const promptNames = (
  'login login-id login-password login-passwordless login-email-verification signup signup-id signup-password ' +
  'phone-identifier-enrollment phone-identifier-challenge email-identifier-challenge reset-password custom-form consent ' +
  'customized-consent logout mfa-push mfa-otp mfa-voice mfa-phone mfa-webauthn mfa-sms mfa-email mfa-recovery-code mfa status ' +
  'device-flow email-verification email-otp-challenge organizations invitation common passkeys captcha brute-force-protection ' +
  'async-approval-flow confirmation error-page'
).split(' ');

const customTextParameters = Type.Object({ prompt: oneOf(promptNames), language: oneOf(locales) });

/** Texts by screen and key. */
export const CustomTexts = Type.Record(
  Type.String({ maxLength: 100 }),
  Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 4000 })),
);
export type CustomTexts = Static<typeof CustomTexts>;

export const getCustomTexts = defineOperation({
  id: 'get_custom-text_by_language',
  method: 'GET',
  path: '/prompts/{prompt}/custom-text/{language}',
  tag: 'prompts',
  summary: 'Get custom texts of a prompt',
  scopes: ['read:prompts'],
  parameters: customTextParameters,
  responses: { 200: CustomTexts },
});

export const setCustomTexts = defineOperation({
  id: 'put_custom-text_by_language',
  method: 'PUT',
  path: '/prompts/{prompt}/custom-text/{language}',
  tag: 'prompts',
  summary: 'Set custom texts of a prompt',
  description:
    'Replaces all custom texts of the prompt in the language; an empty object restores the usual ones.',
  scopes: ['update:prompts'],
  parameters: customTextParameters,
  body: CustomTexts,
  responses: { 200: null },
});
