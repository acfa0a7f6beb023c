import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { type DashboardFixture, openPage, startDashboard } from './support/dashboard-fixture.ts';
import { signUserToken } from './support/sign-user-token.ts';
import { runImport, startTestJobs, waitForJob } from './support/test-jobs.ts';

/** A folder to leave pictures of all pages in, light and dark, wide and narrow: `npm run screenshots`. */
const screenshots = process.env['MUSTER_SCREENSHOTS'];

const overlong = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrente'.repeat(2);
const people = [
  { email: 'ada@example.com', name: 'Ada Lovelace', user_metadata: { city: 'London', likes: ['engines'] } },
  {
    email: `${'a.very.long.address.'.repeat(2)}x@subdomain.of.a.long.company.example`,
    name: `${overlong} of ${overlong}`,
    user_metadata: { [overlong.slice(0, 60)]: overlong },
  },
  { email: 'layla@example.com', name: 'ليلى عبد الرحمن', app_metadata: { plan: 'ذهبي' } },
  ...Array.from({ length: 12 }, (_, index) => ({ email: `user${index}@example.com`, name: `User ${index}` })),
];

let dashboard: DashboardFixture;
let jobs: JobRunner;
let paths: Record<string, string>;
beforeAll(async () => {
  dashboard = await startDashboard();
  const { server } = dashboard;
  jobs = startTestJobs(server);
  const [{ id: connection }] = (await server.request('GET', '/connections')).body;
  if (screenshots !== undefined) await picture('empty', emptyPaths, {});
  const job = await runImport(server, [...people, { email: overlong }], { connection_id: connection });
  const find = async (email: string) =>
    (await server.request('GET', '/users-by-email', { query: { email } })).body[0].user_id;
  const userPath = async (email: string) => `users/${encodeURIComponent(await find(email))}`;
  const { body: application } = await server.request('POST', '/clients', {
    body: {
      name: overlong,
      app_type: 'spa',
      callbacks: [`https://${'sub.'.repeat(30)}example.com/callback`],
    },
  });
  const { body: api } = await server.request('POST', '/resource-servers', {
    body: { name: overlong, identifier: `https://${overlong}.example.com`, scopes: [{ value: overlong }] },
  });
  const { body: role } = await server.request('POST', '/roles', {
    body: { name: overlong, description: `${overlong} ${overlong}` },
  });
  await server.request('POST', '/roles', { body: { name: 'محرر' } });
  await server.request('POST', `/roles/${role.id}/users`, {
    body: { users: await Promise.all(people.slice(0, 3).map(({ email }) => find(email))) },
  });
  await server.request('POST', '/jobs/verification-email', {
    body: { user_id: await find('ada@example.com') },
  });
  for (const { email } of people.slice(-2))
    await server.request('DELETE', `/${await userPath(email)}`, { query: { recoverable: true } });
  const { body: provider } = await server.request('POST', '/connections', {
    body: { name: 'google', strategy: 'google-oauth2', display_name: overlong.slice(0, 100) },
  });
  const { body: action } = await server.request('POST', '/jobs/users-actions', {
    body: { action: 'block', user_ids: [await find('user0@example.com'), `auth0|${overlong}`] },
  });
  await waitForJob(server, action.id);
  const owner = await find('owner@example.com');
  await server.request('PATCH', '/dashboard/preferences', {
    token: await signUserToken(server, {
      subject: owner,
      clientId: 'muster-dashboard',
      scopes: ['update:users'],
    }),
    body: {
      user_searches: [
        { name: 'Blocked', q: 'blocked:true', sort: 'name:1' },
        { name: overlong.slice(0, 100), q: `name:${overlong}`, sort: 'name:1' },
        { name: 'المحظورون', q: 'name:ليلى', sort: 'name:1' },
      ],
    },
  });
  const [message] = (await server.request('GET', '/messages')).body;
  const [event] = (await server.request('GET', '/logs')).body;
  const [ordinary, long, rightToLeft] = await Promise.all(
    people.slice(0, 3).map(({ email }) => userPath(email)),
  );
  paths = {
    home: '',
    users: 'users',
    'users-nobody': 'users?q=nobody-at-all',
    'users-problem': 'users?q=emial:x',
    'users-deleted': 'users/deleted',
    'user-gone': 'users/auth0%7Cnobody',
    user: `${ordinary}`,
    'user-metadata': `${ordinary}?tab=metadata`,
    'user-identities': `${ordinary}?tab=identities`,
    'user-roles': `${ordinary}?tab=roles`,
    'user-access': `${ordinary}?tab=access`,
    'user-sessions': `users/${encodeURIComponent(owner)}?tab=access`,
    'user-history': `${ordinary}?tab=history`,
    'user-raw': `${long}?tab=raw`,
    'user-overlong': `${long}`,
    'user-overlong-metadata': `${long}?tab=metadata`,
    'user-right-to-left': `${rightToLeft}`,
    connections: 'connections',
    connection: `connections/${connection}`,
    'connection-provider': `connections/${provider.id}`,
    'connection-applications': `connections/${connection}?tab=applications`,
    'connection-try': `connections/${connection}?tab=try`,
    applications: 'applications',
    application: `applications/${application.client_id}`,
    'application-settings': `applications/${application.client_id}?tab=settings`,
    'application-apis': `applications/${application.client_id}?tab=apis`,
    apis: 'apis',
    api: `apis/${api.id}`,
    'api-permissions': `apis/${api.id}?tab=permissions`,
    'api-settings': `apis/${api.id}?tab=settings`,
    'api-applications': `apis/${api.id}?tab=applications`,
    roles: 'roles',
    role: `roles/${role.id}`,
    'role-permissions': `roles/${role.id}?tab=permissions`,
    'role-settings': `roles/${role.id}?tab=settings`,
    jobs: 'jobs',
    job: `jobs/${job.id}`,
    'job-action': `jobs/${action.id}`,
    import: 'jobs/import',
    export: 'jobs/export',
    messages: 'messages',
    message: `messages/${message.id}`,
    templates: 'messages?tab=templates',
    template: 'messages/templates/verify_email',
    provider: 'messages?tab=provider',
    logs: 'logs',
    'logs-nothing': 'logs?q=nothing-at-all',
    log: `logs?event=${event.log_id}`,
    settings: 'settings',
    'settings-look': 'settings?tab=look',
    'settings-keys': 'settings?tab=keys',
    'settings-team': 'settings?tab=team',
  };
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

/** What a tenant of today looks like on its first day. */
const emptyPaths = {
  home: '',
  users: 'users',
  'users-deleted': 'users/deleted',
  apis: 'apis',
  roles: 'roles',
  jobs: 'jobs',
  messages: 'messages',
  logs: 'logs',
};

/** Leaves pictures of these pages, light and dark, wide and narrow. */
async function picture(
  prefix: string,
  wanted: Readonly<Record<string, string>>,
  options: BrowserContextOptions,
  prepare: (page: Page, name: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const folder = join(String(screenshots), 'dashboard');
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1440, 390]) {
      const page = await dashboard.signIn('owner@example.com', '/dashboard/users', {
        viewport: { width, height: 900 },
        colorScheme,
        ...options,
      });
      for (const [name, path] of Object.entries(wanted)) {
        await (options.locale === undefined
          ? openPage(page, `/dashboard/${path}`)
          : page.goto(`${dashboard.server.config.publicUrl}/dashboard/${path}`, {
              waitUntil: 'networkidle',
            }));
        await prepare(page, name);
        await page.screenshot({
          path: join(folder, `${[prefix, name].filter(Boolean).join('-')}-${colorScheme}-${width}.png`),
          // As what moves stands at last.
          animations: 'disabled',
        });
      }
      await page.context().close();
    }
}

/** Dialogs by the page that they open on and the buttons that open them. */
const dialogs: Readonly<Record<string, readonly string[]>> = {
  'dialog-delete': ['Delete'],
  'dialog-change-password': ['More', 'Change password'],
  'dialog-create-connection': ['Create database'],
  'dialog-create-application': ['Create application'],
  'dialog-create-api': ['Create API'],
  'dialog-create-role': ['Create role'],
  'dialog-filter': ['Filter'],
  'dialog-columns': ['Columns'],
  'dialog-saved-searches': ['Saved searches'],
};

/** What else opens, and by what. */
const openers: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'users-selected': async (page) => {
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Select nobody' }).waitFor();
  },
  'users-row-menu': async (page) => {
    await page.getByRole('button', { name: 'Actions for User 9' }).click();
    await page.getByRole('menuitem', { name: 'Copy the ID' }).waitFor();
  },
  /** On a phone; elsewhere it is always there. */
  menu: async (page) => {
    const button = page.getByRole('button', { name: 'Menu' });
    if (await button.isVisible()) await button.click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  },
};

