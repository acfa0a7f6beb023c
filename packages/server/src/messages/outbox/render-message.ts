import type { Logger } from 'pino';
import { findApplication } from '../../applications/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { isAddress, type Mailbox, parseMailbox, toHeaderText } from '../../platform/mail/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { getTenantSettings } from '../../tenant/index.ts';
import { findUser } from '../../users/index.ts';
import { getActiveTemplate } from '../templates/active-template.ts';
import { chooseLocale, makeDefaultTemplate } from '../templates/default-template.ts';
import { describeLiquidError, renderLiquid } from '../templates/liquid.ts';
import { toPlainText } from '../templates/plain-text.ts';
import type { TemplateSettings } from '../templates/store.ts';
import type { MessageKind } from '../templates/texts/message-text.ts';
import { describeApplication, describeTenant, describeUser } from '../templates/variables.ts';
import { type MessageSecrets, messageSecretContext } from './queue-message.ts';
import type { MessageRecord } from './store.ts';

export interface RenderDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly publicUrl: string;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

export interface RenderedMessage {
  readonly from: Mailbox;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** A message with everything read that its template may show; rendering it asks the database nothing more. */
export interface PreparedMessage {
  readonly secrets: MessageSecrets;
  /** @param sender for templates that name none; absent: one made of the public URL */
  render(secrets: MessageSecrets, sender?: Mailbox): RenderedMessage;
}

/** @returns undefined when the user that it is about no longer exists */
export async function prepareMessage(
  dependencies: RenderDependencies,
  message: MessageRecord,
): Promise<PreparedMessage | undefined> {
  const { database, publicUrl, logger } = dependencies;
  const user = message.userId === null ? undefined : await findUser(database, message.userId);
  if (message.userId !== null && !user) return undefined;
  const { client_id: clientId, connection, request_language: requestLanguage } = message.details;
  const extra = toObject(message.details['variables']);
  const [tenant, template, application] = await Promise.all([
    getTenantSettings(database),
    getActiveTemplate(database, message.kind),
    typeof clientId === 'string' ? findApplication(database, clientId) : undefined,
  ]);
  const { hostname } = new URL(publicUrl);
  const metadata = toObject(user?.userMetadata);
  const locale = chooseLocale(
    [requestLanguage, metadata['lang'], metadata['locale'], metadata['language']].map((value) =>
      typeof value === 'string' ? value : undefined,
    ),
    Array.isArray(tenant['enabled_locales']) ? tenant['enabled_locales'].map(String) : [],
  );
  const variables = {
    organization: {},
    custom_domain: {},
    ...extra,
    ...describeApplication(application),
    connection:
      typeof connection === 'string' && message.kind !== 'enrollment_email' ? { name: connection } : {},
    user: { email: message.recipient, ...(user ? describeUser(user) : {}), ...toObject(extra['user']) },
    ...describeTenant(tenant, publicUrl, locale),
  };
  const warn = (part: string, error: unknown) =>
    logger.warn(
      { template: message.kind, part, reason: describeLiquidError(error) },
      'an e-mail template failed; the built-in one is used',
    );
  return {
    secrets: readSecrets(dependencies.secrets, message),
    render: (secrets, sender) => {
      const all = { ...variables, ...secrets };
      const fallback = sender ?? makeSender(variables.friendly_name, hostname);
      const parts = renderParts(message.kind, template.settings, locale, all, warn);
      return { ...parts, from: renderSender(template.settings.from, all, fallback, warn) };
    },
  };
}

/** Told of a customised part that fails; throws where the built-in one shall not stand in for it. */
type Warn = (part: string, error: unknown) => void;

/** A part that is not customised, or fails, is the built-in one's. */
export function renderParts(
  kind: MessageKind,
  settings: Pick<TemplateSettings, 'subject' | 'body'>,
  locale: string,
  variables: Readonly<Record<string, unknown>>,
  warn: Warn,
): Omit<RenderedMessage, 'from'> {
  const builtIn = makeDefaultTemplate(kind, locale);
  const render = (part: 'subject' | 'body', form: 'text' | 'html') => {
    const custom = settings[part];
    if (custom) {
      try {
        return renderLiquid(custom, form, variables);
      } catch (error) {
        warn(part, error);
      }
    }
    return renderLiquid(builtIn[part], form, variables);
  };
  const html = render('body', 'html');
  return { subject: toHeaderText(render('subject', 'text')), html, text: toPlainText(html) };
}

function renderSender(
  source: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
  fallback: Mailbox,
  warn: Warn,
): Mailbox {
  if (!source) return fallback;
  try {
    const sender = parseMailbox(renderLiquid(source, 'text', variables));
    if (sender) return sender;
    warn('from', new Error('it renders to something else than one address'));
  } catch (error) {
    warn('from', error);
  }
  return fallback;
}

function makeSender(name: string, hostname: string): Mailbox {
  const address = `no-reply@${hostname}`;
  return {
    name: toHeaderText(name),
    address: isAddress(address) ? address : 'no-reply@localhost.localdomain',
  };
}

function readSecrets(secrets: SecretBox, message: MessageRecord): MessageSecrets {
  if (!message.secrets) return {};
  const { url, link, code } = toObject(JSON.parse(secrets.decrypt(message.secrets, messageSecretContext)));
  return {
    ...(typeof url === 'string' ? { url } : {}),
    ...(typeof link === 'string' ? { link } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** The same shape with nothing in it that acts for the user; for what is kept of a sent message. */
export function maskMessageSecrets({ url, link, code }: MessageSecrets): MessageSecrets {
  return {
    ...(url === undefined ? {} : { url: maskUrl(url) }),
    ...(link === undefined ? {} : { link: maskUrl(link) }),
    ...(code === undefined ? {} : { code: '*****' }),
  };
}

function maskUrl(text: string): string {
  return `${text.split(/[?#]/, 1)[0] ?? ''}?*****`;
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
