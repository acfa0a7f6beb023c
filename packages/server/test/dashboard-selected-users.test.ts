import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { type DashboardFixture, startDashboard } from './support/dashboard-fixture.ts';
import { countUsers, createManyUsers } from './support/many-users.ts';
import { startTestJobs, waitForJob } from './support/test-jobs.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let jobs: JobRunner;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  jobs = startTestJobs(server);
  await createManyUsers(server);
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

describe('many users at once', () => {
  it('are blocked after a count, which is undone by a click', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=app_metadata.plan:gold');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByText('30 selected').waitFor();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 30 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('Done: 30 changed').waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(30);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone').waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(0);
    await page.context().close();
  });

  it('are changed to the last though the tab is closed on the way, and changed back from the page of the job', async () => {
    const held = await server.database.startTransaction().execute();
    // As a slow call would: the job stands before this one.
    await sql`SELECT FROM users WHERE email = 'many31@example.com' FOR UPDATE`.execute(held);
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=app_metadata.plan:gold');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 30 users?' });
    await dialog.getByText('30 of 30 will be changed.').waitFor();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText(/^[1-9]\d* of 30 done$/).waitFor();
    const { body: running } = await server.request('GET', '/jobs', { query: { type: 'users_action' } });
    await page.context().close();
    await held.rollback().execute();
    expect((await waitForJob(server, running[0].id)).summary).toMatchObject({ changed: 30, failed: 0 });
    expect(await countUsers(server, 'blocked:true')).toBe(30);

    const later = await dashboard.signIn('owner@example.com', '/dashboard/jobs?type=users_action');
    await later.getByRole('link', { name: 'Block users' }).first().click();
    await later.getByRole('heading', { name: 'Block users' }).waitFor();
    await later.getByRole('button', { name: 'Undo' }).click();
    await later.getByRole('heading', { name: 'Unblock users' }).waitFor();
    await later.getByText('done', { exact: true }).waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(0);
    await later.context().close();
  });

  it('are shown as they are once the job is over, with a word about it, though its dialog was closed', async () => {
    const held = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE email = 'many31@example.com' FOR UPDATE`.execute(held);
    const page = await dashboard.signIn(
      'owner@example.com',
      '/dashboard/users?q=email:many31@example.com OR email:many33@example.com',
    );
    await page.getByRole('link', { name: 'Many 31' }).waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 2 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('The server does this').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Many 31' }).click();
    await page.getByRole('button', { name: 'Block', exact: true }).waitFor();
    await held.rollback().execute();
    await page.getByText('Block users: Done: 2 changed, 0 were so already').waitFor();
    // The page of the user, and the list behind it, know of it without being loaded anew.
    await page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('row').getByText('Blocked', { exact: true }).count()).toBe(2);
    await page.getByRole('link', { name: 'See the job' }).click();
    await page.getByRole('heading', { name: 'Block users' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Unblock users' }).waitFor();
    await page.getByText('done', { exact: true }).waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(0);
    await page.context().close();
  });

  it('are left where they are when the job is stopped, and those who failed are named', async () => {
    const [auditor] = (
      await server.request('GET', '/users-by-email', { query: { email: 'auditor@example.com' } })
    ).body;
    await server.request('PUT', `/administrators/${encodeURIComponent(auditor.user_id)}`, {
      body: { role: 'support' },
    });
    const held = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE email = 'many58@example.com' FOR UPDATE`.execute(held);
    const q = encodeURIComponent(
      'email:owner@example.com OR email:many56@example.com OR email:many58@example.com OR email:many59@example.com',
    );
    const page = await dashboard.signIn('auditor@example.com', `/dashboard/users?q=${q}&sort=created_at:1`);
    await page.getByRole('link', { name: 'Many 56' }).waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 4 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('2 of 4 done').waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await expect
      .poll(
        async () =>
          (
            await sql<{ asked: boolean }>`SELECT bool_or(is_cancellation_asked) AS asked FROM jobs`.execute(
              server.database,
            )
          ).rows[0]?.asked,
      )
      .toBe(true);
    await held.rollback().execute();
    await dialog.getByText('Stopped after 3 of 4').waitFor();
    await dialog.getByText('1 failed').waitFor();
    await dialog.getByText(/This user has the role owner/).waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(2);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone').waitFor();
    expect(await countUsers(server, 'blocked:true')).toBe(0);
    await server.request('PUT', `/administrators/${encodeURIComponent(auditor.user_id)}`, {
      body: { role: 'auditor' },
    });
    await page.context().close();
  });

  it('are deleted as a whole search, once their number is typed', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=email:many*');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Select all 60 that match' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 60 users?' });
    const go = dialog.getByRole('button', { name: 'Delete' });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('60');
    await go.click();
    await dialog.getByText('Done: 60 changed').waitFor();
    expect(await countUsers(server, 'email:many*')).toBe(0);
    expect(await countUsers(server, 'email:owner@example.com')).toBe(1);
    await page.context().close();
  });
});

describe('an export of what is selected', () => {
  it('has any number of users, more than an address could name', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('link', { name: 'Export', exact: true }).waitFor();
    const selectedUsers = Array.from({ length: 3_000 }, (_, index) => `auth0|${'0'.repeat(20)}${index}`);
    const { body } = await server.request('GET', '/users-by-email', {
      query: { email: 'owner@example.com' },
    });
    selectedUsers.push(body[0].user_id);
    // What ticking so many rows leaves with the page.
    await page.evaluate(`history.pushState({ selectedUsers: ${JSON.stringify(selectedUsers)} }, '',
      '/dashboard/jobs/export?fields=user_id&selected=3001'); dispatchEvent(new PopStateEvent('popstate'))`);
    await page.getByText('The 3,001 users that were selected').waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.waitForURL(/\/jobs\/job_/);
    const { body: jobs } = await server.request('GET', '/jobs', { query: { type: 'users_export' } });
    expect(jobs[0].q).toContain(`"${selectedUsers.at(-1)}"`);
    // Whoever is given the address alone is not offered everybody in their place.
    await page.goto(`${server.config.publicUrl}/dashboard/jobs/export?fields=user_id&selected=3001`);
    await page.getByText('The selection is not known any more').waitFor();
    await page.context().close();
  }, 60_000);
});
