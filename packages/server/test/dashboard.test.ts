import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import { createUser, database, password } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let signIn: DashboardFixture['signIn'];

beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server, signIn } = dashboard);
}, 240_000);
afterAll(() => dashboard?.close());

const readUser = async (email: string) =>
  (await server.request('GET', '/users-by-email', { query: { email } })).body[0];

describe('an owner in the dashboard', () => {
  it('creates a user, edits their metadata, blocks and deletes them', async () => {
    const page = await signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
    expect(await readUser('ada@example.com')).toMatchObject({ email: 'ada@example.com' });

    await page.getByRole('tab', { name: 'Metadata' }).click();
    const metadata = page.getByRole('textbox', { name: /^app_metadata/ });
    await metadata.fill('{ "plan": ');
    await page.getByText('This is not JSON').waitFor();
    await metadata.fill('{ "plan": "gold" }');
    await page.getByText('plan: "gold"').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await readUser('ada@example.com')).app_metadata).toEqual({ plan: 'gold' });

    await page.getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByText('Blocked').waitFor();
    expect((await readUser('ada@example.com')).blocked).toBe(true);

    await page.getByRole('button', { name: 'Delete' }).click();
    const confirmation = page.getByRole('dialog');
    expect(await confirmation.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await confirmation.getByRole('textbox').fill('ada@example.com');
    await confirmation.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    expect(await readUser('ada@example.com')).toBeUndefined();
    await page.context().close();
  });

  it('finds somebody by a part of their name, with one request, and is told where a query is wrong', async () => {
    await createUser(server, 'grace@example.com', { name: 'Grace Hopper' });
    const page = await signIn('owner@example.com', '/dashboard/users');
    const box = page.getByRole('combobox', { name: 'Search users' });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/v2/users') asked.push(request.url());
    });
    await page.keyboard.press('/');
    await page.keyboard.type('hopper');
    // The head of the table, and Grace alone.
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('hopper');
    expect(asked).toHaveLength(1);
    await box.fill('name:(grace');
    await page.getByText('The parenthesis that opens here is never closed').waitFor();
    await page.context().close();
  });

  it('links another account after seeing what happens to its metadata, and unlinks it', async () => {
    const primary = await createUser(server, 'linked.1@example.com', { app_metadata: { plan: 'gold' } });
    const secondary = await createUser(server, 'linked.2@example.com', {
      app_metadata: { plan: 'free', seats: 3 },
    });
    const page = await signIn(
      'owner@example.com',
      `/dashboard/users/${encodeURIComponent(primary)}?tab=identities`,
    );
    await page.getByLabel('The account to be linked').fill('linked.2@example.com');
    await page.getByRole('button', { name: 'Choose: linked.2@example.com' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('app_metadata.seats').waitFor();
    await dialog.getByRole('button', { name: 'Link', exact: true }).click();
    await page.getByText('Profile as Username-Password-Authentication gave it').last().waitFor();
    expect(await readUser('linked.1@example.com')).toMatchObject({
      app_metadata: { plan: 'gold', seats: 3 },
      identities: [{}, { profileData: { email: 'linked.2@example.com' } }],
    });
    expect(await readUser('linked.2@example.com')).toBeUndefined();
    await page.getByRole('button', { name: `Unlink: ${secondary}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await expect.poll(async () => (await readUser('linked.2@example.com'))?.user_id).toBe(secondary);
    await page.context().close();
  });

  it('changes a picture by a file of any size, and goes back to the default', async () => {
    const id = await createUser(server, 'face@example.com', { name: 'Face' });
    const page = await dashboard.signIn('owner@example.com', `/dashboard/users/${encodeURIComponent(id)}`);
    const choose = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      await page.getByRole('button', { name: 'Change the picture' }).click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('menuitem', { name: 'Upload a picture' }).click();
      await (await chooser).setFiles(file);
    };
    const pictureOf = async () =>
      (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body.picture;
    const before = await pictureOf();
    const screenshot = await page.screenshot();
    await choose({ name: 'face.png', mimeType: 'image/png', buffer: screenshot });
    await expect.poll(pictureOf).not.toBe(before);
    const picture = await pictureOf();
    await page.locator(`img[src="${picture}"]`).waitFor();
    const answer = await fetch(picture);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(100_000);

    await choose({ name: 'face.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await page
      .getByRole('alert')
      .getByText(/decoded/)
      .waitFor();
    await page.getByRole('button', { name: 'Change the picture' }).click();
    await page.getByRole('menuitem', { name: 'Use the default picture' }).click();
    await expect.poll(pictureOf).toBe(before);
    await page.context().close();
  });

  it('ends sessions, changes a password and makes a link, and sees what happened', async () => {
    const userId = await createUser(server, 'acted@example.com');
    const theirs = await signIn('acted@example.com', '/dashboard').catch(() => undefined);
    await theirs?.context().close();
    const page = await signIn(
      'owner@example.com',
      `/dashboard/users/${encodeURIComponent(userId)}?tab=access`,
    );
    await page.getByRole('region', { name: 'Sessions' }).getByRole('row').waitFor();
    await page.getByRole('button', { name: 'End all' }).click();
    await page.getByText('No sessions').waitFor();
    const sessions = await server.request('GET', `/users/${encodeURIComponent(userId)}/sessions`);
    expect(sessions.body.sessions).toEqual([]);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    await page.getByRole('button', { name: 'Generate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The password was changed.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Password link' }).click();
    await page.getByText('/u/reset-password', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Update a user').first().waitFor();
    await page.context().close();
  });

  it('loses no metadata that was refused, and is told at the editor it belongs to', async () => {
    const id = await createUser(server, 'kept@example.com', { app_metadata: { plan: 'free', seats: 1 } });
    const path = `/users/${encodeURIComponent(id)}`;
    const page = await signIn('owner@example.com', `/dashboard${path}?tab=metadata`);
    const part = page.getByRole('region', { name: 'app_metadata' });
    const editor = part.getByRole('textbox');
    await editor.fill('{ "plan": "gold", "seats": 1, "a.b": 1, "id": 9007199254740993 }');
    await part.getByText('keys have no . and no $').waitFor();
    await part.getByText('9007199254740993 would be saved as another number').waitFor();
    expect(await part.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

    await editor.fill(
      `{ "plan": "gold", "seats": 1, "${'k'.repeat(300_000)}": [${'"x",'.repeat(250_000)}1] }`,
    );
    await part.getByRole('button', { name: 'Save' }).click();
    await part.getByRole('alert').getByText('This did not work').waitFor();
    expect(await page.getByRole('region', { name: 'user_metadata' }).getByRole('alert').count()).toBe(0);

    await editor.fill('{ "plan": "gold", "seats": 1, "deep": { "city": "Rome" } }');
    await part.getByText('deep: {"city":"Rome"}').waitFor();
    await server.request('PATCH', path, { body: { app_metadata: { seats: 2, theirs: true } } });
    await part.getByRole('button', { name: 'Save' }).click();
    await part.getByRole('button', { name: 'Show the new version' }).click();
    await part.getByText('What you wrote is kept').waitFor();
    await part.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await readUser('kept@example.com')).app_metadata)
      .toEqual({ plan: 'gold', seats: 2, theirs: true, deep: { city: 'Rome' } });
    expect(await page.title()).toBe('kept@example.com · Users · Muster');
    await page.context().close();
  }, 60_000);

  it('is led to sign in again when the session has ended meanwhile', async () => {
    await createUser(server, 'place@example.com');
    const page = await signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('link', { name: 'place@example.com' }).waitFor();
    await page.context().clearCookies();
    await page.clock.install();
    await page.clock.fastForward('48:00:00');
    await page.getByRole('link', { name: 'place@example.com' }).click();
    await page.getByLabel('Email address or username').waitFor();
    await page.context().close();
  });

  it('is told when somebody else changed the user meanwhile', async () => {
    const userId = await createUser(server, 'shared@example.com');
    const page = await signIn('owner@example.com', `/dashboard/users/${encodeURIComponent(userId)}`);
    await page.getByLabel('Nickname').fill('mine');
    await server.request('PATCH', `/users/${encodeURIComponent(userId)}`, { body: { nickname: 'theirs' } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this user meanwhile').waitFor();
    expect((await readUser('shared@example.com')).nickname).toBe('theirs');
    await page.context().close();
  });
});

describe('others at the dashboard', () => {
  it('are an auditor, who reads and can write nothing, at the API either', async () => {
    const userId = await createUser(server, 'looked.at@example.com');
    const page = await signIn('auditor@example.com', `/dashboard/users/${encodeURIComponent(userId)}`);
    await page.getByRole('heading', { name: 'looked.at@example.com' }).waitFor();
    expect(await page.getByRole('button', { name: /Block|Delete|Save/ }).count()).toBe(0);
    const token = page.waitForRequest((request) => request.url().includes('/api/v2/'));
    await page.reload();
    const { authorization = '' } = await (await token).allHeaders();
    for (const [method, path] of [
      ['PATCH', `/users/${encodeURIComponent(userId)}`],
      ['DELETE', `/users/${encodeURIComponent(userId)}`],
      ['POST', '/users'],
    ] as const) {
      const answer = await server.request(method, path, {
        token: authorization.replace('Bearer ', ''),
        ...(method === 'DELETE'
          ? {}
          : { body: method === 'POST' ? { connection: database } : { blocked: true } }),
      });
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
    await page.context().close();
  });

  it('are turned away when they are no administrators', async () => {
    await createUser(server, 'nobody@example.com');
    const context = await dashboard.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.config.publicUrl}/dashboard`);
    await page.getByLabel('Email address or username').fill('nobody@example.com');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.startsWith('/dashboard') || url.pathname === '/u/consent');
    if (new URL(page.url()).pathname === '/u/consent')
      await page.getByRole('button', { name: 'Accept' }).click();
    await page.getByText('nobody@example.com is not an administrator of this Muster.').waitFor();
    await context.close();
  });
});

describe.each(['light', 'dark'] as const)('the pages in %s', (colorScheme) => {
  it('have no barrier that axe finds, on a desktop and a phone', async () => {
    const userId = (await readUser('owner@example.com')).user_id;
    const own = `/dashboard/users/${encodeURIComponent(userId)}`;
    const paths = [
      '/dashboard',
      '/dashboard/users',
      `${own}?tab=details`,
      `${own}?tab=metadata`,
      `${own}?tab=identities`,
      `${own}?tab=access`,
      '/dashboard/logs',
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
  }, 90_000);
});
