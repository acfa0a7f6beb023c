import { createTransport } from 'nodemailer';
import { type MailError, PermanentMailError, TransientMailError } from './errors.ts';
import { isAddress, type Mailbox, toHeaderText } from './mailbox.ts';
import type { SmtpSettings } from './smtp-settings.ts';

export interface OutgoingMail {
  readonly from: Mailbox;
  /** One plain address. */
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Without angle brackets; the same for every attempt, so that receivers recognize a message sent twice. */
  readonly messageId: string;
}

export interface Mailer {
  /**
   * Sends one message and resolves once the server has taken it.
   * @param signal cuts the attempt off; the server may have taken the message all the same
   * @throws TransientMailError, PermanentMailError
   */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds. */
export interface MailTimeouts {
  readonly connection: number;
  /** Silence of the server. */
  readonly socket: number;
  /** The whole attempt. */
  readonly total: number;
}

const defaultTimeouts: MailTimeouts = { connection: 10_000, socket: 20_000, total: 60_000 };

/**
 * Sends by SMTP, one connection per message. Certificates are checked. Addresses are checked and headers
 * flattened here, whatever the caller did: nothing that a user typed can add a header or a recipient.
 */
export function createMailer(settings: SmtpSettings, timeouts: MailTimeouts = defaultTimeouts): Mailer {
  const { host, port, tls, credentials } = settings;
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    ...(credentials ? { auth: { user: credentials.user, pass: credentials.password } } : {}),
    connectionTimeout: timeouts.connection,
    greetingTimeout: timeouts.connection,
    dnsTimeout: timeouts.connection,
    socketTimeout: timeouts.socket,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail, signal) => {
      if (!isAddress(mail.to)) throw new PermanentMailError('The recipient is not an e-mail address.');
      if (!isAddress(mail.from.address)) throw new PermanentMailError('The sender is not an e-mail address.');
      try {
        await transport.sendMail({
          from: { name: toHeaderText(mail.from.name), address: mail.from.address },
          to: { name: '', address: mail.to },
          subject: toHeaderText(mail.subject),
          html: mail.html,
          text: mail.text,
          messageId: `<${mail.messageId}>`,
          // RFC 3834 §5: no out-of-office answers to it.
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.any([AbortSignal.timeout(timeouts.total), ...(signal ? [signal] : [])]),
        });
      } catch (error) {
        throw toMailError(error, settings);
      }
    },
  };
}

/** Errors of these steps are about the message or its addresses; the rest is about the server or the way to it. */
const stepsOfTheMessage = new Set(['EENVELOPE', 'EMESSAGE', 'ESTREAM']);

/** RFC 4954 §6: authentication required, too weak, or needing encryption. The operator's matter, not the message's. */
const authenticationCodes = new Set([530, 534, 535, 538]);

function toMailError(error: unknown, settings: SmtpSettings): MailError {
  const code = textOf(error, 'code') ?? 'unknown';
  const response = textOf(error, 'response');
  const responseCode: unknown = error instanceof Error ? Reflect.get(error, 'responseCode') : undefined;
  const target = `${settings.host}:${settings.port}`;
  // Only what the server said and the library's code: its messages may quote commands, credentials among them.
  const text = response === undefined ? `${target} failed (${code})` : `${target} answered: ${response}`;
  const message = withoutSecrets(toHeaderText(text).slice(0, 500), settings);
  const isPermanent =
    stepsOfTheMessage.has(code) &&
    (typeof responseCode === 'number'
      ? responseCode >= 500 && responseCode !== 503 && !authenticationCodes.has(responseCode)
      : code === 'EENVELOPE');
  return isPermanent ? new PermanentMailError(message) : new TransientMailError(message);
}

function textOf(error: unknown, key: string): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Some servers echo what they were sent. */
function withoutSecrets(text: string, { credentials }: SmtpSettings): string {
  if (!credentials) return text;
  const { user, password } = credentials;
  return [password, base64(password), base64(`\0${user}\0${password}`)]
    .filter((secret) => secret !== '')
    .reduce((masked, secret) => masked.replaceAll(secret, '*****'), text);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
