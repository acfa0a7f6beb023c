import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { type DashboardFixture, startDashboard } from './support/dashboard-fixture.ts';
import { createClient, createUser, database } from './support/sign-in-fixture.ts';
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

/** Opens a menu and goes down to one of its items. */
async function choose(page: Page, button: Locator, name: string): Promise<void> {
  await press(page, button);
  const item = page.getByRole('menuitem', { name });
  await item.waitFor();
  const isThere = () => item.evaluate((element) => element === element.ownerDocument.activeElement);
  for (let step = 0; step < 8 && !(await isThere()); step++) await page.keyboard.press('ArrowDown');
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
    await choose(page, page.getByRole('button', { name: 'More' }), 'Password link');
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

  it('changes a picture and a password', async () => {
    const id = await createUser(server, 'face@example.com', { name: 'Face' });
    const application = await createClient(server, { name: 'Keyed' });
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await goTo(page, 'face@example.com', 'Face face@example.com');
    await page.waitForURL(/\/users\/auth0/);
    const pictureOf = async () =>
      (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body.picture;
    const before = await pictureOf();
    const picture = page.getByRole('button', { name: 'Change the picture' });
    const chooser = page.waitForEvent('filechooser');
    await choose(page, picture, 'Upload a picture');
    const screenshot = await page.screenshot();
    await (await chooser).setFiles({ name: 'face.png', mimeType: 'image/png', buffer: screenshot });
    await expect.poll(pictureOf).not.toBe(before);

    await choose(page, page.getByRole('button', { name: 'More' }), 'Change password');
    const dialog = page.getByRole('dialog');
    await tabTo(page, dialog.getByLabel('New password'));
    await page.keyboard.type('typed by Keys 1 and 2');
    await page.keyboard.press('Enter');
    await dialog.getByText('The password was changed.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const { status } = await server.fetchRaw('POST', '/oauth/token', {
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        client_id: application.id,
        client_secret: application.secret,
        realm: database,
        username: 'face@example.com',
        password: 'typed by Keys 1 and 2',
      }),
    });
    expect(status).toBe(200);
    await page.context().close();
  }, 60_000);

  it('imports a file whose columns have other names, and exports what came of it', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await goTo(page, 'import', 'Import users');
    await page.waitForURL(/\/jobs\/import/);
    const chooser = page.waitForEvent('filechooser');
    await press(page, page.getByRole('button', { name: 'Choose a file' }));
    const rows =
      'E-Mail;Team;Note\r\nimported1@example.com;blue;x\r\nimported2@example.com;"red; dark";y\r\n';
    await (await chooser).setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
    await page.getByText('They look right.').waitFor();
    await tabTo(page, page.getByRole('combobox', { name: 'What Team becomes' }));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('app_metadata.team');
    await page.keyboard.press('Escape');
    await tabTo(page, page.getByRole('combobox', { name: 'What Note becomes' }));
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await press(page, page.getByRole('button', { name: 'Import', exact: true }));
    await page.waitForURL(/\/jobs\/job_/);
    await page.getByText('done', { exact: true }).first().waitFor();
    const [first, second] = await Promise.all(
      ['imported1@example.com', 'imported2@example.com'].map(readUser),
    );
    expect(first).toMatchObject({ app_metadata: { team: 'blue' } });
    expect(second).toMatchObject({ app_metadata: { team: 'red; dark' } });
    expect(first).not.toHaveProperty('user_metadata');

    await goTo(page, 'export', 'Export users');
    await page.waitForURL(/\/jobs\/export/);
    await tabTo(page, page.getByLabel('Only users that this search finds'));
    await page.keyboard.type('email:imported*');
    await press(page, page.getByRole('checkbox', { name: 'email', exact: true }), 'Space');
    await press(page, page.getByRole('button', { name: 'Export', exact: true }));
    const link = page.getByRole('link', { name: 'Download' });
    await link.waitFor();
    await tabTo(page, link);
    const text = await download(server, (await link.getAttribute('href')) ?? '');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .toSorted((a, b) => (a.email < b.email ? -1 : 1)),
    ).toEqual([{ email: 'imported1@example.com' }, { email: 'imported2@example.com' }]);
    await page.context().close();
  }, 90_000);
});
