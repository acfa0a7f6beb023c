import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { findViolations } from './support/axe.ts';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import { receiveMail } from './support/mail-client.ts';
import { createUser, database } from './support/sign-in-fixture.ts';
import { download, sendImport, startTestJobs, waitForJob } from './support/test-jobs.ts';
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

const ask = async (path: string) => (await server.request('GET', path)).body;

const connectionId = async (): Promise<string> => (await ask(`/connections?name=${database}`))[0].id;

/** What a number of the job's summary is on its page. */
const readCount = (page: Page, label: string) =>
  page.getByText(label, { exact: true }).locator('xpath=following-sibling::*').innerText();

/** A user who was sent the verification mail that is not delivered yet. */
async function askVerification(email: string): Promise<string> {
  const userId = await createUser(server, email, { email_verified: false, verify_email: false });
  const made = await server.request('POST', '/jobs/verification-email', { body: { user_id: userId } });
  if (made.status !== 201) throw new Error(`no mail: ${made.text}`);
  return userId;
}

describe('an import in the dashboard', () => {
  const rows = [
    { email: 'one@example.com', given_name: 'One' },
    { email: 'two@example.com', blocked: 'yes' },
    { email: 'three@example.com', 'Nick Name': 'Trey' },
  ];
  const file = gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'));

  it('is tried and then done with the same file, each row counted, and the wrong one named', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/jobs/import');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    await (await chooser).setFiles({ name: 'users.jsonl.gz', mimeType: 'application/gzip', buffer: file });
    const first = page.getByRole('region', { name: 'The first 3 rows' });
    await first.getByText('blocked must be boolean').waitFor();
    const becomes = page.getByRole('combobox', { name: 'What Nick Name becomes' });
    expect(await becomes.inputValue()).toBe('nickname');
    await page.getByLabel('Your own name').fill('Spring');
    await page.getByRole('button', { name: 'Try it first' }).click();
    await page.getByText('dry run').waitFor();
    await page.getByText('Nothing was written.').waitFor();
    expect((await server.request('GET', '/users', { query: { q: 'email:one@example.com' } })).body).toEqual(
      [],
    );

    await page.getByRole('link', { name: 'Now import it' }).click();
    await page.getByText('users.jsonl.gz').waitFor();
    expect(await page.getByLabel('Your own name').inputValue()).toBe('Spring');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'Rows that failed' }).waitFor();
    expect(await readCount(page, 'Inserted')).toBe('2');
    expect(await readCount(page, 'Failed')).toBe('1');
    const wrong = page.getByRole('row', { name: /INVALID_TYPE/ });
    expect(await wrong.getByRole('cell').allInnerTexts()).toMatchObject([
      '2',
      'INVALID_TYPE',
      'blocked',
      expect.stringContaining('blocked must be of type boolean.'),
    ]);
    const [job, trial] = await ask('/jobs?type=users_import');
    expect(job).toMatchObject({
      status: 'completed',
      external_id: 'Spring',
      summary: { inserted: 2, failed: 1, total: 3 },
    });
    expect(job).not.toHaveProperty('dry_run');
    expect(trial).toMatchObject({ dry_run: true, summary: { inserted: 2, failed: 1 } });
    expect((await server.request('GET', '/users', { query: { q: 'nickname:Trey' } })).body).toMatchObject([
      { email: 'three@example.com' },
    ]);
    expect((await server.request('GET', '/users', { query: { q: 'given_name:One' } })).body).toMatchObject([
      { email: 'one@example.com' },
    ]);
    await page.context().close();
  });

  it.each([
    'light',
    'dark',
  ] as const)('says what columns mean without a barrier, in %s', async (colorScheme) => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/jobs/import', { colorScheme });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    const foreign = Buffer.from('E-Mail;Team;Mail\nnobody;blue;x\n');
    await (await chooser).setFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer: foreign });
    const becomes = page.getByRole('combobox', { name: 'What Team becomes' });
    await becomes.fill('email');
    await page.getByText('Another column becomes this already.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await becomes.fill('teem');
    await page.getByText(/Neither an attribute nor a path/).waitFor();
    await page.keyboard.press('Escape');
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });

  it('is followed to its end without a reload, or cancelled', async () => {
    await jobs.stop();
    const connection_id = await connectionId();
    const send = async (email: string) =>
      (await sendImport(server, JSON.stringify([{ email }]), { connection_id })).body.id;
    const [followed, cancelled] = [await send('followed@example.com'), await send('not@example.com')];
    const page = await dashboard.signIn('owner@example.com', `/dashboard/jobs/${cancelled}`);
    await page.getByText('waiting', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    const confirmation = page.getByRole('dialog', { name: 'Cancel this job?' });
    await confirmation.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor();
    expect((await ask(`/jobs/${cancelled}`)).status).toBe('cancelled');

    await page.goto(`${server.config.publicUrl}/dashboard/jobs/${followed}`);
    await page.getByRole('progressbar').waitFor({ state: 'attached' });
    jobs = startTestJobs(server);
    await page.getByText('done', { exact: true }).waitFor();
    expect(await readCount(page, 'Inserted')).toBe('1');
    await page.context().close();
  });

  it('is nothing that an auditor is offered', async () => {
    await jobs.stop();
    const { body: job } = await sendImport(server, '[]', { connection_id: await connectionId() });
    const page = await dashboard.signIn('auditor@example.com', '/dashboard/jobs');
    await page.getByRole('row').nth(1).getByRole('link').waitFor();
    expect(await page.getByRole('link', { name: /port users/ }).count()).toBe(0);
    await page.goto(`${server.config.publicUrl}/dashboard/jobs/import`);
    await page.getByText('You may not import users').waitFor();
    await page.goto(`${server.config.publicUrl}/dashboard/jobs/export`);
    await page.getByText('You may not export users').waitFor();
    await page.goto(`${server.config.publicUrl}/dashboard/jobs/${job.id}`);
    await page.getByText('waiting', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel the job' }).count()).toBe(0);
    jobs = startTestJobs(server);
    await page.context().close();
  });
});

