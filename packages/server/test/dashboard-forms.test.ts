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
