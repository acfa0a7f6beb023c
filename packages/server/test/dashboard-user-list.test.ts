import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteEntries } from '../src/users/index.ts';
import {
  type DashboardFixture,
  findBarriers,
  openPage,
  startDashboard,
} from './support/dashboard-fixture.ts';
import { countUsers, createManyUsers } from './support/many-users.ts';
import { createUser } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  await createManyUsers(server);
}, 240_000);
afterAll(() => dashboard?.close());

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
    expect(await countUsers(server, 'blocked:true')).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await badge.waitFor({ state: 'detached' });
    expect(await countUsers(server, 'blocked:true')).toBe(0);

    await choose('Block');
    await badge.waitFor();
    await choose('Unblock');
    await badge.waitFor({ state: 'detached' });
    expect(await countUsers(server, 'blocked:true')).toBe(0);

    await choose('Delete');
    await page.getByRole('dialog').getByRole('textbox').fill('many5@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('Many 05 was deleted.').waitFor();
    await page.getByText('Nobody matches').waitFor();
    expect(await countUsers(server, 'email:many5@example.com')).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('link', { name: 'Many 05' }).waitFor();
    expect(await countUsers(server, 'email:many5@example.com')).toBe(1);

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
