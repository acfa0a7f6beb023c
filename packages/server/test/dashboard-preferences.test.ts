import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, openPage, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
}, 240_000);
afterAll(() => dashboard?.close());

const readUser = async (email: string) =>
  (await server.request('GET', '/users-by-email', { query: { email } })).body[0];

/** Somebody who may come into the dashboard, and what the server keeps for them. */
async function createAdministrator(email: string) {
  const subject = await createUser(server, email);
  await server.request('PUT', `/administrators/${encodeURIComponent(subject)}`, {
    body: { role: 'support' },
  });
  return async () => {
    const token = await signUserToken(server, {
      subject,
      clientId: 'muster-dashboard',
      scopes: ['read:users'],
    });
    return (await server.request('GET', '/dashboard/preferences', { token })).body;
  };
}

async function toggleColumn(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: label, exact: true }).click();
  await page.keyboard.press('Escape');
}

async function saveSearch(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Saved searches' }).click();
  await page.getByLabel('Name of the search').fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name }).waitFor();
  await page.keyboard.press('Escape');
}

const column = (page: Page, name: string) => page.getByRole('columnheader', { name });
/** What a page asks the server, in order, from now on. */
function listAsked(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/v2/'))
      asked.push(`${request.method()} ${pathname.slice('/api/v2'.length)}`);
  });
  return asked;
}

describe('what people choose for themselves in the dashboard', () => {
  it('follows them to another device, where a list is still one request', async () => {
    const readKept = await createAdministrator('two-devices@example.com');
    const desk = await dashboard.signIn('two-devices@example.com', '/dashboard/users?q=blocked:true');
    await toggleColumn(desk, 'Username');
    await saveSearch(desk, 'Those who were blocked');
    await expect.poll(readKept).toMatchObject({
      user_columns: expect.arrayContaining(['username']),
      user_searches: [{ name: 'Those who were blocked', q: 'blocked:true' }],
    });

    const phone = await dashboard.signIn('two-devices@example.com', '/dashboard');
    const asked = listAsked(phone);
    await phone.goto(`${server.config.publicUrl}/dashboard/users`);
    await column(phone, 'Username').waitFor();
    await phone.getByRole('link', { name: 'two-devices@example.com' }).waitFor();
    expect(asked.sort()).toEqual(['GET /dashboard/preferences', 'GET /users']);
    await openPage(phone, '/dashboard/users/deleted');
    await openPage(phone, '/dashboard/users');
    await phone.getByRole('button', { name: 'Saved searches' }).click();
    await phone.getByRole('link', { name: 'Those who were blocked' }).click();
    await phone.waitForURL((url) => url.searchParams.get('q') === 'blocked:true');
    expect(asked.filter((one) => one === 'GET /dashboard/preferences')).toHaveLength(1);
    await phone.getByRole('button', { name: 'Saved searches' }).click();
    await phone.getByRole('button', { name: 'Forget Those who were blocked' }).click();
    await expect.poll(async () => (await readKept()).user_searches).toEqual([]);

    // The other page does not know of that yet, and brings nothing back.
    await saveSearch(desk, 'Another');
    await expect
      .poll(async () => (await readKept()).user_searches.map(({ name }: { name: string }) => name))
      .toEqual(['Another']);
    await desk.reload();
    await column(desk, 'Username').waitFor();
    await desk.context().close();
    await phone.context().close();
  }, 60_000);

  it('is taken over once from a browser that kept it before the server did', async () => {
    const readKept = await createAdministrator('before@example.com');
    const context = await dashboard.browser.newContext();
    await context.addInitScript(`if (!localStorage.getItem('seen')) {
      localStorage.setItem('seen', '1');
      localStorage.setItem('muster.users.columns', '["nickname"]');
      localStorage.setItem('muster.users.searches', '[{"name":"Old","q":"name:old","sort":"name:1"},{"name":7}]');
    }`);
    const page = await dashboard.signIn('before@example.com', '/dashboard/users', {}, context);
    await column(page, 'Nickname').waitFor();
    const kept = {
      user_columns: ['nickname'],
      user_searches: [{ name: 'Old', q: 'name:old', sort: 'name:1' }],
    };
    await expect.poll(readKept).toEqual(kept);
    expect(
      await page.evaluate("[localStorage['muster.users.columns'], localStorage['muster.users.searches']]"),
    ).toEqual([undefined, undefined]);
    await context.close();
  });

  it('is taken back, with the reason, when it cannot be saved', async () => {
    const readKept = await createAdministrator('refused@example.com');
    const page = await dashboard.signIn('refused@example.com', '/dashboard/users?q=name:x');
    await page.route('**/api/v2/dashboard/preferences', (route) =>
      route.request().method() === 'GET' ? route.continue() : route.abort(),
    );
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByLabel('Name of the search').fill('Lost');
    await page.keyboard.press('Enter');
    await page.getByText('Your choice was not saved.').waitFor();
    await page.getByRole('link', { name: 'Lost' }).waitFor({ state: 'detached' });
    expect(await readKept()).toEqual({});
    await page.unroute('**/api/v2/dashboard/preferences');
    await page.getByLabel('Name of the search').fill('Kept');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await readKept()).user_searches).toMatchObject([{ name: 'Kept' }]);
    await page.context().close();
  });

  it('is kept though the tab is closed before the server could say anything', async () => {
    const readKept = await createAdministrator('closing@example.com');
    const page = await dashboard.signIn('closing@example.com', '/dashboard/users?q=name:x');
    await saveSearch(page, 'First');
    await expect.poll(async () => (await readKept()).user_searches).toHaveLength(1);
    // As a slow network would: what is asked is not answered.
    const held = await server.database.startTransaction().execute();
    await sql`LOCK TABLE dashboard_preferences IN ACCESS EXCLUSIVE MODE`.execute(held);
    await saveSearch(page, 'Second');
    await toggleColumn(page, 'Username');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => page.isClosed()).toBe(true);
    await held.rollback().execute();
    await expect.poll(readKept).toMatchObject({
      user_columns: expect.arrayContaining(['username']),
      user_searches: [{ name: 'First' }, { name: 'Second' }],
    });
    await page.context().close();
  });

  it('leaves nothing in the browser once they sign out, and is there again when they come back', async () => {
    await createAdministrator('leaving@example.com');
    const page = await dashboard.signIn('leaving@example.com', '/dashboard/users?q=name:x');
    await saveSearch(page, 'Private search');
    const stored = () => page.evaluate<string>('JSON.stringify(localStorage)');
    await expect.poll(stored).toContain('Private search');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('[name=username]').waitFor();
    expect(await stored()).not.toContain('Private search');
    await dashboard
      .signIn('leaving@example.com', '/dashboard/users', {}, page.context())
      .then(async (back) => {
        await back.getByRole('button', { name: 'Saved searches' }).click();
        await back.getByRole('link', { name: 'Private search' }).waitFor();
      });
    await page.context().close();
  });

  it("stays in an auditor's browser, who writes nothing on the server", async () => {
    const page = await dashboard.signIn('auditor@example.com', '/dashboard/users?q=name:x');
    const asked = listAsked(page);
    await toggleColumn(page, 'Username');
    await saveSearch(page, 'Mine');
    await page.goto(`${server.config.publicUrl}/dashboard/users`);
    await column(page, 'Username').waitFor();
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('link', { name: 'Mine' }).waitFor();
    expect(asked.filter((one) => one.includes('preferences') || !one.startsWith('GET'))).toEqual([]);
    await page.context().close();
  });
});

