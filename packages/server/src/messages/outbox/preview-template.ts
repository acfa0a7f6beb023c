import type { BodyOf, previewEmailTemplate as operation } from '@muster/contract';
import type { Database } from '../../platform/database/database.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import { chooseLocale, makeDefaultTemplate } from '../templates/default-template.ts';
import { describeLiquidError, renderLiquid } from '../templates/liquid.ts';
import type { MessageKind } from '../templates/texts/message-text.ts';
import { describeTenant } from '../templates/variables.ts';
import { renderParts } from './render-message.ts';

export interface TemplatePreview {
  readonly from?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly built_in: { readonly subject: string; readonly body: string };
}

/**
 * The mail that a template's parts make of an example, whether they are saved or not.
 * @throws InvalidBodyError naming the part that fails, where a real mail would fall back to the built-in one
 */
export async function previewTemplate(
  { database, publicUrl }: { readonly database: Database; readonly publicUrl: string },
  name: MessageKind,
  input: BodyOf<typeof operation>,
): Promise<TemplatePreview> {
  const settings = await getTenantSettings(database);
  const { enabled_locales: enabled } = settings;
  const locale = chooseLocale([input.language], Array.isArray(enabled) ? enabled.map(String) : []);
  const variables = makeExample(describeTenant(settings, publicUrl, locale), publicUrl);
  const refuse = (part: string, error: unknown) => {
    throw new InvalidBodyError(`Template error in ${part}: ${describeLiquidError(error)}`);
  };
  const parts = { subject: input.subject ?? null, body: input.body ?? null };
  const rendered = renderParts(name, parts, locale, variables, refuse);
  return {
    ...rendered,
    ...(input.from ? { from: renderFrom(input.from, variables, refuse) } : {}),
    built_in: makeDefaultTemplate(name, locale),
  };
}

function renderFrom(
  source: string,
  variables: Readonly<Record<string, unknown>>,
  refuse: (part: string, error: unknown) => never,
): string {
  try {
    return renderLiquid(source, 'text', variables);
  } catch (error) {
    return refuse('from', error);
  }
}

/** Somebody whom every variable of every template is known of. */
function makeExample(tenant: Readonly<Record<string, unknown>>, publicUrl: string): Record<string, unknown> {
  const url = `${publicUrl}/example-link`;
  const application = {
    name: 'Example application',
    clientID: 'example-client-id',
    callback_domain: 'https://app.example.com',
    client_metadata: {},
  };
  return {
    ...tenant,
    application,
    client: application,
    connection: { name: 'Username-Password-Authentication' },
    custom_domain: {},
    organization: { id: 'org_example', name: 'example', display_name: 'Example organization' },
    inviter: { name: 'Grace Hopper' },
    roles: [],
    url,
    link: url,
    code: '123456',
    user: {
      user_id: 'auth0|0123456789abcdef01234567',
      email: 'ada@example.com',
      email_verified: false,
      name: 'Ada Lovelace',
      nickname: 'ada',
      given_name: 'Ada',
      family_name: 'Lovelace',
      picture: `${publicUrl}/avatars/al.png`,
      source_ip: '203.0.113.7',
      city: 'London',
      country: 'United Kingdom',
      app_metadata: {},
      user_metadata: {},
    },
  };
}