/** A file as a spreadsheet writes it, whose names are not those of imports. */
async function pickForeignFile(page: Page): Promise<void> {
  const rows = `E-Mail;Vorname;${overlong}\nada@example.com;ليلى;${overlong}\nnobody;Ada;x\n`;
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await (await chooser).setFiles({
    name: `${overlong}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(rows),
  });
  await page.getByRole('region', { name: 'What the columns mean' }).waitFor();
}

describe('every page of the dashboard', () => {
  it('fits a phone, whatever its data, says nothing on the console, and asks nobody else', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users', {
      viewport: { width: 390, height: 844 },
    });
    const problems: string[] = [];
    let name = '';
    page.on('console', (message) => {
      // A page may look for what is not there, such as a template that nobody customised; the browser says so.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isAnswer) problems.push(`${name}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== dashboard.server.config.publicUrl && !['data:', 'blob:'].includes(protocol))
        problems.push(`${name}: asks ${origin}`);
    });
    for (const [key, path] of Object.entries(paths)) {
      name = key;
      await openPage(page, `/dashboard/${path}`);
      const width = await page.locator('html').evaluate((html) => html.scrollWidth);
      if (width > 390) problems.push(`${name}: is ${width} pixels wide`);
      for (const list of await page.locator('.list-table .mantine-ScrollArea-viewport').all())
        if (await list.evaluate((element) => element.scrollWidth > element.clientWidth))
          problems.push(`${name}: has a list that is wider than the phone`);
    }
    name = 'import-mapping';
    await openPage(page, '/dashboard/jobs/import');
    await pickForeignFile(page);
    const width = await page.locator('html').evaluate((html) => html.scrollWidth);
    if (width > 390) problems.push(`${name}: is ${width} pixels wide`);
    expect(problems).toEqual([]);
    await page.context().close();
  }, 240_000);

  it.runIf(screenshots !== undefined)(
    'leaves its picture',
    async () => {
      await picture('', paths, {});
      const { home = '', users = '', user = '', connections = '', applications = '', settings = '' } = paths;
      await picture('german', { home, users, user, settings }, { locale: 'de-DE' });
      const opened = {
        'users-create': 'users?create=1',
        'import-mapping': paths['import'] ?? '',
        'dialog-delete': user,
        'dialog-change-password': user,
        'dialog-create-connection': connections,
        'dialog-create-application': applications,
        'dialog-create-api': paths['apis'] ?? '',
        'dialog-create-role': paths['roles'] ?? '',
        'dialog-filter': users,
        'dialog-columns': users,
        'dialog-saved-searches': 'users?q=blocked:true',
        'users-selected': users,
        'users-row-menu': users,
        menu: users,
        // Last: nothing but the keyboard closes it.
        'dialog-palette': users,
      };
      await picture('', opened, {}, async (page, name) => {
        const open = openers[name];
        if (open) return open(page);
        for (const label of dialogs[name] ?? [])
          await page
            .getByRole('button', { name: label, exact: true })
            .or(page.getByRole('menuitem', { name: label }))
            .click();
        if (name === 'dialog-palette') await page.keyboard.press('Control+K');
        if (name === 'import-mapping') await pickForeignFile(page);
        else if (name === 'dialog-palette')
          await page.getByRole('dialog').getByRole('option').first().waitFor();
        else await page.getByRole('dialog').getByRole('button').last().waitFor();
      });
      expect(Object.keys(paths).length).toBeGreaterThan(0);
    },
    900_000,
  );
});
