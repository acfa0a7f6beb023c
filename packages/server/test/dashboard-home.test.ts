import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/axe.ts';
import {
  type DashboardFixture,
  findBarriers,
  openPage,
  startDashboard,
} from './support/dashboard-fixture.ts';
import { createUser, database, password } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
}, 240_000);
afterAll(() => dashboard?.close());

describe.each(['light', 'dark'] as const)('the first steps in %s', (scheme) => {
  it('have no barrier that axe finds', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('region', { name: 'First steps' }).waitFor();
    await page.context().close();
    expect(await findBarriers(dashboard, ['/dashboard'], scheme)).toEqual([]);
  }, 60_000);
});

describe('home on the first day', () => {
  it('leaves who does not want them alone with the first steps', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('button', { name: 'Hide them' }).click();
    await steps.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('The last 30 days').first().waitFor();
    expect(await steps.count()).toBe(0);
    await page.context().close();
    const theirs = await dashboard.signIn('auditor@example.com', '/dashboard');
    await theirs.getByText('The last 30 days').first().waitFor();
    expect(await theirs.getByRole('region', { name: 'First steps' }).count()).toBe(0);
    await theirs.context().close();
  }, 40_000);

  it('teaches the first steps, each until it is done', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const steps = page.getByRole('region', { name: 'First steps' });
    const list = async () => {
      await openPage(page, '/dashboard/logs');
      await openPage(page, '/dashboard');
      return (await steps.getByRole('listitem').allInnerTexts()).map((text) => text.split('\n')[0]);
    };
    await steps.waitFor();
    await steps.getByRole('link', { name: 'Import users' }).click();
    await page.getByRole('heading', { level: 1, name: 'Import users' }).waitFor();
    await page.goBack();
    await steps.getByRole('link', { name: 'Create a user' }).click();
    await page.getByRole('dialog', { name: 'Create user' }).waitFor();
    await page.goBack();
    await createUser(server, 'first@example.com');
    const { body: application } = await server.request('POST', '/clients', {
      body: { name: 'Shop', app_type: 'spa', callbacks: ['https://shop.example.com/callback'] },
    });
    const [connection] = (await server.request('GET', `/connections?name=${database}`)).body;
    await server.request('PATCH', `/connections/${connection.id}/clients`, {
      body: [{ client_id: application.client_id, status: true }],
    });
    await expect
      .poll(list, { timeout: 15_000 })
      .toEqual(['Bring your users · done ✓', 'Create an application · done ✓', 'Try the sign-in']);
    await steps.getByRole('link', { name: 'Try it' }).click();
    const address = (await page.getByText(/\/authorize\?/).textContent()) ?? '';
    const other = await dashboard.browser.newPage();
    await other.route('https://shop.example.com/**', (route) => route.fulfill({ body: 'Welcome' }));
    await other.goto(address);
    await other.getByLabel('Email address').fill('first@example.com');
    await other.getByLabel('Password', { exact: true }).fill(password);
    await other.keyboard.press('Enter');
    await page.getByRole('status').getByText('first@example.com').waitFor();
    await other.close();
    await expect.poll(list, { timeout: 15_000 }).toEqual([]);
    await page.getByText('Active users in 30 days').waitFor();
    expect(await steps.count()).toBe(0);
    await page.context().close();
  }, 90_000);
});

describe('an address that leads nowhere', () => {
  it('says so in its heading and its title, and has a way on', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/nowhere');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    expect(await page.title()).toContain('There is no such page');
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('main').getByRole('link', { name: 'Home' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await openPage(page, '/dashboard/users');
    expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Users']);
    await page.context().close();
  }, 40_000);
});
