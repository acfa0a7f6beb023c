import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from './platform/config-error.ts';
import { type Mailbox, parseSmtpUrl, type SmtpSettings } from './platform/mail/index.ts';

export { ConfigError };

/** What the environment says, checked once at start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absent: the embedded database under `dataFolder`. */
  readonly databaseUrl: string | undefined;
  readonly dataFolder: string;
  /** MiB for pages of the embedded database; absent: what the machine has room for. */
  readonly databaseMemory: number | undefined;
  /** Without a trailing slash; the issuer is this with one. */
  readonly publicUrl: string;
  readonly secretKey: string | undefined;
  readonly administrator: { readonly email: string; readonly password: string | undefined };
  readonly managementClient: { readonly id: string | undefined; readonly secret: string | undefined };
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | undefined;
  /** The operator's mail server; absent: only a tenant's own provider sends. */
  readonly smtp: { readonly smtp: SmtpSettings; readonly from?: Mailbox } | undefined;
  readonly workers: number;
  readonly logLevel: string;
  /** Requests a second that one client may make; bursts of the same size. */
  readonly rateLimit: number;
  /** Sign-ups a minute from one network address, and as many requests to reset a password; 0: any number. */
  readonly signUpLimit: number;
  /** Requests in ten minutes from one address to reset the password of one account; 0: any number. */
  readonly passwordResetLimit: number;
  /** Bytes of a request body. */
  readonly bodyLimit: number;
  /** Bytes of one user's profile, both metadata objects included. */
  readonly profileLimit: number;
  /** Whole days that log events are kept; 0 keeps them for good. */
  readonly logRetentionDays: number;
  /** What the hash of a new password costs: MiB of memory, and passes over it. */
  readonly passwordHashCost: { readonly memory: number; readonly passes: number };
  /** Whether users without a picture get Gravatar's; it tells Gravatar an MD5 of their address. */
  readonly usesGravatar: boolean;
  /** Milliseconds after which PostgreSQL ends a search. */
  readonly searchTimeout: number;
  /** Bytes of an import file, as it is sent and as it is uncompressed. */
  readonly importLimit: number;
  /** Hours that ended jobs and their files are kept. */
  readonly jobRetentionHours: number;
  readonly trustProxy: boolean;
  /** Whether answers are checked against their schemas; on outside production. */
  readonly checkAnswers: boolean;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

const knownNames = [
  'MUSTER_PUBLIC_URL',
  'MUSTER_DATA_DIR',
  'MUSTER_DATABASE_MEMORY',
  'MUSTER_SECRET_KEY',
  'MUSTER_ADMIN_EMAIL',
  'MUSTER_ADMIN_PASSWORD',
  'MUSTER_MANAGEMENT_CLIENT_ID',
  'MUSTER_MANAGEMENT_CLIENT_SECRET',
  'MUSTER_TLS_CERT_FILE',
  'MUSTER_TLS_KEY_FILE',
  'MUSTER_SMTP_URL',
  'MUSTER_WORKERS',
  'MUSTER_LOG_LEVEL',
  'MUSTER_RATE_LIMIT',
  'MUSTER_SIGNUP_LIMIT',
  'MUSTER_PASSWORD_RESET_LIMIT',
  'MUSTER_PASSWORD_MEMORY',
  'MUSTER_PASSWORD_PASSES',
  'MUSTER_BODY_LIMIT',
  'MUSTER_PROFILE_LIMIT',
  'MUSTER_LOG_RETENTION_DAYS',
  'MUSTER_GRAVATAR',
  'MUSTER_SEARCH_TIMEOUT',
  'MUSTER_IMPORT_LIMIT',
  'MUSTER_JOB_RETENTION_HOURS',
  'MUSTER_TRUST_PROXY',
  'MUSTER_CHECK_ANSWERS',
];

