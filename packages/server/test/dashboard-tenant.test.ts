import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import { download, startTestJobs } from './support/test-jobs.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let jobs: JobRunner;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  jobs = startTestJobs(server);
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

const users = [
  { email: 'new1@example.com', name: 'New One' },
  { email: 'not an address' },
  { email: 'new2@example.com', app_metadata: { plan: 'gold' } },
];

describe('an import in the dashboard', () => {
  it('shows what is wrong before it is sent, is tried, and then done with every row accounted for', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/jobs');
    await page.getByRole('link', { name: 'Import users' }).click();
    const choose = async () => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose a file' }).click();
      await (await chooser).setFiles({
        name: 'users.json',
        mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(users)),
      });
    };
    await choose();
    const first = page.getByRole('region', { name: 'The first 3 rows' });
    await first.getByText('email is not a valid email').waitFor();
    expect(await first.getByRole('row').count()).toBe(1);

    await page.getByRole('button', { name: 'Try it first' }).click();
    await page.getByText('dry run').waitFor();
    await page.getByRole('link', { name: 'Now import it' }).waitFor();
    const search = async () => (await server.request('GET', '/users', { query: { q: 'email:new*' } })).body;
    expect(await search()).toEqual([]);

    await page.getByRole('link', { name: 'Now import it' }).click();
    await choose();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'Rows that failed' }).waitFor();
    await page.getByText('not an address').waitFor();
    expect((await search()).map(({ email }: { email: string }) => email).sort()).toEqual([
      'new1@example.com',
      'new2@example.com',
    ]);
    await page.context().close();
  });
});

describe('an export in the dashboard', () => {
  it('takes the rows and columns of the list', async () => {
    await createUser(server, 'exported@example.com', { name: 'Exported' });
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=email:exported*');
    await page.getByRole('link', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const link = page.getByRole('link', { name: 'Download' });
    await link.waitFor();
    const text = await download(server, (await link.getAttribute('href')) ?? '');
    const [head = '', row = '', ...rest] = text.trim().split(/\r?\n/);
    expect(head.split(',').slice(0, 3)).toEqual(['user_id', 'name', 'identities[0].connection']);
    expect(row).toContain('Exported');
    expect(rest).toEqual([]);
    await page.context().close();
  });
});

describe('the settings in the dashboard', () => {
  it('change names, sessions and looks', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/settings');
    await page.getByLabel('Name that people see').fill('Acme');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await server.request('GET', '/tenants/settings')).body.friendly_name)
      .toBe('Acme');
    // Until the dashboard knows it too, leaving is asked about.
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Look' }).click();
    await page.getByLabel('Colour of buttons and links').fill('#0a7d33');
    const frame = page.frameLocator('iframe[title="Preview"]');
    await frame.getByText('Sign in to continue to Acme').waitFor();
    const button = frame.getByRole('button', { name: 'Continue' });
    await expect
      .poll(() =>
        button.evaluate((own) => own.ownerDocument.defaultView?.getComputedStyle(own).backgroundColor),
      )
      .toBe('rgb(10, 125, 51)');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await server.request('GET', '/branding')).body.colors?.primary)
      .toBe('#0a7d33');
    await page.context().close();
  });

  it('let an owner take somebody into the team, whose role holds at once for tokens they have', async () => {
    const id = await createUser(server, 'helper@example.com');
    const page = await dashboard.signIn('owner@example.com', '/dashboard/settings?tab=team');
    await page.getByRole('textbox', { name: 'Add to the team' }).fill('helper@example.com');
    await page.getByRole('button', { name: 'Add to the team' }).click();
    await page.getByRole('link', { name: 'helper@example.com' }).waitFor();

    const theirs = await dashboard.signIn('helper@example.com', '/dashboard/users');
    const asked = theirs.waitForRequest((request) => request.url().includes('/api/v2/'));
    await theirs.reload();
    const token = ((await (await asked).allHeaders())['authorization'] ?? '').replace('Bearer ', '');
    const path = `/users/${encodeURIComponent(id)}`;
    const change = () => server.request('PATCH', path, { token, body: { nickname: 'changed' } });
    expect((await change()).status).toBe(200);
    expect((await server.request('GET', '/administrators', { token })).body.administrators).toHaveLength(4);
    expect(
      (
        await server.request('PUT', `/administrators/${encodeURIComponent(id)}`, {
          token,
          body: { role: 'owner' },
        })
      ).status,
    ).toBe(403);
    await page.getByRole('combobox', { name: 'Role: helper@example.com' }).click();
    await page.getByRole('option', { name: /^Auditor/ }).click();
    await expect.poll(async () => (await change()).status).toBe(403);
    await page.getByRole('button', { name: 'Remove: helper@example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(async () => (await server.request('GET', path, { token })).status).toBe(403);
    await server.request('PATCH', path, { body: { blocked: true } });
    expect((await server.request('GET', path, { token })).status).toBe(401);
    await theirs.context().close();
    await page.context().close();
  });

  it('keep the last owner', async () => {
    const { administrators } = (await server.request('GET', '/administrators')).body;
    const owners = administrators.filter(({ role }: { role: string }) => role === 'owner');
    const [owner] = owners;
    for (const { user_id: id } of owners.slice(1))
      expect((await server.request('DELETE', `/administrators/${encodeURIComponent(id)}`)).status).toBe(204);
    const path = `/administrators/${encodeURIComponent(owner.user_id)}`;
    const refusal = { statusCode: 409, errorCode: 'last_owner' };
    expect((await server.request('DELETE', path)).body).toMatchObject(refusal);
    expect((await server.request('PUT', path, { body: { role: 'support' } })).body).toMatchObject(refusal);
    const nobody = `/administrators/${encodeURIComponent('auth0|nobody')}`;
    expect((await server.request('PUT', nobody, { body: { role: 'support' } })).status).toBe(404);
    expect((await server.request('PUT', path, { body: { role: 'king' } })).status).toBe(400);
    for (const { user_id: id } of owners.slice(1)) {
      const restored = `/administrators/${encodeURIComponent(id)}`;
      expect((await server.request('PUT', restored, { body: { role: 'owner' } })).status).toBe(200);
    }
  });
});

describe.each(['light', 'dark'] as const)('these pages in %s', (colorScheme) => {
  it('have no barrier that axe finds', async () => {
    const paths = [
      '/dashboard/jobs',
      '/dashboard/jobs/import',
      '/dashboard/jobs/export',
      '/dashboard/settings',
      '/dashboard/settings?tab=look',
      '/dashboard/settings?tab=keys',
      '/dashboard/settings?tab=team',
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
  }, 120_000);
});
