import { assignUserRoles, updateUser } from '@muster/contract';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createUser } from '../../../test/support/sign-in-fixture.ts';
import { signUserToken } from '../../../test/support/sign-user-token.ts';
import { startTestJobs, waitForJob } from '../../../test/support/test-jobs.ts';
import { startTestServer, type TestServer } from '../../../test/support/test-server.ts';
import type { JobRunner } from '../../platform/jobs/index.ts';

let server: TestServer;
let jobs: JobRunner;
beforeAll(async () => {
  server = await startTestServer();
  jobs = startTestJobs(server);
});
afterAll(async () => {
  await jobs.stop();
  await server.close();
});

const pathOf = (id: string) => `/users/${encodeURIComponent(id)}`;
const start = (body: object, options: object = {}) =>
  server.request('POST', '/jobs/users-actions', { body, ...options });
const read = async (id: string) => (await server.request('GET', pathOf(id))).body;
const count = async (q: string) =>
  (await server.request('GET', '/users', { query: { q, include_totals: true, per_page: 1 } })).body.total;

/** Starts an action and waits for its end. */
async function run(body: object) {
  const answer = await start(body);
  expect(answer).toMatchObject({ status: 202, body: { type: 'users_action' } });
  return waitForJob(server, answer.body.id);
}

async function createTeam(name: string, size: number): Promise<string[]> {
  const ids = [];
  for (let index = 0; index < size; index++)
    ids.push(await createUser(server, `${name}${index}@example.com`, { app_metadata: { team: name } }));
  return ids;
}

/** Titles of the calls in a user's history. */
async function listTitles(id: string): Promise<string[]> {
  const { body } = await server.request('GET', `${pathOf(id)}/logs`, { query: { per_page: 100 } });
  return body
    .filter(({ type }: { type: string }) => type === 'sapi')
    .map(({ description }: { description: string }) => description);
}

