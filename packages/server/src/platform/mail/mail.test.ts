import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeSmtpServer, startFakeSmtpServer } from '../../../test/fakes/smtp-server.ts';
import { ConfigError } from '../config-error.ts';
import {
  createMailer,
  MailError,
  type OutgoingMail,
  PermanentMailError,
  parseMailbox,
  parseSmtpUrl,
  type SmtpSettings,
  TransientMailError,
} from './index.ts';

const servers: FakeSmtpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options?: Parameters<typeof startFakeSmtpServer>[0]): Promise<FakeSmtpServer> {
  const server = await startFakeSmtpServer(options);
  servers.push(server);
  return server;
}

function settingsOf(server: FakeSmtpServer, credentials?: SmtpSettings['credentials']): SmtpSettings {
  return { host: server.host, port: server.port, tls: 'offered', ...(credentials ? { credentials } : {}) };
}

const mail: OutgoingMail = {
  from: { name: 'Acme', address: 'no-reply@acme.example' },
  to: 'ada@example.com',
  subject: 'Grüße aus Köln',
  html: '<p>Hello <b>Ada</b></p>',
  text: 'Hello Ada',
  messageId: '1.2@acme.example',
};

async function failureOf(sending: Promise<void>): Promise<MailError> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MailError)) throw new Error(`expected a mail error, got ${String(error)}`);
  return error;
}

