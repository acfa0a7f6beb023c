import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testManagementClient } from '../../../test/support/test-config.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import { addOutcome, findResultUrl, inspectTicket, redeemTicket, type TicketKind } from '../index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const connection = 'Username-Password-Authentication';
const passwordPath = '/tickets/password-change';
const verificationPath = '/tickets/email-verification';

interface TestUser {
  readonly id: string;
  readonly ownId: string;
  readonly email: string;
  readonly connectionId: string;
}

async function makeUser(): Promise<TestUser> {
  const email = `${randomUUID()}@example.com`;
  const created = await server.request('POST', '/users', {
    body: { connection, email, password: 'Correct-horse-9', verify_email: false },
  });
  const [{ id: connectionId }] = (
    await server.request('GET', '/connections', { query: { name: connection } })
  ).body;
  return { id: created.body.user_id, ownId: created.body.identities[0].user_id, email, connectionId };
}

const create = (path: string, body: unknown) => server.request('POST', path, { body });

function tokenOf(ticket: string): string {
  return new URL(ticket).searchParams.get('ticket') ?? '';
}

async function makeToken(path: string, body: Record<string, unknown>): Promise<string> {
  const answer = await create(path, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return tokenOf(answer.body.ticket);
}

const redeem = (kind: TicketKind, token: string) =>
  server.database.transaction().execute((transaction) => redeemTicket(transaction, kind, token));

describe('tickets over the Management API', () => {
  it('are links below the public URL, unguessable, and stored as hashes alone', async () => {
    const { id, email, connectionId } = await makeUser();
    const verification = await create(verificationPath, { user_id: id });
    expect(verification.status).toBe(201);
    expect(verification.body.ticket).toMatch(
      /^http:\/\/muster\.test\/u\/email-verification\?ticket=[A-Za-z0-9]{43}#$/,
    );
    const password = await create(passwordPath, { connection_id: connectionId, email: email.toUpperCase() });
    expect(password.body.ticket).toMatch(
      /^http:\/\/muster\.test\/u\/reset-password\?ticket=[A-Za-z0-9]{43}#$/,
    );
    const { rows } = await sql<{ everything: string }>`
      SELECT (SELECT string_agg(tickets::text, '') FROM tickets) || (SELECT string_agg(logs::text, '') FROM logs) AS everything`.execute(
      server.database,
    );
    expect(rows[0]?.everything).toContain(id);
    for (const { ticket } of [verification.body, password.body]) {
      expect(rows[0]?.everything).not.toContain(tokenOf(ticket));
    }
    expect((await server.request('GET', '/messages', { query: { user_id: id } })).body).toEqual([]);
  });

  it('are refused with the documented answers', async () => {
    const { id, ownId, email, connectionId } = await makeUser();
    const identity = { user_id: ownId, provider: 'auth0' };
    const refusals: [string, Record<string, unknown>, number, string][] = [
      [verificationPath, { user_id: 'auth0|nobody' }, 404, 'The user does not exist.'],
      [verificationPath, { user_id: id, identity: { ...identity, user_id: 'x' } }, 400, 'given identity'],
      [verificationPath, { user_id: id, client_id: 'nobody' }, 400, 'The client does not exist'],
      [verificationPath, { user_id: id, organization_id: 'org_1' }, 400, 'The organization does not exist.'],
      [
        verificationPath,
        { user_id: id, client_id: testManagementClient.id, result_url: 'https://x.example' },
        400,
        'not both',
      ],
      [passwordPath, {}, 400, 'user_id'],
      [passwordPath, { user_id: id, email }, 400, 'one of the two'],
      [passwordPath, { user_id: id, connection_id: connectionId }, 400, 'connection_id'],
      [passwordPath, { email }, 400, 'connection_id'],
      [passwordPath, { email, connection_id: connectionId, identity }, 400, 'identity'],
      [passwordPath, { email, connection_id: 'con_0000000000000000' }, 400, 'The connection does not exist'],
      [
        passwordPath,
        { email: 'nobody@example.com', connection_id: connectionId },
        404,
        'The user does not exist.',
      ],
      [passwordPath, { user_id: id, result_url: 'javascript:alert(1)' }, 400, 'result_url'],
      [passwordPath, { user_id: id, ttl_sec: -1 }, 400, 'ttl_sec'],
    ];
    for (const [path, body, status, text] of refusals) {
      const answer = await create(path, body);
      expect([body, answer.status]).toEqual([body, status]);
      expect(answer.body.message).toContain(text);
    }
  });

  it('need an address and a database connection', async () => {
    await server.request('POST', '/connections', {
      body: {
        name: 'names',
        strategy: 'auth0',
        enabled_clients: [testManagementClient.id],
        options: {
          attributes: {
            username: { identifier: { active: true }, profile_required: true },
            email: { identifier: { active: false }, profile_required: false },
          },
        },
      },
    });
    const named = await server.request('POST', '/users', {
      body: { connection: 'names', username: 'ada', password: 'Correct-horse-9' },
    });
    const withoutAddress = await create(passwordPath, { user_id: named.body.user_id });
    expect([withoutAddress.status, withoutAddress.body.message]).toEqual([
      400,
      'The user does not have an email address.',
    ]);
    await server.request('POST', '/connections', {
      body: { name: 'links', strategy: 'email', enabled_clients: [testManagementClient.id] },
    });
    const passwordless = await server.request('POST', '/users', {
      body: { connection: 'links', email: `${randomUUID()}@example.com` },
    });
    const id = passwordless.body.user_id;
    for (const path of [passwordPath, verificationPath]) {
      const refused = await create(path, { user_id: id });
      expect([refused.status, refused.body.message]).toEqual([
        400,
        "The user's main connection does not support this operation.",
      ]);
    }
    const identity = { user_id: String(id).split('|')[1], provider: 'email' };
    expect((await create(verificationPath, { user_id: id, identity })).status).toBe(201);
  });
});

describe('a mail to choose a new password', () => {
  const send = (id: string, scopes?: readonly string[]) =>
    server.request('POST', `/users/${encodeURIComponent(id)}/password-reset-email`, scopes ? { scopes } : {});

  it('is queued with a link that works, and logged', async () => {
    const { id, email } = await makeUser();
    expect((await send(id, ['create:user_tickets'])).status).toBe(204);
    const [message] = (await server.request('GET', '/messages', { query: { user_id: id } })).body;
    expect(message).toMatchObject({ kind: 'reset_email', to: email });
    const { html } = (await server.request('GET', `/messages/${message.id}`)).body;
    const [link = ''] = /http[^"]+reset-password[^"]+/.exec(html) ?? [];
    const token = tokenOf(link.replaceAll('&amp;', '&'));
    expect(await redeem('password_change', token)).toMatchObject({ ok: true });
    const { body: events } = await server.request('GET', `/users/${encodeURIComponent(id)}/logs`);
    expect(events.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['scpr', 'sapi']),
    );
  });

  it('is refused where none can reach the user', async () => {
    expect((await send('auth0|nobody')).status).toBe(404);
    const { id } = await makeUser();
    expect((await send(id, ['update:users'])).status).toBe(403);
    const template = { template: 'reset_email', body: null, from: null, subject: null, syntax: 'liquid' };
    await server.request('PUT', '/email-templates/reset_email', { body: { ...template, enabled: false } });
    expect((await send(id)).body).toMatchObject({ statusCode: 400, errorCode: 'operation_not_supported' });
    await server.request('PATCH', '/email-templates/reset_email', { body: { enabled: true } });
  });
});