describe('an action on many users', () => {
  it('blocks users by id, once each, and tells those who were so already from those who are not there', async () => {
    const [first = '', second = '', third = ''] = await createTeam('ids', 3);
    await server.request('PATCH', pathOf(third), { body: { blocked: true } });
    const job = await run({ action: 'block', user_ids: [first, second, first, third, 'auth0|nobody'] });
    expect(job).toMatchObject({
      status: 'completed',
      action: 'block',
      percentage_done: 100,
      summary: { changed: 2, unchanged: 1, failed: 1, total: 4 },
    });
    expect(await count('app_metadata.team:ids AND blocked:true')).toBe(3);
    expect((await listTitles(first)).filter((title) => title === updateUser.summary)).toHaveLength(1);
    const { body: errors } = await server.request('GET', `/jobs/${job.id}/errors`);
    expect(errors).toEqual([
      {
        user: { user_id: 'auth0|nobody' },
        errors: [{ code: 'inexistent_user', message: expect.any(String) }],
      },
    ]);
  });

  it('reaches everybody whom a search finds, though they stop matching, and is undone for exactly those', async () => {
    const ids = await createTeam('search', 8);
    await server.request('PATCH', pathOf(ids[5] ?? ''), { body: { blocked: true } });
    const blocking = await run({ action: 'block', q: 'app_metadata.team:search AND NOT blocked:true' });
    expect(blocking.summary).toEqual({ changed: 7, unchanged: 0, failed: 0, total: 7 });
    expect(await count('app_metadata.team:search AND blocked:true')).toBe(8);
    const undone = await run({ action: 'unblock', changed_by: blocking.id });
    expect(undone).toMatchObject({ changed_by: blocking.id, summary: { changed: 7, total: 7 } });
    expect(await count('app_metadata.team:search AND blocked:true')).toBe(1);
    expect((await read(ids[5] ?? '')).blocked).toBe(true);
  });

  it('deletes users so that they can be restored together, or for good', async () => {
    await createTeam('deleted', 4);
    const deleting = await run({ action: 'delete', q: 'app_metadata.team:deleted' });
    expect(deleting.summary).toMatchObject({ changed: 4, total: 4 });
    expect(await count('app_metadata.team:deleted')).toBe(0);
    await createUser(server, 'deleted2@example.com', {});
    const restoring = await run({ action: 'restore', changed_by: deleting.id });
    expect(restoring.summary).toMatchObject({ changed: 3, failed: 1 });
    const { body: errors } = await server.request('GET', `/jobs/${restoring.id}/errors`);
    expect(errors[0].errors[0].message).toMatch(/^The email of the deleted user/);
    const final = await run({ action: 'delete', q: 'app_metadata.team:deleted', recoverable: false });
    expect((await run({ action: 'restore', changed_by: final.id })).summary).toMatchObject({
      changed: 0,
      failed: 3,
    });
  });

  it('restores nobody twice: whoever is back already is as the action makes them', async () => {
    const [first = '', second = ''] = await createTeam('back', 2);
    const deleting = await run({ action: 'delete', user_ids: [first, second] });
    const restored = await server.request('POST', `/deleted-users/${encodeURIComponent(first)}/restore`);
    expect(restored.status).toBe(200);
    const again = await run({ action: 'restore', changed_by: deleting.id });
    expect(again.summary).toEqual({ changed: 1, unchanged: 1, failed: 0, total: 2 });
    expect(await count('app_metadata.team:back')).toBe(2);
    const never = await run({ action: 'restore', user_ids: [first, 'auth0|nobody'] });
    expect(never.summary).toEqual({ changed: 0, unchanged: 1, failed: 1, total: 2 });
  });

  it('sends one verification mail to each whose address is unproven', async () => {
    const [first = '', second = ''] = await createTeam('mails', 2);
    await server.request('PATCH', pathOf(first), { body: { email_verified: false } });
    await server.request('PATCH', pathOf(second), { body: { email_verified: true } });
    const job = await run({ action: 'send_verification_email', user_ids: [first, second] });
    expect(job.summary).toEqual({ changed: 1, unchanged: 1, failed: 0, total: 2 });
    const { body: messages } = await server.request('GET', '/messages');
    const sent = messages.filter(({ kind }: { kind: string }) => kind === 'verify_email');
    expect(sent.filter(({ to }: { to: string }) => to === 'mails0@example.com')).toHaveLength(1);
    expect(sent.some(({ to }: { to: string }) => to === 'mails1@example.com')).toBe(false);
  });

  it('assigns and removes roles, leaves those who are so already, and is undone for exactly those', async () => {
    const [first = '', ...others] = await createTeam('crew', 4);
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'crew' } });
    const countMembers = async () =>
      (await server.request('GET', `/roles/${role.id}/users`, { query: { include_totals: true } })).body
        .total;
    await server.request('POST', `${pathOf(first)}/roles`, { body: { roles: [role.id] } });
    const change = { q: 'app_metadata.team:crew', roles: [role.id] };
    const assigning = await run({ action: 'assign_roles', ...change });
    expect(assigning).toMatchObject({
      action: 'assign_roles',
      roles: [role.id],
      summary: { changed: 3, unchanged: 1, failed: 0, total: 4 },
    });
    expect(await countMembers()).toBe(4);
    const again = await run({ action: 'assign_roles', ...change });
    expect(again.summary).toMatchObject({ changed: 0, unchanged: 4 });
    for (const id of others)
      expect((await listTitles(id)).filter((title) => title === assignUserRoles.summary)).toHaveLength(1);
    const undone = await run({ action: 'remove_roles', roles: [role.id], changed_by: assigning.id });
    expect(undone.summary).toMatchObject({ changed: 3, total: 3 });
    const { body: left } = await server.request('GET', `/roles/${role.id}/users`);
    expect(left.map(({ user_id }: { user_id: string }) => user_id)).toEqual([first]);
    const removing = await run({ action: 'remove_roles', ...change });
    expect(removing.summary).toMatchObject({ changed: 1, unchanged: 3 });
    expect(await countMembers()).toBe(0);
  });

  it('says of a role that goes before its turn that it is gone', async () => {
    const [id = ''] = await createTeam('late', 1);
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'late' } });
    await jobs.stop();
    const answer = await start({ action: 'assign_roles', user_ids: [id], roles: [role.id] });
    await server.request('DELETE', `/roles/${role.id}`);
    jobs = startTestJobs(server);
    expect((await waitForJob(server, answer.body.id)).summary).toMatchObject({ changed: 0, failed: 1 });
    const { body: errors } = await server.request('GET', `/jobs/${answer.body.id}/errors`);
    expect(errors[0].errors[0].message).toBe('The role does not exist.');
  });

  it('only counts what would come of it when it is tried', async () => {
    const [first = '', second = ''] = await createTeam('tried', 3);
    await server.request('PATCH', pathOf(first), { body: { blocked: true } });
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'tried' } });
    const tried = { q: 'app_metadata.team:tried', dry_run: true };
    const before = await read(second);
    const events = (await listTitles(second)).length;
    const blocking = await run({ action: 'block', ...tried });
    expect(blocking).toMatchObject({ dry_run: true, summary: { changed: 2, unchanged: 1, total: 3 } });
    const assigning = await run({ action: 'assign_roles', roles: [role.id], ...tried });
    expect(assigning.summary).toMatchObject({ changed: 3, total: 3 });
    const deleting = await run({ action: 'delete', ...tried });
    expect(deleting.summary).toMatchObject({ changed: 3, total: 3 });
    expect(await read(second)).toEqual(before);
    expect(await listTitles(second)).toHaveLength(events);
    expect((await server.request('GET', `/roles/${role.id}/users`)).body).toEqual([]);
    const undo = await start({ action: 'unblock', changed_by: blocking.id });
    expect(undo).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } });
  });

  it('is listed by its kind, with what it was asked for', async () => {
    const { id } = await run({ action: 'unblock', q: 'app_metadata.team:nobody' });
    const { body } = await server.request('GET', '/jobs', { query: { type: 'users_action' } });
    expect(body[0]).toMatchObject({
      id,
      action: 'unblock',
      q: 'app_metadata.team:nobody',
      summary: { total: 0 },
    });
  });

  it('is refused when it does not say exactly whom it is for, or says it wrong', async () => {
    const { body: connections } = await server.request('GET', '/connections');
    const wrong = [
      { action: 'block' },
      { action: 'block', q: 'x', user_ids: ['auth0|x'] },
      { action: 'block', user_ids: [] },
      { action: 'block', q: 'emial:x' },
      { action: 'block', q: 'email:\u0000' },
      { action: 'block', user_ids: ['auth0|\u0000'] },
      { action: 'explode', q: 'x' },
      { action: 'assign_roles', user_ids: ['auth0|x'] },
      { action: 'remove_roles', user_ids: ['auth0|x'], roles: [] },
      { action: 'remove_roles', user_ids: ['auth0|x'], roles: ['x\u0000'] },
      { action: 'block', user_ids: ['auth0|x'], roles: ['rol_0000000000000000'] },
      { action: 'block', user_ids: ['auth0|x'], connection_id: connections[0].id },
      { action: 'block', q: 'x', connection_id: 'con_0000000000000000' },
      { action: 'block', user_ids: Array.from({ length: 20_001 }, (_, index) => `auth0|${index}`) },
    ];
    const unknown = { action: 'assign_roles', user_ids: ['auth0|x'], roles: ['rol_0000000000000000'] };
    expect((await start(unknown)).body.message).toMatch(/rol_0000000000000000.*on property roles/);
    for (const body of wrong) expect((await start(body)).status, JSON.stringify(body).slice(0, 80)).toBe(400);
    for (const changed_by of ['job_0000000000000000', 'x\u0000'])
      expect([400, 404]).toContain((await start({ action: 'block', changed_by })).status);
  });
});

