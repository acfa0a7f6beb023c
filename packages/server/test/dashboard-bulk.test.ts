import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { type DashboardFixture, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import { runImport, startTestJobs, waitForJob } from './support/test-jobs.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let jobs: JobRunner;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  jobs = startTestJobs(server);
  for (const name of ['Ada', 'Ben', 'Cleo'])
    await createUser(server, `${name.toLowerCase()}.crew@example.com`, { name });
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

const crewPath = '/dashboard/users?q=email:*.crew@example.com&sort=name:1';
const countBlocked = async () =>
  (await server.request('GET', '/users', { query: { q: 'blocked:true', include_totals: true } })).body.total;

/** Ticks the crew, who are listed already, and opens what is to be done with them. */
async function openAction(page: Page, action: string) {
  await page.getByRole('link', { name: 'Cleo' }).waitFor();
  await page.getByLabel('Select all that are shown').check();
  await page.getByRole('button', { name: action, exact: true }).click();
  return page.getByRole('dialog');
}

/** Begins to block the crew, which does not come to its end until that is let. */
async function blockSlowly(page: Page) {
  const held = await server.database.startTransaction().execute();
  // As a slow call would: the job stands before this one.
  await sql`SELECT FROM users WHERE email = 'cleo.crew@example.com' FOR UPDATE`.execute(held);
  const dialog = await openAction(page, 'Block');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await dialog.getByText('2 of 3 done').waitFor();
  return { finish: () => held.rollback().execute() };
}

/** Signs in to the same browser, as somebody who has no session in it. */
async function signInAnew(page: Page, email: string, path: string): Promise<Page> {
  const context = page.context();
  await page.close();
  await context.clearCookies();
  return dashboard.signIn(email, path, {}, context);
}

const outcome = 'Block users: Done: 3 changed, 0 were so already';

describe('a job for many users whose page is loaded anew', () => {
  it('is still watched: its end is told, with its undo, whose end is told too', async () => {
    const page = await dashboard.signIn('owner@example.com', crewPath);
    const { finish } = await blockSlowly(page);
    await page.reload();
    await page.getByText('Block users: goes on.').waitFor();
    await finish();
    const notice = page.getByRole('status').filter({ hasText: outcome });
    await notice.waitFor();
    await expect.poll(() => page.getByRole('row').getByText('Blocked', { exact: true }).count()).toBe(3);
    await notice.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Unblock users: Done: 3 changed').waitFor();
    expect(await countBlocked()).toBe(0);
    await page.reload();
    await page.getByRole('link', { name: 'Cleo' }).waitFor();
    expect(await page.evaluate<string>("Object.keys(localStorage).join(' ')")).not.toContain('watched-jobs');
    await page.context().close();
  }, 60_000);

  it('is nobody else’s to watch in this browser, and waits for whose it is', async () => {
    const page = await dashboard.signIn('owner@example.com', crewPath);
    const { finish } = await blockSlowly(page);
    const context = page.context();
    const asked: string[] = [];
    context.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const other = await signInAnew(page, 'auditor@example.com', crewPath);
    await other.getByRole('link', { name: 'Cleo' }).waitFor();
    await other.waitForLoadState('networkidle');
    expect(asked.filter((path) => path.startsWith('/api/v2/jobs/'))).toEqual([]);
    await finish();
    const back = await signInAnew(other, 'owner@example.com', '/dashboard/logs');
    await back.getByText(outcome).waitFor();
    await back.getByRole('button', { name: 'Undo' }).click();
    await back.getByText('Unblock users: Done: 3 changed').waitFor();
    await context.close();
  }, 60_000);

  it('is told of no more where its end was seen in its dialog', async () => {
    const page = await dashboard.signIn('owner@example.com', crewPath);
    const { finish } = await blockSlowly(page);
    await finish();
    await page.getByRole('dialog').getByText('Done: 3 changed').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').getByText('Undone').waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Cleo' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'See the job' }).count()).toBe(0);
    await page.context().close();
  }, 60_000);
});