describe('redeeming a ticket', () => {
  it('succeeds once under 20 simultaneous tries, and tells used, unknown and expired apart', async () => {
    const { id, email } = await makeUser();
    const token = await makeToken(verificationPath, { user_id: id });
    const kind = 'email_verification';
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => redeem(kind, token)));
    expect(verdicts.filter(({ ok }) => ok)).toMatchObject([
      { ticket: { userId: id, email }, user: { userId: id }, identity: { connection } },
    ]);
    expect(verdicts.filter((verdict) => !verdict.ok && verdict.reason === 'used')).toHaveLength(19);
    expect(await redeem(kind, 'x'.repeat(43))).toEqual({ ok: false, reason: 'unknown' });
    expect(await redeem(kind, '')).toEqual({ ok: false, reason: 'unknown' });

    const late = await makeToken(verificationPath, { user_id: id, ttl_sec: 60 });
    await sql`UPDATE tickets SET expires_at = expires_at - interval '60 seconds' WHERE used_at IS NULL`.execute(
      server.database,
    );
    expect(await redeem(kind, late)).toMatchObject({ ok: false, reason: 'expired', ticket: { userId: id } });
  });

  it('takes a ticket for its own purpose only', async () => {
    const { id } = await makeUser();
    const token = await makeToken(verificationPath, { user_id: id });
    expect(await redeem('password_change', token)).toEqual({ ok: false, reason: 'unknown' });
    expect((await redeem('email_verification', token)).ok).toBe(true);
  });

  it('leaves the ticket open when the change is rolled back, or was only looked at', async () => {
    const { id } = await makeUser();
    const token = await makeToken(passwordPath, { user_id: id, mark_email_as_verified: true });
    const tooWeak = server.database.transaction().execute(async (transaction) => {
      await redeemTicket(transaction, 'password_change', token);
      throw new Error('too weak');
    });
    await expect(tooWeak).rejects.toThrow('too weak');
    expect((await inspectTicket(server.database, 'password_change', token)).ok).toBe(true);
    expect(await redeem('password_change', token)).toMatchObject({
      ok: true,
      ticket: { marksEmailVerified: true },
    });
    expect(await inspectTicket(server.database, 'password_change', token)).toMatchObject({ reason: 'used' });
  });

  it('takes the newest link to a new password alone', async () => {
    const { id } = await makeUser();
    const older = await makeToken(passwordPath, { user_id: id });
    const newer = await makeToken(passwordPath, { user_id: id });
    expect(await redeem('password_change', older)).toMatchObject({ ok: false, reason: 'expired' });
    expect((await redeem('password_change', newer)).ok).toBe(true);
  });

  it('is void once the user has another address or is gone', async () => {
    const { id } = await makeUser();
    const token = await makeToken(passwordPath, { user_id: id });
    const path = `/users/${encodeURIComponent(id)}`;
    await server.request('PATCH', path, { body: { email: `${randomUUID()}@example.com` } });
    expect(await redeem('password_change', token)).toMatchObject({ ok: false, reason: 'expired' });
    const last = await makeToken(verificationPath, { user_id: id });
    await server.request('DELETE', path);
    expect(await redeem('email_verification', last)).toEqual({ ok: false, reason: 'unknown' });
  });

  it('lives five days by default and the longest lifetime without an overflow', async () => {
    const { id } = await makeUser();
    for (const ttl of [undefined, 0, 9_007_199_254_740_991]) {
      expect((await create(verificationPath, { user_id: id, ttl_sec: ttl })).status).toBe(201);
    }
    const { rows } = await sql<{ seconds: number }>`
      SELECT extract(epoch FROM expires_at - created_at)::float8 AS seconds FROM tickets WHERE user_id = ${id}
      ORDER BY 1`.execute(server.database);
    expect(rows.map(({ seconds }) => Math.round(seconds))).toEqual([432_000, 432_000, 315_360_000]);
  });
});

