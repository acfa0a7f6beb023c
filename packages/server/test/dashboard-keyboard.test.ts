import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
}, 240_000);
afterAll(() => dashboard?.close());

/** More stops than any page has. */
const mostStops = 120;
const readUser = async (email: string) =>
  (await server.request('GET', '/users-by-email', { query: { email } })).body[0];

/** Goes there by Tab alone. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < mostStops; stop++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${target}`);
}

async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Opens the palette, writes a few letters and takes the first of what is found. */
async function goTo(page: Page, letters: string, found: string): Promise<void> {
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox', { name: 'Find a user, a page or an action' }).waitFor();
  await page.keyboard.type(letters);
  await page.getByRole('option', { name: found }).first().waitFor();
  await page.keyboard.press('Enter');
}

describe('by the keyboard alone an owner', () => {
  it('creates, finds, changes, blocks and deletes a user', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await goTo(page, 'create user', 'Create user');
    const dialog = page.getByRole('dialog');
    await tabTo(page, dialog.getByLabel('Email'));
    await page.keyboard.type('keys@example.com');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Open the user' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/users\/auth0/);

    await press(page, page.getByRole('link', { name: 'Back to all users' }));
    await page.getByRole('link', { name: 'keys' }).first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('keys@exam');
    await page.waitForURL(/q=keys/);
    await press(page, page.getByRole('link', { name: /keys/ }).first());

    await tabTo(page, page.getByLabel('Name', { exact: true }));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Keys');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await readUser('keys@example.com')).name).toBe('Keys');

    await press(page, page.getByRole('button', { name: 'Block' }));
    await expect.poll(async () => (await readUser('keys@example.com')).blocked).toBe(true);

    await tabTo(page, page.getByRole('tab', { selected: true }));
    await page.keyboard.press('ArrowRight');
    const metadata = page.getByLabel('user_metadata: what the user may change');
    await tabTo(page, metadata);
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{ "keyboard": true }');
    await press(page, page.getByRole('button', { name: 'Save' }));
    await expect
      .poll(async () => (await readUser('keys@example.com')).user_metadata)
      .toEqual({ keyboard: true });

    await press(page, page.getByRole('button', { name: 'Delete', exact: true }));
    await tabTo(page, dialog.getByRole('textbox'));
    await page.keyboard.type('keys@example.com');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/dashboard/users');
    expect(await readUser('keys@example.com')).toBeUndefined();
    await page.context().close();
  }, 60_000);

  it('makes a password link and links an account', async () => {
    const id = await createUser(server, 'main@example.com', { name: 'Main' });
    await createUser(server, 'second@example.com', { name: 'Second' });
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await goTo(page, 'main@example.com', 'Main main@example.com');
    await page.waitForURL(/\/users\/auth0/);
    const more = page.getByRole('button', { name: 'More' });
    await press(page, more);
    await page.getByRole('menuitem', { name: 'Password link' }).waitFor();
    const item = page.getByRole('menuitem', { name: 'Password link' });
    const isThere = () => item.evaluate((element) => element === element.ownerDocument.activeElement);
    for (let step = 0; step < 6 && !(await isThere()); step++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page
      .getByText(/\/u\/reset-password|ticket=/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await tabTo(page, page.getByRole('tab', { selected: true }));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Identities', selected: true }).waitFor();
    await tabTo(page, page.getByLabel(/^The account to be linked/));
    await page.keyboard.type('second@example.com');
    await press(page, page.getByRole('button', { name: /^Choose: / }));
    await press(page, page.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }));
    await expect
      .poll(
        async () => (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body.identities.length,
      )
      .toBe(2);
    await page.context().close();
  }, 60_000);
});
