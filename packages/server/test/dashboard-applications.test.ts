import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server } = dashboard);
}, 240_000);
afterAll(() => dashboard?.close());

const ask = async (path: string, query?: Record<string, string>) =>
  (await server.request('GET', path, query === undefined ? {} : { query })).body;
const findNamed = async (path: string, name: string) =>
  (await ask(path)).find((one: { name: string }) => one.name === name);

describe('a database connection in the dashboard', () => {
  it('is created, given rules for passwords without losing an option, enabled for an application, and tried', async () => {
    const { body: application } = await server.request('POST', '/clients', {
      body: { name: 'Shop', app_type: 'spa', callbacks: ['https://shop.example.com/callback'] },
    });
    const page = await dashboard.signIn('owner@example.com', '/dashboard/connections');
    await page.getByRole('button', { name: 'Create database' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('customers');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'customers' }).waitFor();
    const { id, options: before } = await findNamed('/connections', 'customers');

    await page.getByLabel('People may sign up themselves').click();
    await page.getByLabel('Strength').first().click();
    await page.getByRole('option', { name: /^Excellent/ }).click();
    await page.getByLabel('The last passwords cannot be used again').click();
    await page.getByLabel('How many of them').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'hidden' });
    expect((await ask(`/connections/${id}`)).options).toEqual({
      ...before,
      disable_signup: true,
      passwordPolicy: 'excellent',
      password_history: { enable: true, size: 7 },
    });

    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.getByText('Nothing to try it with').waitFor();
    await page.getByRole('tab', { name: 'Applications' }).click();
    await page.getByRole('switch', { name: 'Enable Shop' }).click();
    await expect
      .poll(async () => (await ask(`/connections/${id}/clients`)).clients)
      .toEqual([{ client_id: application.client_id }]);
    const shopper = { connection: 'customers', email: 'shopper@example.com', password: 'Correct-horse-9' };
    await server.request('POST', '/users', { body: shopper });
    const looked = page.waitForResponse((answer) => answer.url().includes('/api/v2/logs?'));
    await page.getByRole('tab', { name: 'Try it' }).click();
    await looked;
    const address = (await page.getByText(/\/authorize\?/).textContent()) ?? '';
    const other = await dashboard.browser.newPage();
    await other.goto(address);
    await other.getByLabel('Email address').fill(shopper.email);
    await other.getByLabel('Password', { exact: true }).fill(shopper.password);
    await other.keyboard.press('Enter');
    await page.getByRole('status').getByText(shopper.email).waitFor();
    await page.getByText('"logins_count": 1').waitFor();
    await other.close();
    await page.context().close();
  });

  it('is deleted with its users when its name is typed', async () => {
    const { body: connection } = await server.request('POST', '/connections', {
      body: { name: 'passing', strategy: 'auth0' },
    });
    const page = await dashboard.signIn('owner@example.com', `/dashboard/connections/${connection.id}`);
    await page.getByRole('button', { name: 'Delete this connection' }).click();
    const last = page.getByRole('button', { name: 'Delete', exact: true });
    await page.getByLabel(/Type passing/).fill('passin');
    expect(await last.isDisabled()).toBe(true);
    await page.getByLabel(/Type passing/).fill('passing');
    await last.click();
    await page.waitForURL((url) => url.pathname === '/dashboard/connections');
    expect(await findNamed('/connections', 'passing')).toBeUndefined();
    await page.context().close();
  });
});

