import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, openPage, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let connection: string;
let provider: string;
let application: string;
let api: string;
let user: string;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  connection = (await server.request('GET', '/connections')).body[0].id;
  provider = (
    await server.request('POST', '/connections', { body: { name: 'google', strategy: 'google-oauth2' } })
  ).body.id;
  application = (await server.request('POST', '/clients', { body: { name: 'Shop', app_type: 'spa' } })).body
    .client_id;
  api = (
    await server.request('POST', '/resource-servers', {
      body: { name: 'Orders', identifier: 'https://orders.example.com' },
    })
  ).body.id;
  user = encodeURIComponent(await createUser(server, 'form@example.com', { name: 'Form' }));
}, 240_000);
afterAll(() => dashboard?.close());

/** Notes what is asked before a page is left, and answers it. */
function answerQuestions(page: Page) {
  const asked: { readonly type: string; readonly text: string }[] = [];
  const answers = { isLeaving: false };
  page.on('dialog', (question) => {
    asked.push({ type: question.type(), text: question.message() });
    return answers.isLeaving ? question.accept() : question.dismiss();
  });
  return { asked, answers };
}

describe('a form with something unsaved', () => {
  it('asks before it is left for another page, and keeps what was typed, whichever form it is', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const { asked, answers } = answerQuestions(page);
    for (const [path, label] of [
      ['settings', 'Name that people see'],
      ['settings?tab=look', 'Address of the logo'],
      ['messages?tab=provider', 'Host'],
      ['messages/templates/verify_email', 'Subject'],
      [`connections/${connection}`, 'Name that people see'],
      [`connections/${provider}`, 'Name that people see'],
      [`applications/${application}?tab=settings`, 'What it is for'],
      [`apis/${api}?tab=settings`, 'Name'],
      [`apis/${api}?tab=permissions`, 'Permission'],
      [`users/${user}`, 'Nickname'],
    ] as const) {
      await openPage(page, `/dashboard/${path}`);
      const field = page.getByRole('main').getByRole('textbox', { name: label }).first();
      await field.fill('typed');
      const before = asked.length;
      answers.isLeaving = false;
      await page.getByRole('link', { name: 'Logs' }).click();
      await expect.poll(() => asked.length, { message: path }).toBe(before + 1);
      expect(asked.at(-1)?.text).toContain('not saved');
      expect(await field.inputValue(), path).toBe('typed');
      answers.isLeaving = true;
      await page.getByRole('link', { name: 'Logs' }).click();
      await page.waitForURL((url) => url.pathname === '/dashboard/logs');
      expect(asked.length, path).toBe(before + 2);
    }
    await page.context().close();
  }, 90_000);

  it('asks before the tab is closed, and no more once it is saved', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/settings');
    const { asked } = answerQuestions(page);
    const field = page.getByLabel('Name that people see');
    await field.fill('Closing');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual([{ type: 'beforeunload', text: '' }]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Logs' }).click();
    await page.waitForURL((url) => url.pathname === '/dashboard/logs');
    expect(asked).toHaveLength(1);
    expect((await server.request('GET', '/tenants/settings')).body.friendly_name).toBe('Closing');
    await page.context().close();
  });

  it('stays as it was typed when its data is asked for anew, and says when somebody else changed the same', async () => {
    const page = await dashboard.signIn('owner@example.com', `/dashboard/connections/${connection}`);
    const field = page.getByLabel('Name that people see');
    await field.fill('Mine');
    await server.request('PATCH', `/connections/${connection}`, { body: { display_name: 'Theirs' } });
    const warning = page.getByText('Somebody else changed some of this meanwhile');
    // As often as it takes for the data to be old enough to be asked for again when the window comes back.
    await expect
      .poll(
        async () => {
          await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
          return warning.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(await field.inputValue()).toBe('Mine');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await field.inputValue()).toBe('Theirs');
    await page.context().close();
  }, 40_000);

  it('of a user stays while the user is blocked beside it, and is saved with what it changed alone', async () => {
    const page = await dashboard.signIn('owner@example.com', `/dashboard/users/${user}`);
    await page.getByLabel('Nickname').fill('typed');
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    expect(await page.getByLabel('Nickname').inputValue()).toBe('typed');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await server.request('GET', `/users/${user}`)).body).toMatchObject({
      nickname: 'typed',
      blocked: true,
    });
    await page.context().close();
  });
});

