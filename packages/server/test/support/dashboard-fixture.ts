import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { type AxeRules, findViolations } from './axe.ts';
import { launchChromium } from './chromium.ts';
import { startListeningServer } from './listening-server.ts';
import { createUser, password } from './sign-in-fixture.ts';
import type { TestServer } from './test-server.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** A server with the dashboard on it, a browser, and an administrator of two roles. */
export interface DashboardFixture {
  readonly server: TestServer;
  readonly browser: Browser;
  /**
   * Opens the page as `owner@example.com`, `auditor@example.com` or somebody of the test's own, in a new context. Who signed in before
   * in this file is not asked again: the context gets the cookies of then, and nothing else.
   */
  readonly signIn: (
    email: string,
    path: string,
    options?: BrowserContextOptions,
    /** Of the test's own, instead of a new one; they sign in to it, whatever was before. */
    context?: BrowserContext,
  ) => Promise<Page>;
  close(): Promise<void>;
}

/** Builds the dashboard where it is old, and starts a server that serves it. Up to some minutes on a cold machine. */
export async function startDashboard(): Promise<DashboardFixture> {
  execFileSync(process.execPath, [resolve(root, 'scripts/build-dashboard.ts')], { stdio: 'inherit' });
  const server = await startListeningServer();
  const browser = await launchChromium();
  for (const [email, role] of [
    ['owner@example.com', 'owner'],
    ['auditor@example.com', 'auditor'],
  ] as const) {
    const userId = await createUser(server, email, { name: role });
    await sql`INSERT INTO administrators (user_id, role) VALUES (${userId}, ${role})`.execute(
      server.database,
    );
  }
  // Tokens are kept in memory alone: the session is all that a browser brings.
  const sessions = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();
  return {
    server,
    browser,
    signIn: async (email, path, options = {}, given = undefined) => {
      const cookies = given ? undefined : sessions.get(email);
      const context =
        given ??
        (await browser.newContext({
          permissions: ['clipboard-write'],
          ...(cookies ? { storageState: { cookies, origins: [] } } : {}),
          ...options,
        }));
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      await page.goto(`${server.config.publicUrl}${path}`);
      if (!cookies) await enterCredentials(page, email);
      await page.getByText(email).first().waitFor({ state: 'attached' });
      if (!given && !cookies) sessions.set(email, await context.cookies());
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

async function enterCredentials(page: Page, email: string): Promise<void> {
  // By their names: the page may be in another language.
  await page.locator('[name=username]').fill(email);
  await page.locator('[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.startsWith('/dashboard') || url.pathname === '/u/consent');
  if (new URL(page.url()).pathname === '/u/consent') await page.locator('button.main').click();
}

/** Goes to another page of the dashboard as a link does, without loading everything once more, and waits for its data. */
export async function openPage(page: Page, path: string): Promise<void> {
  const goTo = (address: string) =>
    page.evaluate(
      `history.pushState({}, '', ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
  // By way of a page that is not there, so that nothing of the one before is taken for the next one's.
  await goTo('/dashboard/nowhere');
  const heading = page.getByRole('heading', { level: 1 });
  const notFound = 'There is no such page';
  await heading.filter({ hasText: notFound }).waitFor();
  await goTo(path);
  await heading.filter({ hasNotText: notFound }).waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}

/**
 * What axe finds on these pages as the owner sees them. In light everything, on a desktop; on a phone all but colours, which are
 * the same there; in dark colours, which are what differs.
 */
export async function findBarriers(
  dashboard: DashboardFixture,
  paths: readonly string[],
  colorScheme: 'light' | 'dark',
): Promise<string[]> {
  const found: string[] = [];
  const page = await dashboard.signIn('owner@example.com', paths[0] ?? '/dashboard', { colorScheme });
  for (const path of paths) {
    await openPage(page, path);
    for (const width of colorScheme === 'light' ? [1440, 390] : [1440]) {
      await page.setViewportSize({ width, height: 900 });
      const contrast = ['color-contrast'];
      const rules: AxeRules =
        colorScheme === 'dark' ? { only: contrast } : width === 390 ? { without: contrast } : {};
      for (const violation of await findViolations(page, rules))
        found.push(`${path} at ${width}: ${violation}`);
    }
  }
  await page.context().close();
  return found;
}