describe('whoever asks for an action on many users', () => {
  it('needs the scopes of the call for one, and of reading where they do not name them', async () => {
    const user_ids = ['auth0|nobody'];
    for (const [scopes, body] of [
      [['delete:users'], { action: 'block', user_ids }],
      [['update:users'], { action: 'delete', user_ids }],
      [['update:users'], { action: 'restore', user_ids }],
      [['update:users'], { action: 'block', q: 'x' }],
      [['read:users'], { action: 'send_verification_email', user_ids }],
      [['delete:users'], { action: 'assign_roles', user_ids, roles: ['rol_0000000000000000'] }],
    ] as const)
      expect((await start(body, { scopes })).status, `${scopes} ${body.action}`).toBe(403);
    const { body: job } = await start({ action: 'block', user_ids }, { scopes: ['update:users'] });
    const stranger = { scopes: ['read:users', 'delete:users'] };
    expect((await server.request('POST', `/jobs/${job.id}/cancel`, stranger)).status).toBe(403);
    await waitForJob(server, job.id);
  });

  it('follows it without reading users, which is to see that job and no other', async () => {
    const [blocked = '', deleted = ''] = await createTeam('own', 2);
    const narrow = { scopes: ['update:users'] };
    const { body: own } = await start({ action: 'block', user_ids: [blocked, 'auth0|nobody'] }, narrow);
    await waitForJob(server, own.id);
    expect(await server.request('GET', `/jobs/${own.id}`, narrow)).toMatchObject({
      status: 200,
      body: { id: own.id, status: 'completed', summary: { changed: 1, failed: 1 } },
    });
    const { body: errors } = await server.request('GET', `/jobs/${own.id}/errors`, narrow);
    expect(errors).toMatchObject([{ user: { user_id: 'auth0|nobody' } }]);
    const erasing = { scopes: ['delete:users'] };
    const { body: erased } = await start({ action: 'delete', user_ids: [deleted] }, erasing);
    await waitForJob(server, erased.id);
    expect((await server.request('GET', `/jobs/${erased.id}`, erasing)).status).toBe(200);

    const subject = await createUser(server, 'somebody.else@example.com');
    await server.request('PUT', `/administrators/${encodeURIComponent(subject)}`, {
      body: { role: 'owner' },
    });
    const token = await signUserToken(server, {
      subject,
      clientId: 'muster-dashboard',
      scopes: narrow.scopes,
    });
    const refusal = { status: 403, body: { errorCode: 'insufficient_scope' } };
    for (const path of [`/jobs/${own.id}`, `/jobs/${own.id}/errors`, '/jobs/job_0000000000000000', '/jobs'])
      expect(await server.request('GET', path, { token }), path).toMatchObject(refusal);
    expect(await server.request('GET', `/jobs/job_0000000000000000`, narrow)).toMatchObject(refusal);
    expect(await server.request('GET', '/jobs', narrow)).toMatchObject(refusal);
    expect(await server.request('GET', `/jobs/${own.id}`, { scopes: ['read:clients'] })).toMatchObject(
      refusal,
    );
  });

  it('reaches no account that may do more than theirs, nothing as an auditor, and no more once their role is gone', async () => {
    const [victim = ''] = await createTeam('roles', 1);
    const ids: Record<string, string> = {};
    const tokens: Record<string, string> = {};
    for (const role of ['owner', 'support', 'auditor'] as const) {
      const subject = await createUser(server, `${role}.of.actions@example.com`);
      await server.request('PUT', `/administrators/${encodeURIComponent(subject)}`, { body: { role } });
      ids[role] = subject;
      const scopes = ['read:users', 'update:users', 'delete:users'];
      tokens[role] = await signUserToken(server, { subject, clientId: 'muster-dashboard', scopes });
    }
    const body = { action: 'block', user_ids: [ids['owner'], victim] };
    expect((await start(body, { token: tokens['auditor'] })).status).toBe(403);
    const bySupport = await start(body, { token: tokens['support'] });
    const ended = await waitForJob(server, bySupport.body.id);
    expect(ended.summary).toMatchObject({ changed: 1, failed: 1 });
    const { body: errors } = await server.request('GET', `/jobs/${ended.id}/errors`);
    expect(errors[0]).toMatchObject({
      user: { user_id: ids['owner'] },
      errors: [{ code: 'insufficient_scope' }],
    });
    expect((await read(ids['owner'] ?? '')).blocked).not.toBe(true);
    expect((await start({ ...body, action: 'delete' }, { token: tokens['support'] })).status).toBe(403);

    await jobs.stop();
    const late = await start({ action: 'unblock', user_ids: [victim] }, { token: tokens['support'] });
    await server.request('DELETE', `/administrators/${encodeURIComponent(ids['support'] ?? '')}`);
    jobs = startTestJobs(server);
    expect(await waitForJob(server, late.body.id)).toMatchObject({
      status: 'failed',
      status_details: expect.stringContaining('may not do it any more'),
    });
    expect((await read(victim)).blocked).toBe(true);
  });
});

