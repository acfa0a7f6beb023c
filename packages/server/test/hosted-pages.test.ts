import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.ts';
import { collectHostedPages, type HostedPage, prepareHostedPages } from './support/hosted-pages.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/** A folder to leave pictures of all pages in: `MUSTER_SCREENSHOTS=/tmp/pages npx vitest run hosted-pages`. */
const screenshots = process.env['MUSTER_SCREENSHOTS'];

const ordinary = { application: 'Acme Notes', email: 'ada@example.com' };
const overlong = {
  application: 'The Extraordinarily Long-Winded Application of the Donaudampfschifffahrtsgesellschaft',
  email: `${'a.very.long.address.'.repeat(3)}x@subdomain.of.a.long.company.example`,
};

const appearances = [
  { scheme: 'light', width: 1440 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 1440 },
  { scheme: 'dark', width: 390 },
] as const;

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startTestServer();
  await prepareHostedPages(server);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe.each([
  ['en', ordinary],
  ['de', { ...overlong, email: `de.${overlong.email}` }],
  ['ar', { ...ordinary, email: 'ar@example.com' }],
  ['ja', { ...ordinary, email: 'ja@example.com' }],
  ['fr', { ...ordinary, email: 'fr@example.com' }],
  ['es', { ...ordinary, email: 'es@example.com' }],
] as const)('the hosted pages in %s', (language, names) => {
  let pages: HostedPage[];
  beforeAll(async () => {
    pages = await collectHostedPages(server, language, names);
  });

  it.each(appearances)('have no barrier that axe finds, $scheme, $width pixels wide', async ({
    scheme,
    width,
  }) => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      locale: language,
    });
    try {
      for (const { name, answer } of pages) {
        const page = await showPage(context, answer);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        expect(found, `${name} in ${language}, ${scheme}, ${width}`).toEqual([]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow, `${name} in ${language} is wider than ${width}`).toBeLessThanOrEqual(0);
        if (screenshots) await takePicture(page, `${name}-${language}-${scheme}-${width}`);
        await page.close();
      }
    } finally {
      await context.close();
    }
  });
});

describe('a hosted page', () => {
  it('shows the password on demand, marks rules while typing, and hides it before it is sent', async () => {
    const pages = await collectHostedPages(server, 'en', { ...ordinary, email: 'script@example.com' });
    const signUp = pages.find(({ name }) => name === 'sign-up');
    if (!signUp) throw new Error('there is no sign-up page');
    const context = await browser.newContext();
    const page = await showPage(context, signUp.answer);
    const password = page.getByLabel('Password', { exact: true });
    await password.fill('abcdefgh');
    const rules = page.locator('[data-is-kept]');
    expect(await rules.allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('lower case letters')]),
    );
    expect(await rules.filter({ hasText: 'upper case letters' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await password.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Hide password' }).click();
    expect(await password.getAttribute('type')).toBe('password');
    await context.close();
  });
});

/** Serves the answer as it came, headers included, so that its policy holds in the browser. */
async function showPage(context: BrowserContext, answer: HostedPage['answer']): Promise<Page> {
  const page = await context.newPage();
  const headers = Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name]) => !/^(set-cookie|content-length|strict-transport)/.test(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  await page.route('**/*', (route) => route.fulfill({ status: answer.status, headers, body: answer.text }));
  await page.goto(answer.url.href);
  expect(refused).toEqual([]);
  return page;
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (!screenshots) return;
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
