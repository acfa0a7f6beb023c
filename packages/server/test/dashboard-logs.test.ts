import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendLogEvent } from '../src/logs/index.ts';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';

let dashboard: DashboardFixture;
let jane: string;
beforeAll(async () => {
  dashboard = await startDashboard();
  const { server } = dashboard;
  jane = await createUser(server, 'jane@example.com', { name: 'Jane' });
  const user = { userId: jane, userName: 'jane@example.com' };
  for (let index = 0; index < 3; index++)
    await appendLogEvent(server.database, { type: 'fp', description: 'Wrong.', ip: '203.0.113.7', ...user });
  await appendLogEvent(server.database, { type: 's', ip: '198.51.100.1', ...user, details: { prompts: [] } });
  await appendLogEvent(server.database, { type: 'fu', userName: 'nobody@example.com', ip: '203.0.113.7' });
}, 240_000);
afterAll(() => dashboard?.close());

describe('the log in the dashboard', () => {
  it('is searched, filtered and opened, by an address that can be shared', async () => {
    const page = await dashboard.signIn('auditor@example.com', '/dashboard/logs');
    await page.getByRole('searchbox').fill('ip:"203.0.113.7"');
    await page.waitForURL(/q=ip/);
    const rows = page.getByRole('row').filter({ hasText: '203.0.113.7' });
    await expect.poll(() => rows.count()).toBe(4);
    expect(await page.getByText('198.51.100.1').count()).toBe(0);
    await page.getByRole('button', { name: /^Details of Unknown user/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('nobody@example.com', { exact: true }).waitFor();
    await page.reload();
    await drawer.getByText('nobody@example.com', { exact: true }).waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('searchbox').fill('ipp:1');
    await page.getByText(/There is no field ipp, did you mean ip/).waitFor();
    expect(await page.locator('mark').innerText()).toBe('ipp');
    await page.getByRole('button', { name: 'ip', exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'ip:1');
    await page.getByRole('searchbox').fill('type:(fp');
    await expect.poll(() => page.locator('mark').innerText()).toBe('(');
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Kind of event').first().click();
    await page.getByRole('option', { name: 'Failures' }).click();
    await page.waitForURL(/kind=failures/);
    await expect.poll(() => page.getByText('Wrong password').count()).toBe(3);
    expect(await page.getByText('Signed in', { exact: true }).count()).toBe(0);
    await page.getByRole('img', { name: /Failed logins/ }).waitFor();
    await page.getByText('Failed logins: 4').waitFor();
    await page.getByText('Sign-ups: 0').waitFor();
    await page.getByText('24 hours', { exact: true }).click();
    await page.waitForURL(/range=day/);
    await expect.poll(() => page.getByRole('img', { name: 'Failed logins' }).locator('g').count()).toBe(24);
    await page.getByText('Failed logins: 4').waitFor();
    await page.context().close();
  });

  it('has a user’s own events, by kind, with a way to all from the same address', async () => {
    const page = await dashboard.signIn(
      'auditor@example.com',
      `/dashboard/users/${encodeURIComponent(jane)}?tab=history`,
    );
    await expect.poll(() => page.getByText('Wrong password').count()).toBe(3);
    await page.getByLabel('Kind of event').first().click();
    await page.getByRole('option', { name: 'Sign-ins' }).click();
    await page.getByText('Wrong password').first().waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: /^Details of Signed in/ }).click();
    await page.getByRole('link', { name: 'All from this address' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'ip:"198.51.100.1"');
    await expect.poll(() => page.getByRole('row').filter({ hasText: '198.51.100.1' }).count()).toBe(1);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has no barrier that axe finds, in %s', async (scheme) => {
    const [event] = (await dashboard.server.request('GET', '/logs', { query: { q: 'type:s' } })).body;
    const paths = ['/dashboard/logs?q=nobody', '/dashboard/logs', `/dashboard/logs?event=${event.log_id}`];
    expect(await findBarriers(dashboard, paths, scheme)).toEqual([]);
  }, 120_000);
});
