import { pino } from 'pino';
import { deliverDueMessages } from '../../src/messages/index.ts';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { type ReceivedMail, startFakeSmtpServer } from '../fakes/smtp-server.ts';
import { testSecretKey } from './test-config.ts';
import type { TestServer } from './test-server.ts';

/** Delivers what the server has queued. @returns the mails to one address, oldest first */
export async function receiveMail(server: TestServer, address: string): Promise<ReceivedMail[]> {
  const mail = await startFakeSmtpServer();
  try {
    const dependencies = {
      database: server.database,
      secrets: createSecretBox(testSecretKey),
      publicUrl: server.config.publicUrl,
      logger: pino({ level: 'silent' }),
      smtp: { smtp: { host: mail.host, port: mail.port, tls: 'offered' as const } },
    };
    // A batch at a time.
    while ((await deliverDueMessages(dependencies)) > 0);
    return mail.received.filter(({ envelope }) => envelope.to.includes(address));
  } finally {
    await mail.close();
  }
}

/** The token of the link that the newest mail to an address carries. */
export async function receiveTicket(server: TestServer, address: string): Promise<string> {
  const mails = await receiveMail(server, address);
  const [, token] = /[?&]ticket=(\w+)/.exec(mails.at(-1)?.text ?? '') ?? [];
  if (!token) throw new Error(`no mail with a ticket came to ${address}`);
  return token;
}
