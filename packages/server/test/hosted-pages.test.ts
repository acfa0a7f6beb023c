import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './support/axe.ts';
import type { PageAnswer } from './support/browser.ts';
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

/** The pages of one language, of the same answers for every test. */
function pagesIn(language: string, names = ordinary): Promise<readonly HostedPage[]> {
  const pages =
    collected.get(language) ??
    collectHostedPages(server, language, { ...names, email: `${language}.${names.email}` });
  collected.set(language, pages);
  return pages;
}
const collected = new Map<string, Promise<readonly HostedPage[]>>();

/**
 * Axe looks at all pages once in light and once in dark. In the other languages and with the longest names what may go wrong
 * is the width. For pictures every page is shown in every appearance.
 */
const cases = [
  { language: 'en', names: ordinary, shown: ['light 1440', 'dark 390'], isAxed: true },
  { language: 'de', names: overlong, shown: ['light 390'], isAxed: false },
  { language: 'ar', names: ordinary, shown: ['dark 390'], isAxed: false },
  ...['ja', 'fr', 'es'].map((language) => ({
    language,
    names: ordinary,
    shown: ['light 390'],
    isAxed: false,
  })),
];

describe.each(cases)('the hosted pages in $language', ({ language, names, shown, isAxed }) => {
  let pages: readonly HostedPage[];
  beforeAll(async () => {
    pages = await pagesIn(language, names);
  });

  it('are in that language, and name the tenant’s own fields in English where they have no such name', () => {
    for (const { name, answer } of pages) {
      expect(answer.headers['content-language'], name).toBe(language);
      expect(answer.text, name).toContain(
        `<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`,
      );
    }
    const company = new Map([
      ['de', 'Firma'],
      ['ar', 'الشركة'],
    ]).get(language);
    const signUp = pages.find(({ name }) => name === 'sign-up');
    expect(signUp?.answer.text).toContain(`>${company ?? 'Company'}</label>`);
  });

  it(`have no barrier: ${shown.join(', ')} pixels wide`, async () => {
    const looks = appearances.filter(
      ({ scheme, width }) => screenshots !== undefined || shown.includes(`${scheme} ${width}`),
    );
    const viewer = await openViewer(browser);
    try {
      for (const { name, answer } of pages) {
        const page = await viewer.show(answer);
        for (const { scheme, width } of looks) {
          await page.emulateMedia({ colorScheme: scheme });
          await page.setViewportSize({ width, height: 900 });
          if (isAxed) expect(await findViolations(page), `${name}, ${scheme}, ${width}`).toEqual([]);
          const overflow = await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          expect(overflow, `${name} is wider than ${width}`).toBeLessThanOrEqual(0);
          if (screenshots) await takePicture(page, `${name}-${language}-${scheme}-${width}`);
        }
      }
    } finally {
      await viewer.close();
    }
  }, 120_000);
});

describe('a hosted page', () => {
  it('shows the password on demand, marks rules while typing, and hides it before it is sent', async () => {
    const pages = await pagesIn('en');
    const signUp = pages.find(({ name }) => name === 'sign-up');
    if (!signUp) throw new Error('there is no sign-up page');
    const viewer = await openViewer(browser);
    const page = await viewer.show(signUp.answer);
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
    await viewer.close();
  });
});

describe('a preview of the sign-in page', () => {
  const preview = (body: unknown, scopes?: readonly string[]) =>
    server.request('POST', '/branding/preview', { body, ...(scopes ? { scopes } : {}) });

  it('is the page itself with colours and a logo that are not saved', async () => {
    const colors = { primary: '#aa0055', page_background: '#102030' };
    const logo = 'https://cdn.example.com/new-logo.png';
    const { status, body } = await preview({ colors, logo_url: logo, language: 'en' }, ['read:branding']);
    expect(status).toBe(200);
    for (const part of ['#aa0055', '#102030', logo, 'name="password"', '/u/signup?'])
      expect(body.html).toContain(part);
    expect((await preview({})).body.html).not.toContain('#aa0055');
    expect((await preview({ colors: { primary: 'red; }' } })).body.message).toContain('primary');
    expect((await preview({}, ['read:users'])).status).toBe(403);
  });
});

describe('a page that says what went wrong', () => {
  it('copies the name of its request, which is the one in the answer', async () => {
    const pages = await pagesIn('en');
    const viewer = await openViewer(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    for (const name of ['error', 'sign-in-over']) {
      const failed = pages.find((page) => page.name === name);
      if (!failed) throw new Error(`there is no page ${name}`);
      // Clipboards are for pages with TLS.
      const url = new URL(failed.answer.url.href.replace(/^http:/, 'https:'));
      const page = await viewer.show({ ...failed.answer, url });
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
        failed.answer.headers['x-request-id'],
      );
    }
    await viewer.close();
  });
});

/** Shows answers as they came, headers included, so that their policies hold in the browser. */
async function openViewer(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ show(answer: PageAnswer): Promise<Page>; close(): Promise<void> }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  let shown: PageAnswer | undefined;
  await page.route('**/*', (route) =>
    route.fulfill({
      status: shown?.status ?? 404,
      headers: Object.fromEntries(
        Object.entries(shown?.headers ?? {})
          .filter(([name]) => !/^(set-cookie|content-length|strict-transport)/.test(name))
          .map(([name, value]) => [name, String(value)]),
      ),
      body: shown?.text ?? '',
    }),
  );
  return {
    show: async (answer) => {
      shown = answer;
      await page.goto(answer.url.href);
      expect(refused).toEqual([]);
      return page;
    },
    close: () => context.close(),
  };
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (!screenshots) return;
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
