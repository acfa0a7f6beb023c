import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { rewriteEntries } from '../src/users/index.ts';
import {
  type DashboardFixture,
  findBarriers,
  openPage,
  startDashboard,
} from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import { startTestJobs, waitForJob } from './support/test-jobs.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let jobs: JobRunner;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  jobs = startTestJobs(server);
  for (let index = 0; index < 60; index++)
    await createUser(server, `many${index}@example.com`, {
      name: `Many ${String(index).padStart(2, '0')}`,
      app_metadata: { plan: index % 2 ? 'gold' : 'free' },
    });
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

const count = async (q: string) =>
  (await server.request('GET', '/users', { query: { q, include_totals: true, per_page: 1 } })).body.total;

describe('the list of users', () => {
  it('loads pictures late and rows as they come into view, a page by one request', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=many&sort=name:1');
    await page.getByRole('link', { name: 'Many 00' }).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/api/v2/')) asked.push(request.url());
    });
    expect(await page.getByRole('row').count()).toBeLessThan(50);
    expect(await page.locator('img:not([loading=lazy])').count()).toBe(0);
    await page.mouse.wheel(0, 20_000);
    await page.mouse.move(400, 400);
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 2_000);
        return page.getByRole('link', { name: 'Many 59' }).count();
      })
      .toBe(1);
    expect(asked).toHaveLength(1);
    await page.context().close();
  });

  it('says how many there are, in the same request, which asks for what is shown', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/v2/users');
    await openPage(page, '/dashboard/users?q=email:many*&columns=app_metadata.plan&sort=name:1');
    await page.getByText('1–50 of 60').waitFor();
    const { searchParams } = new URL((await asked).url());
    expect(searchParams.get('fields')?.split(',')).not.toContain('user_metadata');
    expect(searchParams.get('fields')?.split(',')).toContain('app_metadata');
    await page.getByRole('cell', { name: 'gold' }).first().waitFor();
    const exported = new URL(
      (await page.getByRole('link', { name: 'Export' }).getAttribute('href')) ?? '',
      page.url(),
    );
    expect(Object.fromEntries(exported.searchParams)).toEqual({
      q: 'email:many*',
      sort: 'name:1',
      fields: 'user_id,name,app_metadata.plan',
    });
    await page.context().close();
  });

  it('finds whatever somebody has in hand', async () => {
    const chen = await createUser(server, 'chen@example.com', { name: 'Chen Li' });
    const person = await createUser(server, 'person@example.com', { name: 'Person 3' });
    await createUser(server, 'other@example.com', { name: 'Person 30' });
    await sql`UPDATE users SET phone_number = '+4930123456', last_ip = '127.0.0.9' WHERE user_id = ${person}`.execute(
      server.database,
    );
    await rewriteEntries(server.database, [person]);
    const linked = await createUser(server, 'linked@example.com');
    await server.request('POST', `/users/${encodeURIComponent(chen)}/identities`, {
      body: { provider: 'auth0', user_id: linked },
    });
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users');
    const box = page.getByRole('combobox', { name: 'Search users' });
    for (const [typed, name] of [
      ['Chen Li', 'Chen Li'],
      ['li', 'Chen Li'],
      ['Li, Chen', 'Chen Li'],
      [linked, 'Chen Li'],
      [linked.slice('auth0|'.length), 'Chen Li'],
      ['linked@example.com', 'Chen Li'],
      ['Person, 3', 'Person 3'],
      ['+49 30/123456', 'Person 3'],
      ['030 123456', 'Person 3'],
      ['4930123456', 'Person 3'],
      ['127.0.0.9', 'Person 3'],
    ] as const) {
      await box.fill(typed);
      await page.waitForURL((url) => url.searchParams.get('q') === typed);
      await page
        .getByRole('link', { name, exact: true })
        .waitFor()
        .catch(() => expect.fail(`${typed} does not find ${name}`));
      expect(await page.getByRole('link', { name: /^Many/ }).count(), typed).toBe(0);
    }
    await page.context().close();
  }, 60_000);

  it('shows nobody for a query that is wrong, underlined where it is, and lets nothing be done', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    const box = page.getByRole('combobox', { name: 'Search users' });
    for (const [typed, wrong] of [
      ['name:(many', '('],
      ['blocked:true AND emial:many0@example.com', 'emial'],
      ['logins_count:many', 'many'],
    ] as const) {
      await box.fill(typed);
      await expect.poll(() => page.locator('mark').allTextContents(), { message: typed }).toEqual([wrong]);
      await page.getByText('This is not a query yet').waitFor();
      expect(await page.getByRole('table').count()).toBe(0);
      expect(await page.getByRole('link', { name: 'Export' }).count()).toBe(0);
      expect(await page.getByText('This did not work').count()).toBe(0);
    }
    await box.fill('emial:many0@example.com');
    await page.getByRole('button', { name: 'email', exact: true }).click();
    await page.getByRole('link', { name: 'Many 00' }).waitFor();
    await page.context().close();
  });

  it('does the most common to one user at once, without a job, and takes it back', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=many5@example.com');
    const choose = async (item: string) => {
      await page.getByRole('button', { name: 'Actions for Many 05' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    const badge = page.getByRole('row').getByText('Blocked', { exact: true });
    await choose('Block');
    await page.getByText('Many 05 is blocked.').waitFor();
    await badge.waitFor();
    expect(await count('blocked:true')).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await badge.waitFor({ state: 'detached' });
    expect(await count('blocked:true')).toBe(0);

    await choose('Block');
    await badge.waitFor();
    await choose('Unblock');
    await badge.waitFor({ state: 'detached' });
    expect(await count('blocked:true')).toBe(0);

    await choose('Delete');
    await page.getByRole('dialog').getByRole('textbox').fill('many5@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('Many 05 was deleted.').waitFor();
    await page.getByText('Nobody matches').waitFor();
    expect(await count('email:many5@example.com')).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('link', { name: 'Many 05' }).waitFor();
    expect(await count('email:many5@example.com')).toBe(1);

    await createUser(server, 'unverified@example.com', { name: 'Unverified', email_verified: false });
    await openPage(page, '/dashboard/users?q=unverified@example.com');
    await page.getByRole('button', { name: 'Actions for Unverified' }).click();
    await page.getByRole('menuitem', { name: 'Send verification mail' }).click();
    await page.getByText('Unverified: The mail is on its way.').waitFor();
    expect((await server.request('GET', '/jobs', { query: { type: 'users_action' } })).body).toEqual([]);
    await page.context().close();
  });

  it('is narrowed by a filter that shows its query, and shows a metadata path as a column', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('button', { name: 'Filter' }).click();
    const filter = page.getByRole('dialog', { name: 'Filter' });
    await filter.getByRole('combobox', { name: 'Field' }).fill('app_metadata.plan');
    await filter.getByRole('combobox', { name: 'Value' }).fill('gold');
    await filter.getByText('app_metadata.plan:gold').waitFor();
    await filter.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('app_metadata.plan:gold');
    await page.getByRole('button', { name: 'Columns' }).click();
    const columns = page.getByRole('dialog', { name: 'Columns' });
    await columns.getByLabel('Metadata path').fill('app_metadata.plan');
    await columns.getByRole('button', { name: 'Add' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('cell', { name: 'gold' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('columns')).toContain('app_metadata.plan');
    await page.reload();
    await page.getByRole('cell', { name: 'gold' }).first().waitFor();
    await page.context().close();
  });

  it('completes fields and values from what it has seen', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=many');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    const box = page.getByRole('combobox', { name: 'Search users' });
    await box.fill('');
    await box.pressSequentially('app_metadata.p');
    await page.getByRole('option', { name: 'app_metadata.plan:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await box.pressSequentially('g');
    await page.getByRole('option', { name: 'app_metadata.plan:gold' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')?.trim()).toBe('app_metadata.plan:gold');
    await page.context().close();
  });

  it('keeps its head in view where its columns are wider than the screen', async () => {
    const columns = 'connection,username,nickname,user_id,last_login,last_ip,created_at,updated_at';
    const page = await dashboard.signIn('owner@example.com', `/dashboard/users?columns=${columns}`);
    const head = page.getByRole('button', { name: 'Sort by User', exact: true });
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    const isReachable = () =>
      head.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const found = element.ownerDocument.elementFromPoint(left + width / 2, top + height / 2);
        return found === element || element.contains(found);
      });
    for (const distance of [0, 600, 900]) {
      await page.mouse.move(700, 500);
      await page.mouse.wheel(0, distance);
      await expect.poll(() => page.evaluate('scrollY')).toBeGreaterThan(distance - 5);
      await expect.poll(isReachable).toBe(true);
    }
    await page.context().close();
  });

  it('remembers a search by its name', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=app_metadata.plan:gold');
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByLabel('Name of the search').fill('Gold people');
    const saved = page.waitForResponse(
      (answer) => answer.request().method() === 'PATCH' && answer.url().endsWith('/dashboard/preferences'),
    );
    await page.keyboard.press('Enter');
    expect((await saved).status()).toBe(200);
    await page.goto(`${server.config.publicUrl}/dashboard/users`);
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('link', { name: 'Gold people' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('app_metadata.plan:gold');
    await page.context().close();
  });
});

describe('many users at once', () => {
  it('are blocked after a count, which is undone by a click', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=app_metadata.plan:gold');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByText('30 selected').waitFor();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 30 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('Done: 30 changed').waitFor();
    expect(await count('blocked:true')).toBe(30);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone').waitFor();
    expect(await count('blocked:true')).toBe(0);
    await page.context().close();
  });

  it('are changed to the last though the tab is closed on the way, and changed back from the page of the job', async () => {
    const held = await server.database.startTransaction().execute();
    // As a slow call would: the job stands before this one.
    await sql`SELECT FROM users WHERE email = 'many31@example.com' FOR UPDATE`.execute(held);
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=app_metadata.plan:gold');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 30 users?' });
    await dialog.getByText('30 of 30 will be changed.').waitFor();
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText(/^[1-9]\d* of 30 done$/).waitFor();
    const { body: running } = await server.request('GET', '/jobs', { query: { type: 'users_action' } });
    await page.context().close();
    await held.rollback().execute();
    expect((await waitForJob(server, running[0].id)).summary).toMatchObject({ changed: 30, failed: 0 });
    expect(await count('blocked:true')).toBe(30);

    const later = await dashboard.signIn('owner@example.com', '/dashboard/jobs?type=users_action');
    await later.getByRole('link', { name: 'Block users' }).first().click();
    await later.getByRole('heading', { name: 'Block users' }).waitFor();
    await later.getByRole('button', { name: 'Undo' }).click();
    await later.getByRole('heading', { name: 'Unblock users' }).waitFor();
    await later.getByText('done', { exact: true }).waitFor();
    expect(await count('blocked:true')).toBe(0);
    await later.context().close();
  });

  it('are shown as they are once the job is over, with a word about it, though its dialog was closed', async () => {
    const held = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE email = 'many31@example.com' FOR UPDATE`.execute(held);
    const page = await dashboard.signIn(
      'owner@example.com',
      '/dashboard/users?q=email:many31@example.com OR email:many33@example.com',
    );
    await page.getByRole('link', { name: 'Many 31' }).waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 2 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('The server does this').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Many 31' }).click();
    await page.getByRole('button', { name: 'Block', exact: true }).waitFor();
    await held.rollback().execute();
    await page.getByText('Block users: Done: 2 changed, 0 were so already').waitFor();
    // The page of the user, and the list behind it, know of it without being loaded anew.
    await page.getByRole('button', { name: 'Unblock', exact: true }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('row').getByText('Blocked', { exact: true }).count()).toBe(2);
    await page.getByRole('link', { name: 'See the job' }).click();
    await page.getByRole('heading', { name: 'Block users' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Unblock users' }).waitFor();
    await page.getByText('done', { exact: true }).waitFor();
    expect(await count('blocked:true')).toBe(0);
    await page.context().close();
  });

  it('are left where they are when the job is stopped, and those who failed are named', async () => {
    const [auditor] = (
      await server.request('GET', '/users-by-email', { query: { email: 'auditor@example.com' } })
    ).body;
    await server.request('PUT', `/administrators/${encodeURIComponent(auditor.user_id)}`, {
      body: { role: 'support' },
    });
    const held = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE email = 'many58@example.com' FOR UPDATE`.execute(held);
    const q = encodeURIComponent(
      'email:owner@example.com OR email:many56@example.com OR email:many58@example.com OR email:many59@example.com',
    );
    const page = await dashboard.signIn('auditor@example.com', `/dashboard/users?q=${q}&sort=created_at:1`);
    await page.getByRole('link', { name: 'Many 56' }).waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Block', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Block 4 users?' });
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByText('2 of 4 done').waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await expect
      .poll(
        async () =>
          (
            await sql<{ asked: boolean }>`SELECT bool_or(is_cancellation_asked) AS asked FROM jobs`.execute(
              server.database,
            )
          ).rows[0]?.asked,
      )
      .toBe(true);
    await held.rollback().execute();
    await dialog.getByText('Stopped after 3 of 4').waitFor();
    await dialog.getByText('1 failed').waitFor();
    await dialog.getByText(/This user has the role owner/).waitFor();
    expect(await count('blocked:true')).toBe(2);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone').waitFor();
    expect(await count('blocked:true')).toBe(0);
    await server.request('PUT', `/administrators/${encodeURIComponent(auditor.user_id)}`, {
      body: { role: 'auditor' },
    });
    await page.context().close();
  });

  it('are deleted as a whole search, once their number is typed', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=email:many*');
    await page.getByRole('link', { name: /Many/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Select all 60 that match' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete 60 users?' });
    const go = dialog.getByRole('button', { name: 'Delete' });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('60');
    await go.click();
    await dialog.getByText('Done: 60 changed').waitFor();
    expect(await count('email:many*')).toBe(0);
    expect(await count('email:owner@example.com')).toBe(1);
    await page.context().close();
  });
});