describe('metadata that is not saved', () => {
  it('is asked about before it is left, and stays as it was typed', async () => {
    const id = await createUser(server, 'unsaved@example.com', { user_metadata: { city: 'Rome' } });
    // By links, as people come: the way back is then the router's own.
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=unsaved@example.com');
    await page.getByRole('link', { name: 'unsaved@example.com' }).click();
    await page.getByRole('tab', { name: 'Metadata' }).click();
    const address = `/dashboard/users/${encodeURIComponent(id)}?tab=metadata`;
    const editor = page.getByLabel('user_metadata: what the user may change');
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{ "city": "Bologna" }');
    await page.getByRole('button', { name: 'Save' }).waitFor();

    const questions: string[] = [];
    let isLeaving = false;
    page.on('dialog', (dialog) => {
      questions.push(dialog.message());
      return isLeaving ? dialog.accept() : dialog.dismiss();
    });
    for (const leave of [
      () => page.getByRole('link', { name: 'Logs' }).click(),
      () => page.getByRole('tab', { name: 'Raw' }).click(),
      () => page.goBack(),
    ]) {
      const asked = questions.length;
      await leave();
      await expect.poll(() => questions.length).toBe(asked + 1);
      expect(questions.at(-1)).toContain('not saved');
      await expect.poll(() => page.url()).toContain(address);
      expect(await editor.textContent()).toContain('Bologna');
    }
    isLeaving = true;
    await page.getByRole('link', { name: 'Logs' }).click();
    await page.waitForURL((url) => url.pathname === '/dashboard/logs');
    expect((await readUser('unsaved@example.com')).user_metadata).toEqual({ city: 'Rome' });
    expect(questions).toHaveLength(4);
    await page.context().close();
  });

  it('is not asked about once it is saved or discarded', async () => {
    const id = await createUser(server, 'saved@example.com', {});
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    let questions = 0;
    page.on('dialog', (dialog) => {
      questions += 1;
      return dialog.accept();
    });
    for (const button of ['Discard', 'Save']) {
      await openPage(page, `/dashboard/users/${encodeURIComponent(id)}?tab=metadata`);
      await page.getByLabel('user_metadata: what the user may change').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText('{ "city": "Rome" }');
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('button', { name: button }).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Logs' }).click();
      await page.waitForURL((url) => url.pathname === '/dashboard/logs');
    }
    expect(questions).toBe(0);
    expect((await readUser('saved@example.com')).user_metadata).toEqual({ city: 'Rome' });
    await page.context().close();
  });
});
