import { ConfigError } from '../config-error.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';

/** How an SMTP server is reached. */
export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte; `required`: STARTTLS or nothing; `offered`: STARTTLS where the server
   * has it, else in the clear.
   */
  readonly tls: 'implicit' | 'required' | 'offered';
  readonly credentials?: { readonly user: string; readonly password: string };
}

const ports = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Reads `smtp://user:password@host:587` or `smtps://…`, with `?from=Name <address>` for messages whose template
 * and tenant name no sender, and `?tls=offered` to send credentials to a server that has no TLS.
 * @throws ConfigError, which never quotes the URL: it holds a password
 */
export function parseSmtpUrl(text: string): { readonly smtp: SmtpSettings; readonly from?: Mailbox } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usage = 'MUSTER_SMTP_URL must be an SMTP URL such as smtp://user:password@mail.example.com:587.';
  if (
    !url ||
    (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') ||
    !url.hostname ||
    url.pathname.length > 1
  )
    throw new ConfigError(usage);
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'from' && key !== 'tls');
  if (unknown !== undefined)
    throw new ConfigError(`MUSTER_SMTP_URL knows the parameters from and tls, not "${unknown}".`);
  const tls = url.searchParams.get('tls');
  if (tls !== null && tls !== 'required' && tls !== 'offered')
    throw new ConfigError('The parameter tls of MUSTER_SMTP_URL must be required or offered.');
  const sender = url.searchParams.get('from');
  const from = sender === null ? undefined : parseMailbox(sender);
  if (sender !== null && !from)
    throw new ConfigError(
      'The parameter from of MUSTER_SMTP_URL must be one address, or a name and <address>.',
    );

  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const [user, password] = [decode(url.username, usage), decode(url.password, usage)];
  const hasCredentials = user !== '' || password !== '';
  return {
    smtp: {
      host,
      port: url.port === '' ? ports[url.protocol] : Number(url.port),
      tls: url.protocol === 'smtps:' ? 'implicit' : (tls ?? defaultTls(host, hasCredentials)),
      ...(hasCredentials ? { credentials: { user, password } } : {}),
    },
    ...(from ? { from } : {}),
  };
}

/** Credentials cross no network in the clear unless somebody said so. */
export function defaultTls(host: string, hasCredentials: boolean): 'required' | 'offered' {
  const isLoopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  return hasCredentials && !isLoopback ? 'required' : 'offered';
}

function decode(text: string, usage: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone `%`; the URIError would quote nothing useful and the text is a secret.
    throw new ConfigError(usage);
  }
}
