import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobRunner } from '../src/platform/jobs/index.ts';
import { findViolations } from './support/axe.ts';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import { createUser } from './support/sign-in-fixture.ts';
import { startTestJobs } from './support/test-jobs.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let jobs: JobRunner;
const crew: string[] = [];
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
  jobs = startTestJobs(server);
  for (const name of ['Ada', 'Ben', 'Cleo'])
    crew.push(await createUser(server, `${name.toLowerCase()}.crew@example.com`, { name }));
}, 240_000);
afterAll(async () => {
  await jobs?.stop();
  await dashboard?.close();
});

const listRoles = async (): Promise<{ id: string; name: string; description?: string }[]> =>
  (await server.request('GET', '/roles')).body;
async function listMembers(): Promise<string[]> {
  const [role] = await listRoles();
  const { body } = await server.request('GET', `/roles/${role?.id}/users`);
  return body.map(({ user_id }: { user_id: string }) => user_id);
}

/** Opens a bulk action on the crew and chooses the role. */
async function chooseForCrew(page: Page, action: string, role: string) {
  await page.goto(`${server.config.publicUrl}/dashboard/users?q=email:*.crew@example.com`);
  await page.getByRole('link', { name: 'Cleo' }).waitFor();
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByRole('button', { name: action, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Role' }).fill(role.slice(0, 3));
  await page.getByRole('option', { name: role }).click();
  return dialog;
}

describe('roles in the dashboard', () => {
  it('are created, assigned to one and to many, taken back, changed and deleted', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/roles');
    await page.getByText('No roles yet').waitFor();
    await page.getByRole('button', { name: 'Create role' }).click();
    const creating = page.getByRole('dialog', { name: 'Create role' });
    await creating.getByLabel('Name').fill('Editor');
    await creating.getByLabel('What it is for').fill('Edits articles');
    await page.keyboard.press('Tab');
    await creating.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { name: 'Editor', level: 1 }).waitFor();
    expect(await listRoles()).toMatchObject([{ name: 'Editor', description: 'Edits articles' }]);

    // To one, on their page, by keyboard.
    await page.goto(`${server.config.publicUrl}/dashboard/users/${encodeURIComponent(crew[0] ?? '')}`);
    await page.getByRole('tab', { name: 'Roles' }).click();
    await page.getByText('This user has no roles').waitFor();
    await page.getByRole('combobox', { name: 'Role' }).fill('edi');
    await page.getByRole('option', { name: 'Editor' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Assign' }).press('Enter');
    await page.getByRole('link', { name: 'Editor' }).waitFor();
    expect(await listMembers()).toEqual([crew[0]]);

    // To many: whoever has it stays as they are, and the undo takes it from the others alone.
    const assigning = await chooseForCrew(page, 'Assign role', 'Editor');
    await assigning.getByRole('button', { name: 'Go on' }).click();
    await assigning.getByText('Done: 2 changed, 1 was so already').waitFor();
    expect((await listMembers()).sort()).toEqual([...crew].sort());
    await assigning.getByRole('button', { name: 'Undo' }).click();
    await assigning.getByText('Undone').waitFor();
    expect(await listMembers()).toEqual([crew[0]]);
    const again = await chooseForCrew(page, 'Assign role', 'Editor');
    await again.getByRole('button', { name: 'Go on' }).click();
    await again.getByText('Done: 2 changed').waitFor();

    // From one, with a way back, on the role's page.
    await page.goto(`${server.config.publicUrl}/dashboard/roles`);
    await page.getByRole('link', { name: 'Editor' }).click();
    await page.getByText('Users who have it: 3').waitFor();
    const take = page.getByRole('button', { name: 'Remove the role from Ben' });
    const readColor = () =>
      take.evaluate((own) => own.ownerDocument.defaultView?.getComputedStyle(own).backgroundColor);
    expect(await readColor()).toBe('rgba(0, 0, 0, 0)');
    await take.hover();
    expect(await readColor()).not.toBe('rgba(0, 0, 0, 0)');
    await take.click();
    await page.getByText('Users who have it: 2').waitFor();
    expect(await listMembers()).not.toContain(crew[1]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Users who have it: 3').waitFor();
    await page.getByRole('textbox', { name: 'Assign to a user' }).fill('nobody.at.all@example.com');
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByRole('alert').getByText('No user has this address or id.').waitFor();
    await page.getByRole('textbox', { name: 'Assign to a user' }).fill('owner@example.com');
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByText('Users who have it: 4').waitFor();
    await page.getByRole('link', { name: 'Ben' }).click();
    await page.getByRole('button', { name: 'Remove Editor' }).click();
    await page.getByText('This user has no roles').waitFor();

    // From many.
    const removing = await chooseForCrew(page, 'Remove role', 'Editor');
    await removing.getByRole('button', { name: 'Go on' }).click();
    await removing.getByText('Done: 2 changed, 1 was so already').waitFor();
    expect(await listMembers()).toHaveLength(1);
    await page.goto(`${server.config.publicUrl}/dashboard/jobs`);
    await page.getByRole('link', { name: 'Remove role' }).first().click();
    await page.getByText('Role: Editor').waitFor();

    const [role] = await listRoles();
    await page.goto(`${server.config.publicUrl}/dashboard/roles/${role?.id}?tab=settings`);
    await page.getByLabel('Name').fill('Chief editor');
    await page.getByLabel('What it is for').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Chief editor', level: 1 }).waitFor();
    expect(await listRoles()).toEqual([{ id: role?.id, name: 'Chief editor', description: '' }]);
    await page.getByRole('button', { name: 'Delete this role' }).click();
    const deleting = page.getByRole('dialog', { name: 'Delete this role?' });
    await deleting
      .getByLabel('All who have it lose it at once: 1. Type Chief editor to go on.')
      .fill('Chief editor');
    await deleting.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No roles yet').waitFor();
    expect(await listRoles()).toEqual([]);
    await page.context().close();
  }, 90_000);

  it('permit at an API what is ticked', async () => {
    const identifier = 'https://orders.example.com/';
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'Clerk' } });
    const page = await dashboard.signIn('owner@example.com', `/dashboard/roles/${role.id}?tab=permissions`);
    await page.getByText('No API has permissions yet').waitFor();
    const scopes = [{ value: 'read:orders', description: 'See orders' }, { value: 'write:orders' }];
    const { body: api } = await server.request('POST', '/resource-servers', {
      body: { identifier, name: 'Orders', scopes },
    });
    await page.reload();
    await page.getByText('until its settings enforce permissions').waitFor();
    await server.request('PATCH', `/resource-servers/${api.id}`, { body: { enforce_policies: true } });
    const listed = async () =>
      (await server.request('GET', `/roles/${role.id}/permissions`)).body.map(
        ({ permission_name }: { permission_name: string }) => permission_name,
      );
    await page.getByRole('checkbox', { name: 'read:orders' }).check();
    await page.getByRole('checkbox', { name: 'write:orders' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(listed).toEqual(['read:orders', 'write:orders']);
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'write:orders' }).uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(listed).toEqual(['read:orders']);
    const userPath = `users/${encodeURIComponent(crew[0] ?? '')}`;
    await server.request('POST', `/${userPath}/roles`, { body: { roles: [role.id] } });
    await page.goto(`${server.config.publicUrl}/dashboard/${userPath}?tab=roles`);
    const permitted = page.getByRole('region', { name: 'Permissions' });
    await permitted.getByRole('row', { name: /read:orders.*Orders.*Clerk/ }).waitFor();
    await page.getByRole('button', { name: 'Remove Clerk' }).click();
    await permitted.getByText('Nothing at any API').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await permitted.getByRole('row', { name: /read:orders/ }).waitFor();
    const theirs = await dashboard.signIn(
      'auditor@example.com',
      `/dashboard/roles/${role.id}?tab=permissions`,
    );
    expect(await theirs.getByRole('checkbox', { name: 'read:orders' }).isDisabled()).toBe(true);
    await theirs.context().close();
    await page.context().close();
  }, 60_000);

  it('are searched for in the list of users, from their page and by what the search box offers', async () => {
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'Night shift' } });
    await server.request('POST', `/roles/${role.id}/users`, { body: { users: [crew[0]] } });
    const page = await dashboard.signIn('owner@example.com', `/dashboard/roles/${role.id}`);
    await page.getByRole('link', { name: 'Show them in the list of users' }).click();
    await page.getByRole('link', { name: 'Ada' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('role:"Night shift"');
    expect(await page.getByRole('link', { name: 'Ben' }).count()).toBe(0);
    const box = page.getByRole('combobox', { name: 'Search' });
    await box.fill('email:*crew@example.com AND NOT role:nig');
    await page.getByRole('option', { name: 'role:"Night shift"' }).click();
    await page.getByRole('link', { name: 'Ben' }).waitFor();
    await page.getByRole('link', { name: 'Ada' }).waitFor({ state: 'detached' });
    expect(await box.inputValue()).toBe('email:*crew@example.com AND NOT role:"Night shift" ');
    await page.context().close();
  }, 60_000);

  it('leave a user permissions of their own, which are given and taken on their page', async () => {
    const identifier = 'https://invoices.example.com/';
    await server.request('POST', '/resource-servers', {
      body: { identifier, name: 'Invoices', scopes: [{ value: 'read:invoices' }, { value: 'pay:invoices' }] },
    });
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'Bookkeeper' } });
    await server.request('POST', `/roles/${role.id}/permissions`, {
      body: {
        permissions: [{ resource_server_identifier: identifier, permission_name: 'read:invoices' }],
      },
    });
    const userPath = `users/${encodeURIComponent(crew[1] ?? '')}`;
    await server.request('POST', `/${userPath}/roles`, { body: { roles: [role.id] } });
    const listed = async () =>
      (await server.request('GET', `/${userPath}/permissions`)).body.map(
        (held: { permission_name: string; sources: { source_type: string }[] }) =>
          `${held.permission_name} ${held.sources.map((source) => source.source_type).join('+')}`,
      );
    const page = await dashboard.signIn('owner@example.com', `/dashboard/${userPath}?tab=roles`);
    const permitted = page.getByRole('region', { name: 'Permissions' });
    await permitted.getByRole('row', { name: /read:invoices.*Bookkeeper/ }).waitFor();
    // What a role permits is the role's to take.
    expect(await permitted.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    for (const name of ['pay:invoices', 'read:invoices']) {
      await permitted.getByRole('combobox', { name: 'Permission' }).fill(name.slice(0, 6));
      await page.getByRole('option', { name }).click();
      await permitted.getByRole('button', { name: 'Give' }).click();
      await permitted.getByRole('button', { name: `Remove ${name} at Invoices` }).waitFor();
    }
    expect(await listed()).toEqual(['pay:invoices DIRECT', 'read:invoices DIRECT+ROLE']);
    await permitted.getByRole('row', { name: /read:invoices.*their own, Bookkeeper/ }).waitFor();
    await permitted.getByRole('combobox', { name: 'Permission' }).fill('invoices');
    await page.getByText('No permission has such a name').waitFor();
    await page.keyboard.press('Escape');
    await permitted.getByRole('button', { name: 'Remove pay:invoices at Invoices' }).click();
    await page.getByText('pay:invoices was removed.').waitFor();
    expect(await listed()).toEqual(['read:invoices DIRECT+ROLE']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await permitted.getByRole('button', { name: 'Remove pay:invoices at Invoices' }).waitFor();
    expect(await listed()).toEqual(['pay:invoices DIRECT', 'read:invoices DIRECT+ROLE']);

    const theirs = await dashboard.signIn('auditor@example.com', `/dashboard/${userPath}?tab=roles`);
    await theirs.getByRole('row', { name: /pay:invoices.*their own/ }).waitFor();
    expect(await theirs.getByRole('combobox', { name: 'Permission' }).count()).toBe(0);
    expect(await theirs.getByRole('button', { name: /Remove|Give/ }).count()).toBe(0);
    await theirs.context().close();
    await page.context().close();
  }, 60_000);

  it('are shown to an auditor, who is offered nothing', async () => {
    const { body: role } = await server.request('POST', '/roles', { body: { name: 'Reader' } });
    await server.request('POST', `/roles/${role.id}/users`, { body: { users: [crew[2]] } });
    const page = await dashboard.signIn('auditor@example.com', '/dashboard/roles');
    await page.getByRole('link', { name: 'Reader' }).waitFor();
    expect(await page.getByRole('button', { name: 'Create role' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Reader' }).click();
    await page.getByRole('link', { name: 'Cleo' }).waitFor();
    expect(await page.getByRole('button', { name: /Remove|Assign/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Name').waitFor();
    expect(await page.getByRole('button', { name: 'Delete this role' }).count()).toBe(0);
    await page.goto(
      `${server.config.publicUrl}/dashboard/users/${encodeURIComponent(crew[2] ?? '')}?tab=roles`,
    );
    await page.getByRole('link', { name: 'Reader' }).waitFor();
    expect(await page.getByRole('button', { name: /Remove|Assign/ }).count()).toBe(0);
    await page.context().close();
  }, 60_000);
});

describe.each(['light', 'dark'] as const)('the pages of roles in %s', (colorScheme) => {
  it('have no barrier that axe finds, on a desktop and a phone, nor has the dialog for many', async () => {
    const { body: role } = await server.request('POST', '/roles', {
      body: { name: `Axe ${colorScheme}`, description: 'Looked at by axe' },
    });
    await server.request('POST', `/roles/${role.id}/users`, { body: { users: [crew[0]] } });
    const own = (id = '') => `/dashboard/users/${encodeURIComponent(id)}?tab=roles`;
    const paths = [
      '/dashboard/roles',
      `/dashboard/roles/${role.id}`,
      `/dashboard/roles/${role.id}?tab=permissions`,
      `/dashboard/roles/${role.id}?tab=settings`,
      own(crew[0]),
      own(crew[1]),
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
    const page = await dashboard.signIn('owner@example.com', '/dashboard/users', { colorScheme });
    await chooseForCrew(page, 'Assign role', role.name);
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  }, 90_000);
});
