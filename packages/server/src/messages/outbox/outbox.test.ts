import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSmtpServer, startFakeSmtpServer } from '../../../test/fakes/smtp-server.ts';
import { testSecretKey } from '../../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { createSecretBox } from '../../platform/secrets/secret-box.ts';
import { findUser } from '../../users/index.ts';
import {
  type DeliveryDependencies,
  deliverDueMessages,
  queueBlockedAccountEmail,
  queueMessage,
  queuePasswordResetEmail,
  queueVerificationEmail,
  startMailDelivery,
} from '../index.ts';

const secrets = createSecretBox(testSecretKey);
let server: TestServer;
let mail: FakeSmtpServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  mail = await startFakeSmtpServer();
});
afterEach(async () => {
  await server.request('DELETE', '/emails/provider');
  await sql`DELETE FROM outbox_messages`.execute(server.database);
  await mail.close();
});

function delivery(more: Partial<DeliveryDependencies> = {}): DeliveryDependencies {
  return {
    database: server.database,
    secrets,
    publicUrl: server.config.publicUrl,
    logger: pino({ level: 'silent' }),
    smtp: { smtp: { host: mail.host, port: mail.port, tls: 'offered' } },
    // Due at once, so that the next pass finds it.
    firstRetry: 0,
    ...more,
  };
}

const queueing = () => ({ secrets, publicUrl: server.config.publicUrl });

async function makeUser(): Promise<{ id: string; email: string }> {
  const email = `${randomUUID()}@example.com`;
  const created = await server.request('POST', '/users', {
    body: {
      connection: 'Username-Password-Authentication',
      email,
      password: 'Correct-horse-9',
      verify_email: false,
    },
  });
  return { id: created.body.user_id, email };
}

const queueCode = (recipient = 'ada@example.com') =>
  queueMessage(
    server.database,
    { secrets },
    { kind: 'mfa_oob_code', recipient, secrets: { code: '481516' } },
  );

async function onlyMessage() {
  const { body } = await server.request('GET', '/messages');
  expect(body).toHaveLength(1);
  return (await server.request('GET', `/messages/${body[0].id}`)).body;
}