describe('an export of what is selected', () => {
  it('has any number of users, more than an address could name', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('link', { name: 'Export', exact: true }).waitFor();
    const selectedUsers = Array.from({ length: 3_000 }, (_, index) => `auth0|${'0'.repeat(20)}${index}`);
    const { body } = await server.request('GET', '/users-by-email', {
      query: { email: 'owner@example.com' },
    });
    selectedUsers.push(body[0].user_id);
    // What ticking so many rows leaves with the page.
    await page.evaluate(`history.pushState({ selectedUsers: ${JSON.stringify(selectedUsers)} }, '',
      '/dashboard/jobs/export?fields=user_id&selected=3001'); dispatchEvent(new PopStateEvent('popstate'))`);
    await page.getByText('The 3,001 users that were selected').waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.waitForURL(/\/jobs\/job_/);
    const { body: jobs } = await server.request('GET', '/jobs', { query: { type: 'users_export' } });
    expect(jobs[0].q).toContain(`"${selectedUsers.at(-1)}"`);
    // Whoever is given the address alone is not offered everybody in their place.
    await page.goto(`${server.config.publicUrl}/dashboard/jobs/export?fields=user_id&selected=3001`);
    await page.getByText('The selection is not known any more').waitFor();
    await page.context().close();
  }, 60_000);
});