describe('a role for many users', () => {
  const chooseRole = async (page: Page, name: string) => {
    await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).fill(name);
    await page.getByRole('option', { name }).click();
  };
  const listTrials = async () =>
    (await server.request('GET', '/jobs', { query: { type: 'users_action' } })).body.filter(
      (job: { dry_run?: boolean }) => job.dry_run === true,
    );

  it('says beforehand how many it would change, of whichever role is chosen, and changes nobody by that', async () => {
    const create = async (name: string) =>
      (await server.request('POST', '/roles', { body: { name } })).body.id;
    const [editor] = [await create('Editor'), await create('Clerk')];
    const [ada] = (
      await server.request('GET', '/users-by-email', { query: { email: 'ada.crew@example.com' } })
    ).body;
    await server.request('POST', `/roles/${editor}/users`, { body: { users: [ada.user_id] } });
    const countEditors = async () => (await server.request('GET', `/roles/${editor}/users`)).body.length;
    const page = await dashboard.signIn('owner@example.com', crewPath);
    const assigning = await openAction(page, 'Assign role');
    await assigning.getByText('Who has it already stays as they are.').waitFor();
    await chooseRole(page, 'Editor');
    await assigning.getByText('2 of 3 will be changed.').waitFor();
    await chooseRole(page, 'Clerk');
    await assigning.getByText('3 of 3 will be changed.').waitFor();
    await assigning.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Remove role', exact: true }).click();
    await chooseRole(page, 'Editor');
    await page.getByRole('dialog').getByText('1 of 3 will be changed.').waitFor();
    expect(await countEditors()).toBe(1);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Done: 1 changed, 2 were so already').waitFor();
    expect(await countEditors()).toBe(0);
    await page.context().close();
  }, 60_000);

  it('is counted no further once its dialog is closed', async () => {
    await server.request('POST', '/roles', { body: { name: 'Reader' } });
    const held = await server.database.startTransaction().execute();
    await sql`SELECT FROM users WHERE email = 'cleo.crew@example.com' FOR UPDATE`.execute(held);
    const page = await dashboard.signIn('owner@example.com', crewPath);
    const dialog = await openAction(page, 'Assign role');
    const before = (await listTrials()).length;
    await chooseRole(page, 'Reader');
    await dialog.getByText('Counting who would change').waitFor();
    await expect.poll(async () => (await listTrials()).length).toBe(before + 1);
    const stopped = page.waitForResponse((answer) => /\/jobs\/[^/]+\/cancel$/.test(answer.url()));
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await stopped;
    await held.rollback().execute();
    const [trial] = await listTrials();
    expect((await waitForJob(server, trial.id)).status).toBe('cancelled');
    await page.context().close();
  }, 60_000);

  it('is counted for very many only when that is asked for', async () => {
    const [{ id: connection_id }] = (await server.request('GET', '/connections')).body;
    const rows = Array.from({ length: 201 }, (_, index) => ({ email: `crowd${index}@example.com` }));
    await runImport(server, rows, { connection_id });
    await server.request('POST', '/roles', { body: { name: 'Guest' } });
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users?q=email:crowd*');
    await page.getByRole('link', { name: /crowd/ }).first().waitFor();
    await page.getByLabel('Select all that are shown').check();
    await page.getByRole('button', { name: 'Select all 201 that match' }).click();
    await page.getByRole('button', { name: 'Assign role', exact: true }).click();
    const before = (await listTrials()).length;
    await chooseRole(page, 'Guest');
    const dialog = page.getByRole('dialog');
    const ask = dialog.getByRole('button', { name: 'Count who would change' });
    await ask.waitFor();
    expect(await dialog.getByRole('button', { name: 'Go on' }).isEnabled()).toBe(true);
    expect(await listTrials()).toHaveLength(before);
    await ask.click();
    await dialog.getByText('201 of 201 will be changed.').waitFor({ timeout: 30_000 });
    await page.context().close();
  }, 90_000);
});