describe('a dialog with something typed', () => {
  const dialogs = [
    ['users?create=1', [], 'Email'],
    ['connections', ['Create database'], 'Name that people see'],
    ['applications', ['Create application'], 'Name'],
    ['apis', ['Create API'], 'Identifier'],
    ['roles', ['Create role'], 'What it is for'],
    [`users/USER`, ['More', 'Change password'], 'New password'],
  ] as const;
  async function openDialog(page: Page, path: string, openers: readonly string[]) {
    await openPage(page, `/dashboard/${path.replace('USER', user)}`);
    for (const name of openers)
      await page.getByRole('button', { name, exact: true }).or(page.getByRole('menuitem', { name })).click();
    return page.getByRole('dialog');
  }

  it('asks before a key or a click beside it loses it, whichever dialog it is', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const { asked, answers } = answerQuestions(page);
    for (const [path, openers, label] of dialogs) {
      answers.isLeaving = false;
      const dialog = await openDialog(page, path, openers);
      const field = dialog.getByRole('textbox', { name: label });
      await field.fill('typed');
      const before = asked.length;
      await page.keyboard.press('Escape');
      await expect.poll(() => asked.length, { message: path }).toBe(before + 1);
      await page.mouse.click(5, 5);
      await expect.poll(() => asked.length, { message: path }).toBe(before + 2);
      for (const { text } of asked.slice(before)) expect(text, path).toContain('not saved');
      expect(await field.inputValue(), path).toBe('typed');
      answers.isLeaving = true;
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(asked.length, path).toBe(before + 3);
    }
    await page.context().close();
  }, 90_000);

  it('asks before the way back leaves it, once', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/logs');
    const { asked, answers } = answerQuestions(page);
    for (const [place, opener, label] of [
      ['Users', 'Create user', 'Email'],
      ['Roles', 'Create role', 'Name'],
    ] as const) {
      await page.getByRole('link', { name: place, exact: true }).click();
      await page.getByRole('button', { name: opener }).click();
      const dialog = page.getByRole('dialog', { name: opener });
      const field = dialog.getByRole('textbox', { name: label });
      await field.fill('typed');
      const before = asked.length;
      answers.isLeaving = false;
      await page.evaluate('history.back()');
      await expect.poll(() => asked.length, { message: place }).toBe(before + 1);
      expect(asked.at(-1)?.text).toContain('not saved');
      expect(await field.inputValue(), place).toBe('typed');
      answers.isLeaving = true;
      await page.evaluate('history.back()');
      await dialog.waitFor({ state: 'detached' });
      expect(asked.length, place).toBe(before + 2);
    }
    await page.context().close();
  }, 40_000);

  it('asks nothing where nothing was typed, where it is cancelled, and where it was made', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const { asked } = answerQuestions(page);
    for (const [path, openers, label] of dialogs) {
      const dialog = await openDialog(page, path, openers);
      await dialog.getByRole('textbox', { name: label }).fill('typed');
      await dialog.getByRole('textbox', { name: label }).fill('');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    const cancelled = await openDialog(page, 'roles', ['Create role']);
    await cancelled.getByRole('textbox', { name: 'Name' }).fill('Cancelled');
    await cancelled.getByRole('button', { name: 'Cancel' }).click();
    await cancelled.waitFor({ state: 'detached' });
    const role = await openDialog(page, 'roles', ['Create role']);
    await role.getByRole('textbox', { name: 'Name' }).fill('Editor');
    await role.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'Editor', level: 1 }).waitFor();
    const made = await openDialog(page, 'users?create=1', []);
    await made.getByRole('textbox', { name: 'Email' }).fill('made@example.com');
    await made.getByRole('button', { name: 'Create', exact: true }).click();
    await made.getByRole('button', { name: 'Copy' }).waitFor();
    await page.keyboard.press('Escape');
    await made.waitFor({ state: 'detached' });
    expect(asked).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describe('a field with a button of its own', () => {
  it('asks before its page is left with what was typed into it', async () => {
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'Clerk' } });
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const { asked } = answerQuestions(page);
    for (const [path, label, tab] of [
      ['settings?tab=team', 'Add to the team', 'General'],
      [`roles/${role.id}`, 'Assign to a user', 'Settings'],
    ] as const) {
      await openPage(page, `/dashboard/${path}`);
      const field = page.getByRole('textbox', { name: label });
      await field.fill('some');
      const before = asked.length;
      await page.getByRole('tab', { name: tab }).click();
      await expect.poll(() => asked.length, { message: path }).toBe(before + 1);
      expect(await field.inputValue()).toBe('some');
      await field.fill('');
    }
    await openPage(page, '/dashboard/logs');
    expect(asked).toHaveLength(2);
    await page.context().close();
  }, 40_000);
});