describe('the palette', () => {
  it('finds pages and users by the keyboard alone', async () => {
    await createUser(server, 'hidden@example.com', { name: 'Hidden Person' });
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find a user' }).waitFor();
    await page.keyboard.type('hidden');
    await page.getByRole('option', { name: /Hidden Person/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Hidden Person' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find a user' }).waitFor();
    await page.keyboard.type('settin');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.context().close();
  });
});

describe('the dashboard on its first load', () => {
  it('takes at most 250 KB of script for the list, compressed as it is sent', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard');
    const scripts: Promise<{ readonly sent: number; readonly encoding: string | null }>[] = [];
    const context = await dashboard.browser.newContext({ storageState: await page.context().storageState() });
    const fresh = await context.newPage();
    fresh.on('requestfinished', (request) => {
      if (!new URL(request.url()).pathname.endsWith('.js')) return;
      scripts.push(
        Promise.all([request.sizes(), request.response()]).then(async ([sizes, answer]) => ({
          sent: sizes.responseBodySize,
          encoding: (await answer?.headerValue('content-encoding')) ?? null,
        })),
      );
    });
    await fresh.goto(`${server.config.publicUrl}/dashboard/users`);
    await fresh.getByRole('link', { name: 'owner' }).waitFor();
    const loaded = await Promise.all(scripts);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.every(({ encoding }) => encoding === 'gzip' || encoding === 'br')).toBe(true);
    expect(loaded.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(250_000);
    await context.close();
    await page.context().close();
  });

  it('asks nobody but its own server, also for the pictures of users', async () => {
    const context = await dashboard.browser.newContext();
    const hosts = new Set<string>();
    context.on('request', (request) => hosts.add(new URL(request.url()).host));
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users', {}, context);
    await page.getByRole('link', { name: 'owner', exact: true }).click();
    await page.getByRole('heading', { name: 'owner' }).waitFor();
    expect([...hosts]).toEqual([new URL(server.config.publicUrl).host]);
    await context.close();
  });

  it('lets nothing run or load but what is its own, and pictures', async () => {
    const { headers, text } = await server.fetchRaw('GET', '/dashboard/users');
    const nonce = /name="style-nonce" content="([\w-]{22})"/.exec(text)?.[1];
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      'img-src https: http: data:',
      "font-src 'self'",
      "connect-src 'self'",
      "frame-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('gets its files as the browser takes them, and keeps them for good', async () => {
    const { text } = await server.fetchRaw('GET', '/dashboard');
    const [, script = ''] = /src="(\/dashboard\/assets\/[^"]+\.js)"/.exec(text) ?? [];
    const [, style = ''] = /href="(\/dashboard\/assets\/[^"]+\.css)"/.exec(text) ?? [];
    for (const path of [script, style]) {
      const sizes = [];
      for (const [accepted, encoding] of [
        ['gzip, deflate, br, zstd', 'br'],
        ['gzip', 'gzip'],
        ['identity', undefined],
      ]) {
        const { status, headers } = await server.fetchRaw('GET', path, {
          headers: { 'accept-encoding': accepted ?? '' },
        });
        expect({ status, encoding: headers['content-encoding'] }).toEqual({ status: 200, encoding });
        expect(String(headers.vary).toLowerCase()).toContain('accept-encoding');
        expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
        expect(headers['content-type']).toMatch(path.endsWith('.js') ? /javascript/ : /css/);
        sizes.push(Number(headers['content-length']));
      }
      const [brotli = 0, gzip = 0, plain = 0] = sizes;
      expect(brotli).toBeLessThan(gzip);
      expect(gzip * 2).toBeLessThan(plain);
    }
  });
});

describe.each(['light', 'dark'] as const)('the list in %s', (colorScheme) => {
  it('has no barrier that axe finds', async () => {
    const paths = [
      '/dashboard/users?q=name:(a',
      '/dashboard/users?create=1',
      // Wider than a screen.
      '/dashboard/users?columns=connection,username,nickname,user_id,last_login,last_ip,created_at,updated_at',
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
  }, 60_000);
});