describe('sending by SMTP', () => {
  it('hands over both forms with sender, subject and a Message-ID of ours', async () => {
    const server = await start();
    await createMailer(settingsOf(server)).send(mail);
    const [received] = server.received;
    expect(received?.envelope).toEqual({ from: 'no-reply@acme.example', to: ['ada@example.com'] });
    expect(received?.headers).toEqual(
      expect.arrayContaining([
        'From: Acme <no-reply@acme.example>',
        'To: ada@example.com',
        'Message-ID: <1.2@acme.example>',
        'Auto-Submitted: auto-generated',
      ]),
    );
    expect(received?.html).toContain('<b>Ada</b>');
    expect(received?.text).toContain('Hello Ada');
  });

  it('signs in with the credentials it was given', async () => {
    const server = await start({ password: 'p@ss:word' });
    await createMailer(settingsOf(server, { user: 'relay', password: 'p@ss:word' })).send(mail);
    expect(server.signIns).toEqual([{ user: 'relay', password: 'p@ss:word' }]);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    'Hello\r\nBcc: victim@example.com',
    'Hello\nBcc: victim@example.com\n\nAnother body',
    'Hello\u2028Bcc: victim@example.com',
    'Hello\u0085Bcc: victim@example.com',
    `${'x'.repeat(2000)}\r\nBcc: victim@example.com`,
  ])('adds no header for a subject or a name that ends its line: %j', async (text) => {
    const server = await start();
    await createMailer(settingsOf(server)).send({
      ...mail,
      subject: text,
      from: { name: text, address: mail.from.address },
    });
    const [received] = server.received;
    expect(received?.envelope.to).toEqual(['ada@example.com']);
    expect(received?.headers.filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(received?.text).not.toContain('Another body');
  });

  it.each([
    'ada@example.com, victim@example.com',
    'ada@example.com\r\nRCPT TO:<victim@example.com>',
    '<ada@example.com>',
    'Ada <ada@example.com>',
    'ada@example.com>\r\nDATA',
    '',
    'nobody',
  ])('refuses %j as a recipient without asking the server', async (to) => {
    const server = await start();
    expect(await failureOf(createMailer(settingsOf(server)).send({ ...mail, to }))).toBeInstanceOf(
      PermanentMailError,
    );
    expect(server.received).toEqual([]);
  });

  it('tells answers that may change from those that will not', async () => {
    const server = await start();
    const mailer = createMailer(settingsOf(server));
    server.refusals.push(
      { code: 451, message: '4.7.1 Greylisted, come back later' },
      { code: 550, message: '5.1.1 No such user here' },
      { code: 552, message: '5.3.4 Too big' },
    );
    const greylisted = await failureOf(mailer.send(mail));
    expect(greylisted).toBeInstanceOf(TransientMailError);
    expect(greylisted.message).toContain('Greylisted');
    const unknown = await failureOf(mailer.send(mail));
    expect(unknown).toBeInstanceOf(PermanentMailError);
    expect(unknown.message).toContain('No such user here');
    expect(await failureOf(mailer.send(mail))).toBeInstanceOf(PermanentMailError);
  });

  it('calls a refused sign-in transient, and keeps what the server echoes of it out of the error', async () => {
    const password = 'correct horse battery';
    const echo = `5.7.8 bad: ${password} / ${Buffer.from(`\0relay\0${password}`).toString('base64')}`;
    const server = await start({ password: 'another', refuseSignIns: echo });
    const error = await failureOf(createMailer(settingsOf(server, { user: 'relay', password })).send(mail));
    expect(error).toBeInstanceOf(TransientMailError);
    expect(error.message).toContain('5.7.8');
    const said = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n');
    expect(said).not.toContain(password);
    expect(said).not.toContain(Buffer.from(`\0relay\0${password}`).toString('base64'));
  });

  it('sends no credentials to a server without TLS when TLS is required', async () => {
    const server = await start({ password: 'secret' });
    const settings = settingsOf(server, { user: 'relay', password: 'secret' });
    const error = await failureOf(createMailer({ ...settings, tls: 'required' }).send(mail));
    expect(error).toBeInstanceOf(TransientMailError);
    expect(server.signIns).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it('gives up on a server that is not there and on one that says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const timeouts = { connection: 100, socket: 100, total: 1_000 };
    const settings = { host: '127.0.0.1', port, tls: 'offered' } as const;
    expect(await failureOf(createMailer(settings, timeouts).send(mail))).toBeInstanceOf(TransientMailError);
    silent.close();
    await once(silent, 'close');
    expect(await failureOf(createMailer(settings, timeouts).send(mail))).toBeInstanceOf(TransientMailError);
  });
});

describe('MUSTER_SMTP_URL', () => {
  it('names server, credentials and sender', () => {
    expect(
      parseSmtpUrl('smtps://user%40a.example:p%3Ass@mail.example.com?from=Acme%20%3Cid@acme.example%3E'),
    ).toEqual({
      smtp: {
        host: 'mail.example.com',
        port: 465,
        tls: 'implicit',
        credentials: { user: 'user@a.example', password: 'p:ss' },
      },
      from: { name: 'Acme', address: 'id@acme.example' },
    });
    expect(parseSmtpUrl('smtp://mailpit:1025').smtp).toEqual({ host: 'mailpit', port: 1025, tls: 'offered' });
  });

  it('asks for TLS before it gives credentials to another machine, unless told otherwise', () => {
    expect(parseSmtpUrl('smtp://u:p@mail.example.com').smtp.tls).toBe('required');
    expect(parseSmtpUrl('smtp://u:p@127.0.0.1:2525').smtp.tls).toBe('offered');
    expect(parseSmtpUrl('smtp://u:p@mail.example.com?tls=offered').smtp.tls).toBe('offered');
  });

  it.each([
    'mail.example.com',
    'http://u:hunter2@mail.example.com',
    'smtp://u:hunter2@mail.example.com/path',
    'smtp://u:hunter2%@mail.example.com',
    'smtp://u:hunter2@mail.example.com?tls=never',
    'smtp://u:hunter2@mail.example.com?frm=a@example.com',
    'smtp://u:hunter2@mail.example.com?from=nobody',
  ])('is refused without being quoted: %s', (url) => {
    let error: unknown;
    try {
      parseSmtpUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).not.toContain('hunter2');
  });
});

describe('senders', () => {
  it('are one address, with or without a name', () => {
    expect(parseMailbox('ada@example.com')).toEqual({ name: '', address: 'ada@example.com' });
    expect(parseMailbox(' "Ada L." <ada@example.com> ')).toEqual({
      name: 'Ada L.',
      address: 'ada@example.com',
    });
    for (const text of ['a@example.com, b@example.com', 'Ada <ada@example.com> <b@example.com>', 'Ada', '']) {
      expect(parseMailbox(text)).toBeUndefined();
    }
  });
});
