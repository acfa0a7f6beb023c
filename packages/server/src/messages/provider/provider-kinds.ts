import { createHmac } from 'node:crypto';
import type { EmailProviderName } from '@muster/contract';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { defaultTls, type SmtpSettings } from '../../platform/mail/index.ts';

/** As callers send and we keep them; which keys there are is a provider's matter. */
export type Credentials = Readonly<Record<string, string | number>>;

interface ProviderKind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Keys that say where mail goes: changing one alone would hand the stored secret to another server. */
  readonly destination: readonly string[];
  /** Keys that answers show. */
  readonly shown: readonly string[];
  readonly secret: string;
  toSmtp(credentials: Credentials): SmtpSettings;
}

function apiKeyOverSmtp(host: string, user: string, port: 465 | 587): ProviderKind {
  return {
    required: ['api_key'],
    optional: [],
    destination: [],
    shown: [],
    secret: 'api_key',
    toSmtp: (credentials) => over(host, port, user, text(credentials, 'api_key')),
  };
}

const regional = {
  optional: ['region'],
  destination: ['region'],
  shown: ['region'],
} as const;

/** Hosts, ports and user names are those of each provider's own documentation of its SMTP service. */
const kinds: Partial<Record<EmailProviderName, ProviderKind>> = {
  smtp: {
    required: ['smtp_host'],
    optional: ['smtp_port', 'smtp_user', 'smtp_pass'],
    destination: ['smtp_host', 'smtp_port'],
    shown: ['smtp_host', 'smtp_port', 'smtp_user'],
    secret: 'smtp_pass',
    toSmtp: (credentials) => {
      const [host, user, password] = ['smtp_host', 'smtp_user', 'smtp_pass'].map((key) =>
        text(credentials, key),
      );
      const port = Number(credentials['smtp_port'] ?? 587);
      const hasCredentials = Boolean(user || password);
      return {
        host: host ?? '',
        port,
        tls: port === 465 ? 'implicit' : defaultTls(host ?? '', hasCredentials),
        ...(hasCredentials ? { credentials: { user: user ?? '', password: password ?? '' } } : {}),
      };
    },
  },
  sendgrid: apiKeyOverSmtp('smtp.sendgrid.net', 'apikey', 587),
  mandrill: apiKeyOverSmtp('smtp.mandrillapp.com', 'muster', 587),
  resend: apiKeyOverSmtp('smtp.resend.com', 'resend', 465),
  sparkpost: {
    ...regional,
    required: ['api_key'],
    secret: 'api_key',
    toSmtp: (credentials) =>
      over(
        credentials['region'] === 'eu' ? 'smtp.eu.sparkpostmail.com' : 'smtp.sparkpostmail.com',
        587,
        'SMTP_Injection',
        text(credentials, 'api_key'),
      ),
  },
  mailgun: {
    required: ['api_key', 'domain'],
    optional: ['region'],
    destination: ['domain', 'region'],
    shown: ['domain', 'region'],
    secret: 'api_key',
    toSmtp: (credentials) =>
      over(
        credentials['region'] === 'eu' ? 'smtp.eu.mailgun.org' : 'smtp.mailgun.org',
        587,
        `postmaster@${text(credentials, 'domain')}`,
        text(credentials, 'api_key'),
      ),
  },
  ses: {
    ...regional,
    optional: [],
    required: ['accessKeyId', 'secretAccessKey', 'region'],
    secret: 'secretAccessKey',
    toSmtp: (credentials) => {
      const region = text(credentials, 'region');
      const password = sesSmtpPassword(text(credentials, 'secretAccessKey'), region);
      return over(`email-smtp.${region}.amazonaws.com`, 587, text(credentials, 'accessKeyId'), password);
    },
  },
};

const reachable = Object.keys(kinds).join(', ');

/**
 * Holds credentials against what a provider needs.
 * @throws InvalidBodyError naming the provider and the property
 */
export function assertUsableCredentials(name: EmailProviderName, credentials: Credentials): void {
  const kind = getKind(name);
  const missing = kind.required.filter((key) => credentials[key] === undefined);
  if (missing.length > 0) {
    throw new InvalidBodyError(`The credentials of ${name} need ${missing.join(' and ')}.`);
  }
  const known = [...kind.required, ...kind.optional];
  const foreign = Object.keys(credentials).filter((key) => !known.includes(key));
  if (foreign.length > 0) {
    throw new InvalidBodyError(
      `The credentials of ${name} have no ${foreign.join(' and no ')}; they have ${known.join(', ')}.`,
    );
  }
  const isEuropean = credentials['region'] === undefined || credentials['region'] === 'eu';
  if (name !== 'ses' && !isEuropean) {
    throw new InvalidBodyError(`The region of ${name} is eu, or absent.`);
  }
}

/**
 * The credentials after a change of the same provider; `null` takes one away.
 * @throws InvalidBodyError when a stored secret would go to another server
 */
export function mergeCredentials(
  name: EmailProviderName,
  stored: Credentials,
  change: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kind = getKind(name);
  const moved = kind.destination.filter(
    (key) => change[key] !== undefined && (change[key] ?? undefined) !== stored[key],
  );
  if (moved.length > 0 && stored[kind.secret] !== undefined && change[kind.secret] === undefined) {
    throw new InvalidBodyError(`To change ${moved.join(' and ')}, send ${kind.secret} again.`);
  }
  return { ...stored, ...change };
}

/** The part of the credentials that answers show. */
export function presentCredentials(name: EmailProviderName, credentials: Credentials): Credentials {
  const { shown } = getKind(name);
  return Object.fromEntries(Object.entries(credentials).filter(([key]) => shown.includes(key)));
}

export function toSmtpSettings(name: EmailProviderName, credentials: Credentials): SmtpSettings {
  return getKind(name).toSmtp(credentials);
}

/** @throws InvalidBodyError for one that Muster has no way to */
function getKind(name: EmailProviderName): ProviderKind {
  const kind = kinds[name];
  if (kind) return kind;
  throw new InvalidBodyError(
    `Muster sends mail by SMTP and cannot reach the provider ${name} that way. Use one of ${reachable}.`,
  );
}

function over(host: string, port: number, user: string, password: string): SmtpSettings {
  return { host, port, tls: port === 465 ? 'implicit' : 'required', credentials: { user, password } };
}

function text(credentials: Credentials, key: string): string {
  return String(credentials[key] ?? '');
}

/**
 * Amazon SES derives SMTP passwords from secret access keys: AWS Signature Version 4 of fixed inputs, behind a
 * version byte (Amazon SES Developer Guide, "Obtaining Amazon SES SMTP credentials").
 */
function sesSmtpPassword(secretAccessKey: string, region: string): string {
  const signature = ['11111111', region, 'ses', 'aws4_request', 'SendRawEmail'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  return Buffer.concat([Buffer.from([4]), signature]).toString('base64');
}