describe('the way back to the application', () => {
  const verify = { body: null, from: null, subject: null, syntax: 'liquid', enabled: true };

  async function resultUrlOf(body: Record<string, unknown>): Promise<string | undefined> {
    const verdict = await redeem('email_verification', await makeToken(verificationPath, body));
    if (!verdict.ok) throw new Error(verdict.reason);
    return findResultUrl(server.database, verdict.ticket, 'email_verified');
  }

  it("carries the outcome, and the address where the ticket asks for it, after the URL's own query", async () => {
    const { id, email } = await makeUser();
    const url = await resultUrlOf({
      user_id: id,
      result_url: 'https://app.example.com/done?x=1&y=%20#top',
      includeEmailInRedirect: true,
    });
    expect(url).toBe(
      `https://app.example.com/done?x=1&y=%20&email=${encodeURIComponent(email)}&success=true&message=` +
        'Your%20email%20was%20verified.%20You%20can%20continue%20using%20the%20application.#top',
    );
    expect(addOutcome('https://app.example.com/', 'expired', undefined)).toBe(
      'https://app.example.com/?success=false&message=Access%20expired.&code=access_expired',
    );
  });

  it("is the template's where the ticket names none, made with the application alone", async () => {
    const { id } = await makeUser();
    expect(await resultUrlOf({ user_id: id })).toBeUndefined();
    await server.request('PUT', '/email-templates/verify_email', {
      body: {
        template: 'verify_email',
        ...verify,
        resultUrl: '{{ application.callback_domain }}/verified/{{ user.email }}',
      },
    });
    const client = await server.request('POST', '/clients', {
      body: { name: 'Shop', callbacks: ['https://shop.example.com/cb'] },
    });
    const url = await resultUrlOf({ user_id: id, client_id: client.body.client_id });
    expect(url).toMatch(/^https:\/\/shop\.example\.com\/verified\/\?success=true&/);
    expect(await resultUrlOf({ user_id: id })).toBeUndefined();
  });
});