/**
 * Reads the configuration from environment variables (docs/configuration.md lists them).
 * @throws ConfigError for an unknown `MUSTER_*` name or a value that cannot be used
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('MUSTER_') && !knownNames.includes(name)) {
      throw new ConfigError(
        `Unknown setting ${name}${suggestName(name)}. docs/configuration.md lists every setting.`,
      );
    }
  }
  // An empty value counts as absent: that is how shells and compose files unset a variable.
  const read = (name: string): string | undefined => environment[name] || undefined;

  const port = readInteger('PORT', read('PORT'), 3000, 0, 65_535);
  const host = read('HOST') ?? '::';
  const certificateFile = read('MUSTER_TLS_CERT_FILE');
  const keyFile = read('MUSTER_TLS_KEY_FILE');
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw new ConfigError('Set both MUSTER_TLS_CERT_FILE and MUSTER_TLS_KEY_FILE, or neither.');
  }
  const databaseUrl = readDatabaseUrl(read('DATABASE_URL'));
  const smtpUrl = read('MUSTER_SMTP_URL');
  const scheme = certificateFile ? 'https' : 'http';
  return {
    host,
    port,
    databaseUrl,
    dataFolder: resolve(read('MUSTER_DATA_DIR') ?? 'data'),
    databaseMemory: read('MUSTER_DATABASE_MEMORY')
      ? readInteger('MUSTER_DATABASE_MEMORY', read('MUSTER_DATABASE_MEMORY'), 0, 16, 1024 * 1024)
      : undefined,
    publicUrl: readPublicUrl(read('MUSTER_PUBLIC_URL') ?? `${scheme}://localhost:${port}`),
    secretKey: readSecretKey(read('MUSTER_SECRET_KEY')),
    administrator: {
      email: read('MUSTER_ADMIN_EMAIL') ?? 'admin@example.com',
      password: read('MUSTER_ADMIN_PASSWORD'),
    },
    managementClient: {
      id: read('MUSTER_MANAGEMENT_CLIENT_ID'),
      secret: read('MUSTER_MANAGEMENT_CLIENT_SECRET'),
    },
    tls: certificateFile && keyFile ? { certificateFile, keyFile } : undefined,
    smtp: smtpUrl === undefined ? undefined : parseSmtpUrl(smtpUrl),
    workers: readInteger(
      'MUSTER_WORKERS',
      read('MUSTER_WORKERS'),
      databaseUrl ? availableParallelism() : 1,
      1,
      128,
    ),
    logLevel: readChoice('MUSTER_LOG_LEVEL', read('MUSTER_LOG_LEVEL'), 'info', logLevels),
    rateLimit: readInteger('MUSTER_RATE_LIMIT', read('MUSTER_RATE_LIMIT'), 100_000, 1, 1_000_000_000),
    signUpLimit: readInteger('MUSTER_SIGNUP_LIMIT', read('MUSTER_SIGNUP_LIMIT'), 50, 0, 1_000_000),
    passwordResetLimit: readInteger(
      'MUSTER_PASSWORD_RESET_LIMIT',
      read('MUSTER_PASSWORD_RESET_LIMIT'),
      10,
      0,
      1_000_000,
    ),
    bodyLimit: readInteger('MUSTER_BODY_LIMIT', read('MUSTER_BODY_LIMIT'), 4 * 1024 * 1024, 1024, 1024 ** 3),
    profileLimit: readInteger(
      'MUSTER_PROFILE_LIMIT',
      read('MUSTER_PROFILE_LIMIT'),
      1024 * 1024,
      1024,
      64 * 1024 ** 2,
    ),
    passwordHashCost: readPasswordHashCost(read),
    logRetentionDays: readInteger(
      'MUSTER_LOG_RETENTION_DAYS',
      read('MUSTER_LOG_RETENTION_DAYS'),
      0,
      0,
      36_500,
    ),
    usesGravatar: readBoolean('MUSTER_GRAVATAR', read('MUSTER_GRAVATAR'), true),
    searchTimeout: readInteger('MUSTER_SEARCH_TIMEOUT', read('MUSTER_SEARCH_TIMEOUT'), 5_000, 1, 600_000),
    importLimit: readInteger(
      'MUSTER_IMPORT_LIMIT',
      read('MUSTER_IMPORT_LIMIT'),
      5 * 1024 ** 3,
      1024,
      1024 ** 4,
    ),
    jobRetentionHours: readInteger(
      'MUSTER_JOB_RETENTION_HOURS',
      read('MUSTER_JOB_RETENTION_HOURS'),
      24,
      1,
      8760,
    ),
    trustProxy: readBoolean('MUSTER_TRUST_PROXY', read('MUSTER_TRUST_PROXY'), false),
    checkAnswers: readBoolean('MUSTER_CHECK_ANSWERS', read('MUSTER_CHECK_ANSWERS'), false),
  };
}

function readInteger(
  name: string,
  text: string | undefined,
  fallback: number,
  minimum: number,
  maximum: number,
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw new ConfigError(`${name} must be a whole number from ${minimum} to ${maximum}, not "${text}".`);
  }
  return value;
}

/**
 * By default RFC 9106's choice for machines of any size (section 4, the second), in one lane: lanes answer one person sooner
 * and a crowd later. At least what OWASP's password storage cheat sheet asks for, whose rows all touch 35 MiB or more.
 */
function readPasswordHashCost(read: (name: string) => string | undefined): Config['passwordHashCost'] {
  const memory = readInteger('MUSTER_PASSWORD_MEMORY', read('MUSTER_PASSWORD_MEMORY'), 64, 7, 4096);
  const passes = readInteger('MUSTER_PASSWORD_PASSES', read('MUSTER_PASSWORD_PASSES'), 3, 1, 100);
  if (memory * passes < 35) {
    throw new ConfigError(
      `MUSTER_PASSWORD_MEMORY times MUSTER_PASSWORD_PASSES must be 35 or more, not ${memory * passes}: cheaper hashes are guessed too quickly.`,
    );
  }
  return { memory, passes };
}

function readChoice(
  name: string,
  text: string | undefined,
  fallback: string,
  choices: readonly string[],
): string {
  if (text === undefined) return fallback;
  if (!choices.includes(text))
    throw new ConfigError(`${name} must be one of ${choices.join(', ')}, not "${text}".`);
  return text;
}

function readBoolean(name: string, text: string | undefined, fallback: boolean): boolean {
  return readChoice(name, text, String(fallback), ['true', 'false']) === 'true';
}

function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.pathname !== '/') {
    throw new ConfigError(
      `MUSTER_PUBLIC_URL must be an http or https origin such as https://id.example.com, not "${text}".`,
    );
  }
  return url.origin;
}

/** The password in the URL must not reach the error line. */
function readDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ConfigError(
      'DATABASE_URL must be a PostgreSQL URL such as postgresql://user:password@host:5432/muster.',
    );
  }
  return text;
}

function readSecretKey(text: string | undefined): string | undefined {
  if (text !== undefined && text.length < 32) {
    throw new ConfigError(
      'MUSTER_SECRET_KEY must have at least 32 characters; `openssl rand -base64 48` makes a good one.',
    );
  }
  return text;
}

function suggestName(name: string): string {
  const words = new Set(name.split('_').slice(1));
  const nearest = knownNames.find((known) =>
    known
      .split('_')
      .slice(1)
      .some((word) => word.length > 3 && words.has(word)),
  );
  return nearest ? ` (did you mean ${nearest}?)` : '';
}
