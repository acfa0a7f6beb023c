import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** As it came over the wire. */
  readonly raw: string;
  /** Unfolded header lines, before the first part. */
  readonly headers: readonly string[];
  /** Decoded. */
  readonly text: string;
  readonly html: string;
}

/** What the server answers to the next message instead of taking it. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

export interface FakeSmtpServer {
  readonly host: string;
  readonly port: number;
  readonly received: ReceivedMail[];
  /** Refusals of the messages to come, first to first; when there are none, messages are taken. */
  readonly refusals: Refusal[];
  /** The user name and password of each sign-in. */
  readonly signIns: { readonly user: string; readonly password: string }[];
  close(): Promise<void>;
}

/** A mail server on loopback that speaks SMTP, in the clear, with an optional sign-in that it checks. */
export async function startFakeSmtpServer(
  options: { readonly password?: string; readonly refuseSignIns?: string } = {},
): Promise<FakeSmtpServer> {
  const received: ReceivedMail[] = [];
  const refusals: Refusal[] = [];
  const signIns: { user: string; password: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: options.password === undefined,
    logger: false,
    onAuth: ({ username, password }, _session, callback) => {
      signIns.push({ user: username ?? '', password: password ?? '' });
      if (options.refuseSignIns !== undefined || password !== options.password) {
        callback(answer({ code: 535, message: options.refuseSignIns ?? '5.7.8 wrong password' }));
      } else callback(null, { user: username ?? '' });
    },
    onData: (stream, session, callback) => {
      text(stream).then((raw) => {
        const refusal = refusals.shift();
        if (refusal) return callback(answer(refusal));
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
        };
        received.push({ envelope, raw, ...readMail(raw) });
        return callback();
      }, callback);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address: AddressInfo | string | null = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    received,
    refusals,
    signIns,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer({ code, message }: Refusal): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

/** RFC 2045 as far as our own messages use it: one multipart/alternative of plain text and HTML. */
function readMail(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = split(raw);
  const [, boundary] = /boundary="([^"]+)"/.exec(raw) ?? [];
  if (boundary === undefined) throw new Error('the message has no parts');
  const parts = body.split(`--${boundary}`).map((part) => split(part.replace(/^\r\n/, '')));
  const decode = (type: string) => {
    const part = parts.find((candidate) => candidate.headers.some((line) => line.includes(type)));
    if (!part) throw new Error(`the message has no ${type}`);
    return decodeBody(part.body, part.headers.join('\n'));
  };
  return { headers, text: decode('text/plain'), html: decode('text/html') };
}

function split(raw: string): { headers: string[]; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ');
  return { headers: head.split('\r\n'), body: raw.slice(end + 4) };
}

function decodeBody(body: string, headers: string): string {
  if (/base64/i.test(headers)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(headers)) return body;
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