describe('delivery', () => {
  it('sends what a change queued, and only once the change is committed', async () => {
    const email = `${randomUUID()}@example.com`;
    await server.request('POST', '/users', {
      body: { connection: 'Username-Password-Authentication', email, password: 'Correct-horse-9' },
    });
    expect((await onlyMessage()).status).toBe('pending');
    expect(await deliverDueMessages(delivery())).toBe(1);
    expect(mail.received.map(({ envelope }) => envelope.to)).toEqual([[email]]);
    const link = /http:\/\/muster\.test\/u\/email-verification\?ticket=[A-Za-z0-9]{43}#/;
    expect(mail.received[0]?.text).toMatch(link);
    expect(mail.received[0]?.html).toMatch(link);
    expect(await onlyMessage()).toMatchObject({
      status: 'sent',
      kind: 'verify_email',
      to: email,
      attempts: 1,
    });
    expect(await deliverDueMessages(delivery())).toBe(0);
  });

  it('sends nothing for a change that was rolled back', async () => {
    const rolledBack = server.database.transaction().execute(async (transaction) => {
      await queueMessage(transaction, { secrets }, { kind: 'mfa_oob_code', recipient: 'ada@example.com' });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await deliverDueMessages(delivery())).toBe(0);
    expect(mail.received).toEqual([]);
  });

  it('masks links and codes in what is kept of a sent message', async () => {
    await queueCode();
    expect((await onlyMessage()).code).toBe('481516');
    await deliverDueMessages(delivery());
    expect(mail.received[0]?.text).toContain('481516');
    const shown = await onlyMessage();
    expect(shown).toMatchObject({ status: 'sent', subject: 'Your verification code', links: [] });
    expect(JSON.stringify(shown)).not.toContain('481516');
    const { rows } = await sql<{ row: string; secrets: Buffer | null }>`
      SELECT outbox_messages::text AS row, secrets FROM outbox_messages`.execute(server.database);
    expect(rows[0]?.row).not.toContain('481516');
    expect(rows[0]?.secrets).toBeNull();
  });

  it('never stores a code in the clear, not even while it waits', async () => {
    await queueCode();
    const { rows } = await sql<{ row: string; secrets: Buffer }>`
      SELECT outbox_messages::text AS row, secrets FROM outbox_messages`.execute(server.database);
    expect(rows[0]?.row).not.toContain('481516');
    expect(rows[0]?.secrets.includes('481516')).toBe(false);
  });

  it('tries again after a 451', async () => {
    await queueCode();
    mail.refusals.push({ code: 451, message: '4.7.1 Greylisted' });
    await deliverDueMessages(delivery());
    expect(await onlyMessage()).toMatchObject({
      status: 'pending',
      attempts: 1,
      failure: expect.stringContaining('Greylisted'),
    });
    await deliverDueMessages(delivery());
    expect(mail.received).toHaveLength(1);
    expect(await onlyMessage()).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('waits longer from try to try', async () => {
    await queueCode();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      mail.refusals.push({ code: 451, message: '4.3.0 later' });
      await deliverDueMessages(delivery({ firstRetry: 100 }));
      const { next_attempt_at: next } = await onlyMessage();
      waits.push((Date.parse(next) - Date.now()) / 1000);
      await sql`UPDATE outbox_messages SET next_attempt_at = now()`.execute(server.database);
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThan(75 * 2 ** index);
      expect(wait).toBeLessThan(125 * 2 ** index);
    }
  });

  it('gives up after a 550 with the reason, in the message and in the log', async () => {
    const { id, email } = await makeUser();
    await queueMessage(server.database, { secrets }, { kind: 'reset_email', userId: id, recipient: email });
    mail.refusals.push({ code: 550, message: '5.1.1 No such user here' });
    await deliverDueMessages(delivery());
    expect(await onlyMessage()).toMatchObject({
      status: 'failed',
      attempts: 1,
      failure: expect.stringContaining('No such user here'),
    });
    const log = await server.request('GET', `/users/${encodeURIComponent(id)}/logs`);
    expect(log.body.filter((event: { type: string }) => event.type === 'fn')).toMatchObject([
      { description: expect.stringContaining('No such user here'), details: { email_type: 'reset_email' } },
    ]);
    expect(await deliverDueMessages(delivery())).toBe(0);
  });

  it('gives up once the time for delivery is over', async () => {
    await queueCode();
    await sql`UPDATE outbox_messages SET give_up_at = now() - interval '1 second'`.execute(server.database);
    mail.refusals.push({ code: 451, message: '4.3.0 later' });
    await deliverDueMessages(delivery());
    expect(await onlyMessage()).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('later'),
    });
  });

  it('sends again, once the lease is over, what a process sent but was killed before marking', async () => {
    await queueCode();
    const { rows } = await sql<{ secrets: Buffer }>`SELECT secrets FROM outbox_messages`.execute(
      server.database,
    );
    await deliverDueMessages(delivery());
    // The row as the claim left it: what stands there when the process dies between the two.
    await sql`
      UPDATE outbox_messages SET status = 'pending', secrets = ${rows[0]?.secrets}, rendered = NULL, finished_at = NULL,
        next_attempt_at = now() + interval '120 seconds'`.execute(server.database);
    expect(await deliverDueMessages(delivery())).toBe(0);
    await sql`UPDATE outbox_messages SET next_attempt_at = now()`.execute(server.database);
    expect(await deliverDueMessages(delivery())).toBe(1);
    const ids = mail.received.map(({ headers }) => headers.find((line) => line.startsWith('Message-ID:')));
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(await onlyMessage()).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('sends each message once however many processes deliver', async () => {
    for (let index = 0; index < 20; index++) await queueCode(`user${index}@example.com`);
    const drain = async () => {
      while ((await deliverDueMessages(delivery())) > 0);
    };
    await Promise.all([drain(), drain(), drain(), drain()]);
    const recipients = mail.received.flatMap(({ envelope }) => envelope.to);
    expect(recipients).toHaveLength(20);
    expect(new Set(recipients).size).toBe(20);
  });

  it('sends nothing to a user who was deleted meanwhile', async () => {
    const { id, email } = await makeUser();
    await queueMessage(server.database, { secrets }, { kind: 'reset_email', userId: id, recipient: email });
    await server.request('DELETE', `/users/${encodeURIComponent(id)}`);
    await deliverDueMessages(delivery());
    expect(mail.received).toEqual([]);
    expect(await onlyMessage()).toMatchObject({ status: 'failed', failure: 'The user no longer exists.' });
  });

  it("goes through the tenant's provider, from its sender, before the operator's server", async () => {
    const tenants = await startFakeSmtpServer({ password: 'hunter2' });
    await server.request('POST', '/emails/provider', {
      body: {
        name: 'smtp',
        default_from_address: 'Tenant <id@tenant.example>',
        credentials: {
          smtp_host: tenants.host,
          smtp_port: tenants.port,
          smtp_user: 'relay',
          smtp_pass: 'hunter2',
        },
      },
    });
    await queueCode();
    await deliverDueMessages(delivery());
    expect(tenants.received[0]?.headers).toContain('From: Tenant <id@tenant.example>');
    await server.request('PATCH', '/emails/provider', { body: { enabled: false } });
    await queueCode();
    await deliverDueMessages(delivery());
    expect([tenants.received.length, mail.received.length]).toEqual([1, 1]);
    await tenants.close();
  });

  it('runs by itself and stops', async () => {
    const running = startMailDelivery(delivery());
    await queueCode();
    await expect.poll(() => mail.received.length, { timeout: 10_000 }).toBe(1);
    await running.stop();
    await queueCode();
    expect((await server.request('GET', '/messages')).body[0].status).toBe('pending');
  });

  it('deletes finished messages after 30 days, never pending ones', async () => {
    await queueCode('old@example.com');
    await deliverDueMessages(delivery());
    await queueCode('kept@example.com');
    await deliverDueMessages(delivery({ smtp: undefined }));
    await sql`UPDATE outbox_messages SET finished_at = now() - interval '31 days' WHERE recipient = 'old@example.com'`.execute(
      server.database,
    );
    await queueCode('pending@example.com');
    await sql`UPDATE outbox_messages SET created_at = now() - interval '90 days', next_attempt_at = now() + interval '1 hour'
      WHERE recipient = 'pending@example.com'`.execute(server.database);
    const running = startMailDelivery(delivery({ smtp: undefined }));
    await expect.poll(async () => (await server.request('GET', '/messages')).body.length).toBe(2);
    await running.stop();
  });
});

describe('without a provider', () => {
  it('messages are kept to be read, with their live links, and are not sent later', async () => {
    const { id, email } = await makeUser();
    const user = await findUser(server.database, id);
    if (!user) throw new Error('no user');
    expect(await queuePasswordResetEmail(server.database, queueing(), { user })).toBe(true);
    await deliverDueMessages(delivery({ smtp: undefined }));
    const shown = await onlyMessage();
    expect(shown).toMatchObject({ status: 'kept', to: email, user_id: id, subject: 'Reset your password' });
    expect(shown.links).toEqual([expect.stringMatching(/\/u\/reset-password\?ticket=[A-Za-z0-9]{43}#$/)]);
    expect(shown.html).toContain(shown.links[0]);
    expect(shown.text).toContain(shown.links[0]);
    expect(await deliverDueMessages(delivery())).toBe(0);
    expect(mail.received).toEqual([]);
  });
});

describe('messages to users', () => {
  it('tell a blocked user from where', async () => {
    const user = await findUser(server.database, (await makeUser()).id);
    if (!user) throw new Error('no user');
    const from = { sourceIp: '203.0.113.7', blockedIp: '203.0.113.7', city: 'Köln', country: 'DE' };
    await queueBlockedAccountEmail(server.database, queueing(), { user, ...from });
    await deliverDueMessages(delivery());
    expect(mail.received[0]?.text).toContain('203.0.113.7 (Köln, DE)');
    expect(mail.received[0]?.text).toMatch(/\/u\/unblock\?ticket=[A-Za-z0-9]{43}#/);
  });

  it('make no ticket for a template that is switched off', async () => {
    const user = await findUser(server.database, (await makeUser()).id);
    if (!user) throw new Error('no user');
    await server.request('PUT', '/email-templates/verify_email', {
      body: {
        template: 'verify_email',
        body: null,
        from: null,
        subject: null,
        syntax: 'liquid',
        enabled: false,
      },
    });
    expect(await queueVerificationEmail(server.database, queueing(), { user })).toBe(false);
    const { rows } = await sql`SELECT 1 FROM tickets WHERE user_id = ${user.userId}`.execute(server.database);
    expect(rows).toEqual([]);
  });
});

it('answers 404 for a message that is not there', async () => {
  expect((await server.request('GET', '/messages/4711')).status).toBe(404);
  expect((await server.request('GET', '/messages/x')).status).toBe(400);
});