describe('an action on many users that is interrupted', () => {
  /** Holds a user as a slow call would, so that the job stands before them. */
  async function hold(id: string) {
    const transaction = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE user_id = ${id} FOR UPDATE`.execute(transaction);
    return transaction;
  }
  const untilChanged = (id: string, changed: number) =>
    vi.waitFor(
      async () => {
        const { body } = await server.request('GET', `/jobs/${id}`);
        expect(body).toMatchObject({ status: 'processing', summary: { changed } });
        return body;
      },
      { timeout: 20_000, interval: 20 },
    );

  it('goes on after its connection was killed again and again, and does to each what it does once', async () => {
    const ids = await createTeam('killed', 12);
    let held = await hold(ids[3] ?? '');
    const { body: job } = await start({ action: 'block', q: 'app_metadata.team:killed' });
    for (const place of [3, 6, 9]) {
      const seen = await untilChanged(job.id, place);
      expect(seen.percentage_done).toBe(Math.floor((place / 12) * 100));
      const next = ids[place + 3];
      const following = next === undefined ? undefined : await hold(next);
      // As when the process dies in the middle of a user: PostgreSQL ends the session, and what it had begun.
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'muster jobs' AND datname = current_database()`.execute(server.database);
      await held.rollback().execute();
      if (following) held = following;
    }
    const ended = await waitForJob(server, job.id);
    expect(ended).toMatchObject({ status: 'completed', summary: { changed: 12, unchanged: 0, failed: 0 } });
    for (const id of ids)
      expect((await listTitles(id)).filter((title) => title === updateUser.summary)).toHaveLength(1);
  });

  it('ends after the user that it is at when it is cancelled, and can be undone that far', async () => {
    const ids = await createTeam('cancelled', 6);
    const held = await hold(ids[2] ?? '');
    const { body: job } = await start({ action: 'delete', user_ids: ids });
    await untilChanged(job.id, 2);
    expect((await start({ action: 'restore', changed_by: job.id })).status).toBe(409);
    expect((await server.request('POST', `/jobs/${job.id}/cancel`)).status).toBe(202);
    await held.rollback().execute();
    const ended = await waitForJob(server, job.id);
    expect(ended).toMatchObject({ status: 'cancelled', summary: { changed: 3, total: 6 } });
    expect(await count('app_metadata.team:cancelled')).toBe(3);
    expect((await run({ action: 'restore', changed_by: job.id })).summary).toMatchObject({ changed: 3 });
    expect(await count('app_metadata.team:cancelled')).toBe(6);
  });
});