describe('an export in the dashboard', () => {
  it('has the fields of the address and their names, and is found among the exports', async () => {
    await createUser(server, 'taken@example.com', { app_metadata: { plan: 'gold' } });
    const page = await dashboard.signIn(
      'owner@example.com',
      '/dashboard/jobs/export?q=email:taken*&fields=email,app_metadata.plan=Plan',
    );
    expect(await page.getByLabel('Only users that this search finds').inputValue()).toBe('email:taken*');
    expect(await page.getByLabel('Name of app_metadata.plan in the file').inputValue()).toBe('Plan');
    await page.getByLabel('Name of email in the file').fill('Address');
    await page.getByLabel('At most so many users').fill('5');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const link = page.getByRole('link', { name: 'Download' });
    await link.waitFor();
    const [job] = await ask('/jobs?type=users_export');
    expect(job).toMatchObject({
      status: 'completed',
      format: 'csv',
      q: 'email:taken*',
      limit: 5,
      fields: [
        { name: 'email', export_as: 'Address' },
        { name: 'app_metadata.plan', export_as: 'Plan' },
      ],
    });
    const lines = (await download(server, (await link.getAttribute('href')) ?? '')).trim().split(/\r?\n/);
    expect(lines[0]).toBe('Address,Plan');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('taken@example.com');

    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.getByRole('link', { name: 'Import', exact: true }).first().waitFor();
    await page.getByText('Exports', { exact: true }).click();
    await page.getByRole('row', { name: /Export .*All connections/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.context().close();
  });
});

describe('the outbox in the dashboard', () => {
  it('shows a mail as it looks, whose link nobody can follow by accident', async () => {
    await askVerification('waiting@example.com');
    const page = await dashboard.signIn('owner@example.com', '/dashboard/messages');
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    const row = page.getByRole('row', { name: /waiting@example.com/ });
    await row.getByText('waiting', { exact: true }).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
    const mail = page.frameLocator('iframe[sandbox=""]');
    const button = mail.locator('a').first();
    await button.waitFor();
    // Its style came as an attribute, which the dashboard's policy lets nobody have.
    expect(
      await button.evaluate((link) => link.ownerDocument.defaultView?.getComputedStyle(link).backgroundColor),
    ).toBe('rgb(31, 79, 216)');
    const body = mail.locator('body');
    expect(
      await body.evaluate((part) => part.ownerDocument.defaultView?.getComputedStyle(part).backgroundColor),
    ).toBe('rgb(243, 244, 246)');
    expect(await mail.locator('[href]').count()).toBe(0);
    expect(violations).toEqual([]);
    const [message] = await ask('/messages');
    const { links } = await ask(`/messages/${message.id}`);
    await page.getByText(links[0], { exact: true }).first().waitFor();
    await page.context().close();
  });

  it('shows what became of a mail, its secrets masked', async () => {
    const userId = await askVerification('delivered@example.com');
    expect(await receiveMail(server, 'delivered@example.com')).toHaveLength(1);
    const page = await dashboard.signIn(
      'owner@example.com',
      `/dashboard/messages?user=${encodeURIComponent(userId)}`,
    );
    const row = page.getByRole('row', { name: /delivered@example.com/ });
    await row.getByText('Confirm your e-mail address').waitFor();
    await row.getByText('sent', { exact: true }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: 'The mail as text' }).waitFor();
    await page.getByText('?*****').first().waitFor();
    expect(await page.getByText('Links that act for the recipient').count()).toBe(0);
    await page.context().close();
  });
});

describe('templates in the dashboard', () => {
  const path = '/email-templates/verify_email';

  it('are made, seen before they are saved, and changed by what was changed', async () => {
    expect((await server.request('GET', path)).status).toBe(404);
    const page = await dashboard.signIn('owner@example.com', '/dashboard/messages?tab=templates');
    await page.getByRole('link', { name: 'Verify an email address, by a link' }).click();
    const frame = page.frameLocator('iframe[sandbox=""]');
    await frame.getByText('example-link').waitFor();
    await page.getByRole('button', { name: 'Start from the built-in one' }).click();
    expect(await page.getByLabel('Body').inputValue()).toContain('{{ friendly_name }}');
    await page.getByLabel('Subject').fill('Is {{ user.email }} yours?');
    const body = page.getByLabel('Body');
    await body.fill('<p style="color:#ff0000">Hello {{ user.name }}</p><script>alert(1)</script>');
    const greeting = frame.getByText('Hello Ada Lovelace');
    await greeting.waitFor();
    expect(
      await greeting.evaluate((text) => text.ownerDocument.defaultView?.getComputedStyle(text).color),
    ).toBe('rgb(255, 0, 0)');
    expect(await frame.locator('script').count()).toBe(0);
    await page.getByText('Is ada@example.com yours?').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('your own').waitFor();
    expect(await ask(path)).toMatchObject({
      template: 'verify_email',
      subject: 'Is {{ user.email }} yours?',
      from: null,
      enabled: true,
      urlLifetimeInSeconds: 432_000,
    });

    await body.fill('{% if %}');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Template error in body').first().waitFor();
    await body.fill('<p>Welcome back</p>');
    await page.getByLabel('The link holds for so many seconds').fill('3600');
    await page.getByRole('switch', { name: 'Mail of this kind is sent' }).uncheck();
    const sent = page.waitForRequest((request) => request.method() === 'PATCH');
    await page.getByRole('button', { name: 'Save' }).click();
    expect((await sent).postDataJSON()).toEqual({
      body: '<p>Welcome back</p>',
      urlLifetimeInSeconds: 3600,
      enabled: false,
    });
    await page.getByText('Saved').waitFor();
    await expect
      .poll(() => ask(path))
      .toMatchObject({
        subject: 'Is {{ user.email }} yours?',
        body: '<p>Welcome back</p>',
        enabled: false,
        urlLifetimeInSeconds: 3600,
      });
    await page.context().close();
  });

  it('can be read by an auditor and changed by nobody but those who may', async () => {
    const page = await dashboard.signIn('auditor@example.com', '/dashboard/messages/templates/welcome_email');
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(await page.getByLabel('Subject').isEditable()).toBe(false);
    expect(await page.getByRole('switch').isDisabled()).toBe(true);
    await page.goto(`${server.config.publicUrl}/dashboard/messages?tab=provider`);
    await page.getByLabel('Host').waitFor();
    expect(await page.getByLabel('Host').isEditable()).toBe(false);
    expect(await page.getByLabel('Password').count()).toBe(0);
    await page.context().close();
  });
});

describe('the mail server in the dashboard', () => {
  it('is set, changed with its password alone, and removed', async () => {
    const path = '/emails/provider?fields=name,enabled,default_from_address,credentials';
    const page = await dashboard.signIn('owner@example.com', '/dashboard/messages?tab=provider');
    await page.getByText('No mail server of your own').waitFor();
    await page.getByLabel('Host').fill('mail.acme.example');
    await page.getByLabel('User name').fill('relay');
    await page.getByLabel('Password', { exact: true }).fill('Secret-of-the-relay');
    await page.getByLabel('Sender of mail').fill('Acme <no-reply@acme.example>');
    await page.getByRole('button', { name: 'Save' }).click();
    const remove = page.getByRole('button', { name: 'Remove the mail server' });
    await remove.waitFor();
    expect(await ask(path)).toEqual({
      name: 'smtp',
      enabled: true,
      default_from_address: 'Acme <no-reply@acme.example>',
      credentials: { smtp_host: 'mail.acme.example', smtp_user: 'relay' },
    });
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    expect(await page.content()).not.toContain('Secret-of-the-relay');

    await page.getByLabel('Host').fill('other.acme.example');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('To change smtp_host, send smtp_pass again.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill('Another-secret');
    await page.getByLabel('Port').fill('465');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await ask(path)).credentials)
      .toEqual({ smtp_host: 'other.acme.example', smtp_port: 465, smtp_user: 'relay' });

    await remove.click();
    const confirmation = page.getByRole('dialog', { name: 'Remove the mail server?' });
    await confirmation.getByRole('button', { name: 'Remove the mail server' }).click();
    await page.getByText('No mail server of your own').waitFor();
    expect((await server.request('GET', '/emails/provider')).status).toBe(404);
    await page.context().close();
  });
});

describe.each(['light', 'dark'] as const)('the pages of jobs and mail in %s', (colorScheme) => {
  it('have no barrier that axe finds', async () => {
    await askVerification(`${colorScheme}@example.com`);
    const [message] = await ask('/messages');
    const { body } = await sendImport(server, '[{"email":"wrong"}]', { connection_id: await connectionId() });
    await waitForJob(server, body.id);
    const paths = [
      '/dashboard/jobs',
      '/dashboard/jobs/import',
      '/dashboard/jobs/export?fields=email',
      `/dashboard/jobs/${body.id}`,
      '/dashboard/messages',
      '/dashboard/messages?tab=templates',
      '/dashboard/messages?tab=provider',
      `/dashboard/messages/${message.id}`,
      '/dashboard/messages/templates/reset_email',
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
  }, 120_000);
});