describe('counts of users', () => {
  it.each([
    [
      'en-US',
      'Select all that are shown',
      'Assign role',
      'Assign a role to 1 user?',
      'Assign a role to 2 users?',
    ],
    [
      'de-DE',
      'Alle gezeigten auswählen',
      'Rolle vergeben',
      '1 Benutzer eine Rolle',
      '2 Benutzern eine Rolle',
    ],
  ])(
    'are of one where there is one, in %s',
    async (locale, all, action, ofOne, ofTwo) => {
      await server.request('POST', '/roles', { body: { name: `Plural ${locale}` } });
      const address = (q: string) => `/dashboard/users?q=${encodeURIComponent(q)}`;
      const page = await dashboard.signIn('owner@example.com', address('name:Ada'), { locale });
      for (const [q, shown, title] of [
        ['name:Ada', /^1 (of|von) 1$/, ofOne],
        ['name:Ada OR name:Ben', /^1–2 (of|von) 2$/, ofTwo],
      ] as const) {
        await page.goto(server.config.publicUrl + address(q));
        await page.getByText(shown).waitFor();
        await page.getByLabel(all).check();
        await page.getByRole('button', { name: action, exact: true }).click();
        await page.getByRole('dialog', { name: title }).waitFor();
      }
      await page.context().close();
    },
    40_000,
  );
});

/** The colours of a picture of the page at these places, each as red, green and blue. */
async function readColors(page: Page, places: readonly { x: number; y: number }[]): Promise<number[][]> {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate<number[][]>(`(async () => {
    const bytes = Uint8Array.from(atob('${picture}'), (character) => character.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return ${JSON.stringify(places)}.map(({ x, y }) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
  })()`);
}

/** WCAG 2.2: how far two colours are from each other, from 1 to 21. */
function findContrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [one, other]
    .map((color) => {
      const [red = 0, green = 0, blue = 0] = color.map((part) =>
        part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('a user who has no picture', () => {
  it.each([
    ['dark', 3],
    ['light', 1.2],
  ] as const)(
    'stands out from the row, ticked or not, whatever their tint, in %s',
    async (colorScheme, least) => {
      // One of each tint.
      for (const name of ['Hal', 'Gus', 'Eve', 'Vic', 'Wim', 'Rob', 'Ben', 'Finn', 'Zoe', 'Uma', 'Kim'])
        await createUser(server, `${name}.${colorScheme}@example.com`, { name });
      const page = await dashboard.signIn(
        'owner@example.com',
        `/dashboard/users?q=email:*.${colorScheme}@*`,
        {
          colorScheme,
          viewport: { width: 1280, height: 1100 },
        },
      );
      await page.getByText('1–11 of 11').waitFor();
      for (const isTicked of [false, true]) {
        await page.getByLabel('Select all that are shown').setChecked(isTicked);
        await page.getByText('11 selected').waitFor({ state: isTicked ? 'visible' : 'detached' });
        await page.mouse.move(0, 0);
        for (const row of await page.locator('tr[data-index]').all()) {
          const box = await row.locator('.person-picture').boundingBox();
          if (!box) throw new Error('a row has no picture');
          const middle = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y) };
          const [edge = [], fill = [], beside = []] = await readColors(page, [
            middle,
            { ...middle, y: middle.y + 5 },
            { x: Math.round(box.x + box.width + 5), y: Math.round(box.y + box.height / 2) },
          ]);
          const name = `${await row.getByRole('link').innerText()}, ${isTicked ? 'ticked' : 'not ticked'}`;
          expect(findContrast(edge, beside), name).toBeGreaterThan(least);
          expect(findContrast(fill, beside), name).toBeGreaterThan(1.2);
        }
      }
      await page.context().close();
    },
    60_000,
  );
});