describe('an application in the dashboard', () => {
  it('is created for a browser, where it needs no secret, and says what is missing until it has it', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/applications');
    await page.getByRole('button', { name: 'Create application' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Front');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Front' }).waitFor();
    const { client_id: id } = await findNamed('/clients', 'Front');
    const created = await ask(`/clients/${id}`);
    expect(created).toMatchObject({ app_type: 'spa', token_endpoint_auth_method: 'none' });
    await page.getByText(`clientId: '${id}'`).waitFor();
    await page.getByText('First add http://localhost:5173').waitFor();

    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByText('Client ID', { exact: true }).waitFor();
    expect(await page.getByText('Client secret', { exact: true }).count()).toBe(0);
    await page.getByLabel('People may come back to').fill('http://localhost:5173\nnot an address');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .getByText(/callbacks/)
      .waitFor();
    await page.getByLabel('People may come back to').fill('http://localhost:5173\n');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'hidden' });
    const { signing_keys: _, ...unchanged } = created;
    expect(await ask(`/clients/${id}`)).toMatchObject({ ...unchanged, callbacks: ['http://localhost:5173'] });
    await page.getByRole('tab', { name: 'Quick start' }).click();
    await page.getByText(`clientId: '${id}'`).waitFor();
    expect(await page.getByText('First add').count()).toBe(0);
    await page.context().close();
  });

  it('has a secret that is hidden until it is asked for, and rotated', async () => {
    const { body: made } = await server.request('POST', '/clients', {
      body: {
        name: 'Back office',
        app_type: 'regular_web',
        token_endpoint_auth_method: 'client_secret_post',
      },
    });
    const page = await dashboard.signIn(
      'owner@example.com',
      `/dashboard/applications/${made.client_id}?tab=settings`,
    );
    await page.getByText('Client secret', { exact: true }).waitFor();
    expect(await page.getByText(made.client_secret).count()).toBe(0);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText(made.client_secret).waitFor();
    await page.getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByText(made.client_secret).waitFor({ state: 'hidden' });
    const { client_secret: rotated } = await ask(`/clients/${made.client_id}`);
    expect(rotated).not.toBe(made.client_secret);
    await page.getByText(rotated).waitFor();
    await page.context().close();
  });

  it('gets an API of its own, permission by permission, and its token says so', async () => {
    const page = await dashboard.signIn('owner@example.com', '/dashboard/apis');
    await page.getByRole('button', { name: 'Create API' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Orders');
    await page.getByLabel('Identifier').fill('https://orders.example.com');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('tab', { name: 'Permissions' }).click();
    for (const scope of ['read:orders', 'write:orders', 'drop:orders']) {
      await page.getByLabel(/^Permission, such as/).fill(scope);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText(scope, { exact: true }).waitFor();
    }
    await page.getByRole('button', { name: 'Remove drop:orders' }).click();
    await page.getByText('drop:orders').waitFor({ state: 'hidden' });
    const { scopes } = await findNamed('/resource-servers', 'Orders');
    expect(scopes).toEqual([{ value: 'read:orders' }, { value: 'write:orders' }]);

    const { body: machine } = await server.request('POST', '/clients', {
      body: {
        name: 'Nightly',
        app_type: 'non_interactive',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
      },
    });
    await page.goto(`${server.config.publicUrl}/dashboard/applications/${machine.client_id}?tab=apis`);
    await page.getByRole('switch', { name: 'Let it call Orders' }).click();
    await page.getByLabel('write:orders').click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'hidden' });
    const answer = await fetch(`${server.config.publicUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: machine.client_id,
        client_secret: machine.client_secret,
        audience: 'https://orders.example.com',
      }),
    });
    expect(await answer.json()).toMatchObject({ scope: 'write:orders' });
    await page.goto(`${server.config.publicUrl}/dashboard/apis`);
    await page.getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('tab', { name: 'Applications' }).click();
    await page.getByRole('link', { name: 'Nightly' }).waitFor();
    await page.context().close();
  });

  it('is shown to an auditor without its secret and without a way to change it', async () => {
    const { client_id: id, client_secret: secret } = (
      await server.request('POST', '/clients', { body: { name: 'Looked at', app_type: 'regular_web' } })
    ).body;
    const page = await dashboard.signIn('auditor@example.com', `/dashboard/applications/${id}?tab=settings`);
    await page.getByText('Client ID', { exact: true }).waitFor();
    expect(await page.getByText('Client secret', { exact: true }).count()).toBe(0);
    expect(await page.content()).not.toContain(secret);
    expect(await page.getByLabel('People may come back to').getAttribute('readonly')).not.toBeNull();
    expect(await page.getByRole('button', { name: 'Delete this application' }).count()).toBe(0);
    await page.goto(`${server.config.publicUrl}/dashboard/connections`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('button', { name: 'Create database' }).count()).toBe(0);
    await page.context().close();
  });
});

describe('the pages of connections, applications and APIs', () => {
  it.each(['light', 'dark'] as const)('have no barrier that axe finds, in %s', async (scheme) => {
    const { id: connection } = await findNamed('/connections', 'customers');
    const { client_id: application } = await findNamed('/clients', 'Front');
    const { id: api } = await findNamed('/resource-servers', 'Orders');
    const paths = [
      'connections',
      ...['settings', 'applications', 'try'].map((tab) => `connections/${connection}?tab=${tab}`),
      'applications',
      ...['quick-start', 'settings', 'apis'].map((tab) => `applications/${application}?tab=${tab}`),
      'apis',
      ...['quick-start', 'permissions', 'settings', 'applications'].map((tab) => `apis/${api}?tab=${tab}`),
    ];
    expect(
      await findBarriers(
        dashboard,
        paths.map((path) => `/dashboard/${path}`),
        scheme,
      ),
    ).toEqual([]);
  }, 180_000);
});
