import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, openPage, startDashboard } from './support/dashboard-fixture.ts';
import { createClient, createUser, database, password, postAsClient } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let signIn: DashboardFixture['signIn'];

beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server, signIn } = dashboard);
  // Home has failed logins to count then, of another number than the one login there is, and more users than are active.
  const application = await createClient(server, { name: 'Acme Notes' });
  await createUser(server, 'forgetful@example.com');
  for (const typed of ['wrong', 'wrong again'])
    await postAsClient(server, application, '/oauth/token', {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: database,
      username: 'forgetful@example.com',
      password: typed,
    });
}, 240_000);
afterAll(() => dashboard?.close());

describe('an owner in the dashboard', () => {
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

  it('sees at home what the statistics say, and a way back where there is no user', async () => {
    const page = await signIn('owner@example.com', '/dashboard');
    const [{ body: days }, { body: users }] = await Promise.all([
      server.request('GET', '/stats/daily'),
      server.request('GET', '/users', { query: { per_page: 0, include_totals: true } }),
    ]);
    const sum = (name: string) =>
      days.reduce((total: number, day: Record<string, number>) => total + (day[name] ?? 0), 0);
    // Failed ones are told beside them.
    await page.getByText(new RegExp(`^Logins: ${sum('logins')}(?!\\d)`)).waitFor();
    await page.getByText(`Failed logins: ${sum('failed_logins')}`).waitFor();
    await page.getByText(String(users.total), { exact: true }).first().waitFor();
    const today = days.at(-1);
    const bar = page.locator('svg g title').last();
    expect(await bar.textContent()).toContain(`Logins ${today.logins}, Sign-ups ${today.signups}`);
    await openPage(page, '/dashboard/users/auth0%7Cnobody');
    await page.getByRole('heading', { name: 'There is no such user' }).waitFor();
    await page.getByRole('link', { name: 'Look among deleted users' }).click();
    await page.getByRole('heading', { name: 'Deleted users' }).waitFor();
    await page.context().close();
  });

  it('reads German where the browser does, and English once that is chosen', async () => {
    const page = await signIn('owner@example.com', '/dashboard', { locale: 'de-DE' });
    for (const [path, heading] of [
      ['/dashboard', 'Übersicht'],
      ['/dashboard/users', 'Benutzer'],
      ['/dashboard/users/deleted', 'Gelöschte Benutzer'],
      ['/dashboard/connections', 'Verbindungen'],
      ['/dashboard/applications', 'Anwendungen'],
      ['/dashboard/settings', 'Einstellungen'],
    ] as const) {
      await page.goto(`${server.config.publicUrl}${path}`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.context().close();
  });

  it('is led to sign in again when the session has ended meanwhile, and comes back to the same place', async () => {
    const userId = await createUser(server, 'place@example.com');
    const page = await signIn('owner@example.com', '/dashboard/users?q=email%3Aplace*&sort=email%3A1');
    await page.getByRole('link', { name: 'place@example.com' }).waitFor();
    await page.context().clearCookies();
    await page.clock.install();
    await page.clock.fastForward('48:00:00');
    await page.getByRole('link', { name: 'place@example.com' }).click();
    await page.getByLabel('Email address or username').fill('owner@example.com');
    // Tokens of today would be of the past.
    await page.clock.setSystemTime(Date.now());
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === `/dashboard/users/${encodeURIComponent(userId)}`);
    await page.getByRole('heading', { name: 'place@example.com' }).waitFor();
    await page.context().close();
  }, 60_000);

  it('comes back to the filters of a list and to the tab of a page', async () => {
    const userId = await createUser(server, 'tab@example.com');
    const paths = [
      '/dashboard/users?q=email%3Atab*&sort=email%3A1',
      `/dashboard/users/${encodeURIComponent(userId)}?tab=raw`,
    ];
    for (const path of paths) {
      const page = await signIn('owner@example.com', path);
      await page.getByText('tab@example.com').first().waitFor();
      await page.context().clearCookies();
      await page.reload();
      await page.getByLabel('Email address or username').fill('owner@example.com');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.keyboard.press('Enter');
      await page.getByText('tab@example.com').first().waitFor();
      await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toBe(path);
      await page.context().close();
    }
  }, 90_000);
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
