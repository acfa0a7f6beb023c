import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../packages/server/test/support/chromium.ts';
import { openDirectory } from '../search/directory.ts';
import { show, summarize } from '../search/measure.ts';
import { benchEnvironment } from '../servers.ts';
import { type Interaction, readInteractions, watchInteractions } from './interactions.ts';

const users = Number(process.env['BENCH_USERS'] ?? 1_000_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const port = 4806;
/** Bytes of compressed script until the list stands, and milliseconds from an interaction to the next paint. */
const bars = { script: 250_000, paint: 100 };
/** What somebody types: a name, an address, a query. */
const searches = ['anna', 'li chen', 'app_metadata.plan:"pro" AND NOT blocked:true'];

type Say = (line: string) => void;

/**
 * The dashboard's list in a real browser, over many demo users: the script of its first load, and how long what somebody does
 * with it takes to be seen, by the browser's own Event Timing (interaction to next paint).
 */
export async function benchDashboard(say: Say): Promise<void> {
  // Browsers sign in at HTTPS, and at the machine itself.
  const origin = `http://127.0.0.1:${port}`;
  const directory = await openDirectory(users, port, process.env['BENCH_DATA_DIR'], origin);
  const browser = await launchChromium();
  try {
    say(`${users} users, ${rounds} rounds; milliseconds as p50, p95 and slowest`);
    const page = await signIn(browser, origin);
    await benchFirstLoad(say, browser, page);
    await benchInteractions(say, page);
  } finally {
    await browser.close();
    await directory.close();
  }
}

async function signIn(browser: Browser, origin: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchInteractions);
  await page.goto(`${origin}/dashboard/users`);
  await page.getByLabel('Email address or username').fill('admin@example.com');
  await page.getByLabel('Password', { exact: true }).fill(benchEnvironment.MUSTER_ADMIN_PASSWORD);
  await page.keyboard.press('Enter');
  await listOf(page).waitFor({ timeout: 60_000 });
  return page;
}

const listOf = (page: Page) => page.locator('tbody tr[data-index]').first();

async function benchFirstLoad(say: Say, browser: Browser, page: Page): Promise<void> {
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  const fresh = await context.newPage();
  const scripts: Promise<Buffer>[] = [];
  fresh.on('response', (answer) => {
    if (new URL(answer.url()).pathname.endsWith('.js')) scripts.push(answer.body());
  });
  const startedAt = performance.now();
  await fresh.goto(page.url());
  await listOf(fresh).waitFor();
  const elapsed = performance.now() - startedAt;
  const bytes = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
  const mark = bytes > bars.script ? `  ABOVE ${bars.script}` : '';
  say(`script of the first load, gzip           ${bytes} bytes in ${scripts.length} files${mark}`);
  say(`until the first rows, nothing cached     ${elapsed.toFixed(0)} ms`);
  await context.close();
}

async function benchInteractions(say: Say, page: Page): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Search users' });
  const steps: Readonly<Record<string, (round: number) => Promise<void>>> = {
    'typing in the search box': async (round) => {
      await box.focus();
      await box.pressSequentially(searches[round % searches.length] ?? '', { delay: 30 });
      await settle(page);
    },
    'leaving the search': async () => {
      await box.focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Backspace');
      await settle(page);
    },
    sorting: async (round) => {
      const column = ['User', 'Last login', 'Logins', 'Created'][round % 4] ?? 'User';
      await page.getByRole('button', { name: `Sort by ${column}` }).click();
      await settle(page);
    },
    'selecting a row': async (round) => {
      await page
        .getByRole('checkbox', { name: /^Select (?!all)/ })
        .nth(round)
        .click();
    },
    'selecting all that are shown': async () => {
      const all = page.getByRole('checkbox', { name: 'Select all that are shown' });
      await all.click();
      await all.click();
    },
    'opening a user': async () => {
      await listOf(page).getByRole('link').click();
      await page.getByRole('tab', { name: 'Metadata' }).waitFor();
    },
    'going back to the list': async () => {
      await page.getByRole('link', { name: 'Back to all users' }).click();
      await settle(page);
    },
  };
  const times = new Map<string, Interaction[]>(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, step] of Object.entries(steps)) {
      await readInteractions(page);
      await step(round);
      times.get(name)?.push(...(await readInteractions(page)));
    }
  }
  for (const [name, found] of times) {
    const times = summarize(found.map(({ duration }) => duration));
    const mark = times.max > bars.paint ? `  ABOVE ${bars.paint}` : '';
    say(`${name.padEnd(40)} ${show(times)}  of ${found.length} interactions${mark}${describeSlowest(found)}`);
  }
}

/** Where the time of the slowest went: what is neither delay nor work is style, layout and paint. */
function describeSlowest(found: readonly Interaction[]): string {
  const slowest = found.toSorted((a, b) => b.duration - a.duration)[0];
  if (!slowest) return '';
  return `  (slowest: ${slowest.delay.toFixed(0)} delay, ${slowest.work.toFixed(0)} work)`;
}

/** Waits until the list shows what was asked for last. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}
