import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DashboardFixture, findBarriers, startDashboard } from './support/dashboard-fixture.ts';
import {
  createClient,
  createUser,
  database,
  password,
  postAsClient,
  type TestClient,
} from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let dashboard: DashboardFixture;
let server: TestServer;
let signIn: DashboardFixture['signIn'];
let application: TestClient;

beforeAll(async () => {
  dashboard = await startDashboard();
  ({ server, signIn } = dashboard);
  application = await createClient(server, { name: 'Acme Notes' });
}, 240_000);
afterAll(() => dashboard?.close());

const readUser = async (email: string) =>
  (await server.request('GET', '/users-by-email', { query: { email } })).body[0];

/** Whether the password opens the account, at the API. */
async function canSignIn(email: string, secret: string): Promise<boolean> {
  const { status } = await postAsClient(server, application, '/oauth/token', {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm: database,
    username: email,
    password: secret,
    scope: 'openid offline_access',
  });
  return status === 200;
}

describe('an owner in the dashboard', () => {
  it('creates a user, edits their metadata, blocks and deletes them', async () => {
    const page = await signIn('owner@example.com', '/dashboard/users');
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    const generated = await dialog.locator('pre').innerText();
    expect(await canSignIn('ada@example.com', generated)).toBe(true);
    await dialog.getByRole('button', { name: 'Open the user' }).click();
    await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
    expect(await readUser('ada@example.com')).toMatchObject({ email: 'ada@example.com' });

    await page.getByRole('tab', { name: 'Metadata' }).click();
    const metadata = page.getByRole('textbox', { name: /^app_metadata/ });
    await metadata.fill('{ "plan": ');
    await page.getByText('This is not JSON').waitFor();
    await metadata.fill('{ "plan": "gold" }');
    await page.getByText('plan: "gold"').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await readUser('ada@example.com')).app_metadata).toEqual({ plan: 'gold' });

    await page.getByRole('button', { name: 'Block', exact: true }).click();
    await page.getByText('Blocked').waitFor();
    expect((await readUser('ada@example.com')).blocked).toBe(true);
    await page.getByRole('button', { name: 'Unblock', exact: true }).click();
    await page.getByRole('button', { name: 'Block', exact: true }).waitFor();
    expect((await readUser('ada@example.com')).blocked).toBe(false);
    const before = await readUser('ada@example.com');

    await page.getByRole('button', { name: 'Delete' }).click();
    const confirmation = page.getByRole('dialog');
    expect(await confirmation.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
    await confirmation.getByRole('textbox').fill('ada@example.com');
    await confirmation.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    expect(await readUser('ada@example.com')).toBeUndefined();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'ada@example.com' }).waitFor();
    expect({ ...(await readUser('ada@example.com')), updated_at: '' }).toEqual({ ...before, updated_at: '' });
    expect(await canSignIn('ada@example.com', generated)).toBe(true);
    await page.context().close();
  });

  it('sees where a user is blocked after wrong passwords, and lifts it for an address or for all', async () => {
    const id = await createUser(server, 'guessed@example.com');
    const trusting = await createClient(server, { is_token_endpoint_ip_header_trusted: true });
    const limit = (body: unknown) =>
      server.request('PATCH', '/attack-protection/brute-force-protection', { body });
    await limit({ max_attempts: 1 });
    for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
      await server.fetchRaw('POST', '/oauth/token', {
        headers: { 'content-type': 'application/json', 'auth0-forwarded-for': ip },
        payload: JSON.stringify({
          grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
          client_id: trusting.id,
          client_secret: trusting.secret,
          realm: database,
          username: 'guessed@example.com',
          password: 'wrong',
        }),
      });
    const listAddresses = async () => {
      const { body } = await server.request('GET', `/user-blocks/${encodeURIComponent(id)}`);
      return body.blocked_for.map(({ ip }: { ip: string }) => ip).sort();
    };
    expect(await listAddresses()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    const path = `/dashboard/users/${encodeURIComponent(id)}`;
    expect(await findBarriers(dashboard, [path], 'light')).toEqual([]);
    expect(await findBarriers(dashboard, [path], 'dark')).toEqual([]);

    const auditor = await signIn('auditor@example.com', path);
    await auditor.getByText('guessed@example.com from 192.0.2.2').waitFor();
    expect(await auditor.getByRole('button', { name: /Unblock/ }).count()).toBe(0);
    await auditor.context().close();

    const page = await signIn('owner@example.com', path);
    await page.getByRole('button', { name: 'Unblock: guessed@example.com, 192.0.2.2' }).click();
    await page.getByText('from 192.0.2.2').waitFor({ state: 'detached' });
    expect(await listAddresses()).toEqual(['192.0.2.1', '192.0.2.3']);
    await page.getByRole('button', { name: 'Unblock all' }).click();
    await page.getByText('Blocked after wrong passwords').waitFor({ state: 'detached' });
    expect(await listAddresses()).toEqual([]);
    await page.context().close();
    await limit({ max_attempts: 10 });
  });

  it('restores one deleted user and deletes another for good', async () => {
    for (const email of ['back@example.com', 'gone@example.com']) {
      const id = await createUser(server, email);
      const path = `/users/${encodeURIComponent(id)}`;
      await server.request('DELETE', path, { query: { recoverable: true } });
    }
    const page = await signIn('owner@example.com', '/dashboard/users/deleted');
    await page.getByRole('button', { name: 'Restore: back@example.com' }).click();
    await page.getByText('back@example.com is back.').waitFor();
    expect(await readUser('back@example.com')).toMatchObject({ email: 'back@example.com' });
    await page.getByRole('button', { name: 'Delete for good: gone@example.com' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('gone@example.com');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await server.request('GET', '/deleted-users')).body.users).toEqual([]);
    await page.context().close();
  });

  it('invites somebody by mail, with a username where the connection has them', async () => {
    await server.request('POST', '/connections', {
      body: {
        name: 'with-usernames',
        strategy: 'auth0',
        options: { requires_username: true },
        enabled_clients: [server.config.managementClient.id],
      },
    });
    const page = await signIn('owner@example.com', '/dashboard/users?create=1');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Connection' }).click();
    await page.getByRole('option', { name: 'with-usernames' }).click();
    await dialog.getByLabel('Email').fill('invited@example.com');
    await dialog.getByLabel('Username').fill('invited');
    await dialog.getByRole('radio', { name: 'Invite by mail' }).check();
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('the invitation is on its way').waitFor();
    const user = await readUser('invited@example.com');
    expect(user).toMatchObject({ username: 'invited' });
    const { body: mails } = await server.request('GET', '/messages', { query: { user_id: user.user_id } });
    expect(mails).toMatchObject([{ kind: 'reset_email', to: 'invited@example.com' }]);

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Send reset-password mail' }).click();
    await page.getByText('The mail is on its way.').waitFor();
    const again = await server.request('GET', '/messages', { query: { user_id: user.user_id } });
    expect(again.body).toHaveLength(2);
    await page.context().close();
  });

  it('links another account after seeing what happens to its metadata, and unlinks it', async () => {
    const primary = await createUser(server, 'linked.1@example.com', { app_metadata: { plan: 'gold' } });
    const secondary = await createUser(server, 'linked.2@example.com', {
      app_metadata: { plan: 'free', seats: 3 },
    });
    const page = await signIn(
      'owner@example.com',
      `/dashboard/users/${encodeURIComponent(primary)}?tab=identities`,
    );
    await page.getByLabel('The account to be linked').fill('linked.2@example.com');
    await page.getByRole('button', { name: 'Choose: linked.2@example.com' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('app_metadata.seats').waitFor();
    await dialog.getByText('Both have app_metadata.plan').waitFor();
    await dialog.getByRole('button', { name: 'Link', exact: true }).click();
    await page.getByText('Profile as Username-Password-Authentication gave it').last().waitFor();
    expect(await readUser('linked.1@example.com')).toMatchObject({
      app_metadata: { plan: 'gold', seats: 3 },
      identities: [{}, { profileData: { email: 'linked.2@example.com' } }],
    });
    expect(await readUser('linked.2@example.com')).toBeUndefined();
    await page.getByRole('button', { name: `Unlink: ${secondary}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await expect.poll(async () => (await readUser('linked.2@example.com'))?.user_id).toBe(secondary);
    await page.context().close();
  });

  it('changes a picture by a file of any size, and goes back to the default', async () => {
    const id = await createUser(server, 'face@example.com', { name: 'Face' });
    const page = await dashboard.signIn('owner@example.com', `/dashboard/users/${encodeURIComponent(id)}`);
    const choose = async (file: { name: string; mimeType: string; buffer: Buffer }) => {
      await page.getByRole('button', { name: 'Change the picture' }).click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('menuitem', { name: 'Upload a picture' }).click();
      await (await chooser).setFiles(file);
    };
    const pictureOf = async () =>
      (await server.request('GET', `/users/${encodeURIComponent(id)}`)).body.picture;
    const before = await pictureOf();
    const screenshot = await page.screenshot();
    await choose({ name: 'face.png', mimeType: 'image/png', buffer: screenshot });
    await expect.poll(pictureOf).not.toBe(before);
    const picture = await pictureOf();
    await page.locator(`img[src="${picture}"]`).waitFor();
    const answer = await fetch(picture);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(100_000);

    await choose({ name: 'face.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
    await page
      .getByRole('alert')
      .getByText(/decoded/)
      .waitFor();
    await page.getByRole('button', { name: 'Change the picture' }).click();
    await page.getByRole('menuitem', { name: 'Use the default picture' }).click();
    await expect.poll(pictureOf).toBe(before);
    await page.context().close();
  });

  it('ends sessions, changes a password and makes a link, and sees what happened', async () => {
    const userId = await createUser(server, 'acted@example.com');
    const theirs = await signIn('acted@example.com', '/dashboard').catch(() => undefined);
    await theirs?.context().close();
    const page = await signIn(
      'owner@example.com',
      `/dashboard/users/${encodeURIComponent(userId)}?tab=access`,
    );
    await page.getByRole('region', { name: 'Sessions' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: 'End all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).click();
    await page.getByText('No sessions: they are signed in nowhere').waitFor();
    const sessions = await server.request('GET', `/users/${encodeURIComponent(userId)}/sessions`);
    expect(sessions.body.sessions).toEqual([]);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    await page.getByRole('button', { name: 'Generate' }).click();
    const changed = await page.getByRole('dialog').getByLabel('New password').inputValue();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('The password was changed.').waitFor();
    expect(await canSignIn('acted@example.com', changed)).toBe(true);
    expect(await canSignIn('acted@example.com', password)).toBe(false);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Password link' }).click();
    await page.getByText('/u/reset-password', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Update a user').first().waitFor();
    await page
      .getByText(/changed .*last_password_reset/)
      .first()
      .waitFor();
    await page.context().close();
  });

  it('revokes one of two refresh tokens, one session, one grant, and then the rest', async () => {
    const userId = await createUser(server, 'revoked@example.com');
    const path = `/users/${encodeURIComponent(userId)}`;
    const theirs = await signIn('revoked@example.com', '/dashboard').catch(() => undefined);
    await theirs?.context().close();
    for (let device = 0; device < 2; device += 1)
      expect(await canSignIn('revoked@example.com', password)).toBe(true);
    await sql`INSERT INTO user_grants (id, user_id, client_id, audience, scope)
      VALUES ('cgr_1', ${userId}, ${application.id}, '', '{profile}')`.execute(server.database);
    const count = async () => ({
      sessions: (await server.request('GET', `${path}/sessions`)).body.sessions.length,
      tokens: (await server.request('GET', `${path}/refresh-tokens`)).body.tokens.length,
      grants: (await server.request('GET', '/grants', { query: { user_id: userId } })).body.length,
    });
    const before = await count();
    expect(before).toMatchObject({ tokens: 2 });
    const page = await signIn('owner@example.com', `/dashboard${path}?tab=access`);
    const revoke = (region: string) =>
      page.getByRole('region', { name: region }).getByRole('button', { name: 'Revoke' }).first().click();
    await revoke('Devices with refresh tokens');
    await expect.poll(count).toEqual({ ...before, tokens: 1 });
    await revoke('Sessions');
    await expect.poll(async () => (await count()).sessions).toBe(before.sessions - 1);
    await revoke('Authorized applications');
    await expect.poll(async () => (await count()).grants).toBe(before.grants - 1);
    await page.getByRole('button', { name: 'End all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End all' }).click();
    await expect.poll(async () => (await count()).tokens).toBe(0);
    await page.context().close();
  });

  it('finds applications in the palette, and acts on the user whose page is open', async () => {
    const userId = await createUser(server, 'palette@example.com', { name: 'Palette' });
    const page = await signIn('owner@example.com', `/dashboard/users/${encodeURIComponent(userId)}`);
    await page.getByRole('heading', { name: 'Palette' }).waitFor();
    await page.keyboard.press('Control+K');
    const box = page.getByRole('combobox', { name: 'Find a user, a page or an action' });
    await box.fill('block');
    await page.getByRole('option', { name: 'Block Palette This user' }).click();
    await expect.poll(async () => (await readUser('palette@example.com')).blocked).toBe(true);
    await page.getByText('Blocked', { exact: true }).waitFor();
    await page.keyboard.press('Control+K');
    await box.fill('acme');
    await page.getByRole('option', { name: /^Acme Notes/ }).click();
    await page.getByRole('heading', { name: 'Acme Notes' }).waitFor();
    await page.context().close();
  });

  it('loses no metadata that was refused, and is told at the editor it belongs to', async () => {
    const id = await createUser(server, 'kept@example.com', { app_metadata: { plan: 'free', seats: 1 } });
    const path = `/users/${encodeURIComponent(id)}`;
    const page = await signIn('owner@example.com', `/dashboard${path}?tab=metadata`);
    const part = page.getByRole('region', { name: 'app_metadata' });
    const editor = part.getByRole('textbox');
    await editor.fill('{ "plan": "gold", "seats": 1, "a.b": 1, "id": 9007199254740993 }');
    await part.getByText('keys have no . and no $').waitFor();
    await part.getByText('9007199254740993 would be saved as another number').waitFor();
    expect(await part.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

    await editor.fill(
      `{ "plan": "gold", "seats": 1, "${'k'.repeat(300_000)}": [${'"x",'.repeat(250_000)}1] }`,
    );
    await part.getByRole('button', { name: 'Save' }).click();
    await part.getByRole('alert').getByText('This did not work').waitFor();
    expect(await page.getByRole('region', { name: 'user_metadata' }).getByRole('alert').count()).toBe(0);

    await editor.fill('{ "plan": "gold", "seats": 1, "deep": { "city": "Rome" } }');
    await part.getByText('deep: {"city":"Rome"}').waitFor();
    await server.request('PATCH', path, { body: { app_metadata: { seats: 2, theirs: true } } });
    await part.getByRole('button', { name: 'Save' }).click();
    await part.getByRole('button', { name: 'Show the new version' }).click();
    await part.getByText('What you wrote is kept').waitFor();
    await part.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await readUser('kept@example.com')).app_metadata)
      .toEqual({ plan: 'gold', seats: 2, theirs: true, deep: { city: 'Rome' } });
    expect(await page.title()).toBe('kept@example.com · Users · Muster');
    await page.context().close();
  }, 60_000);

  it('is told when somebody else changed the user meanwhile', async () => {
    const userId = await createUser(server, 'shared@example.com');
    const page = await signIn('owner@example.com', `/dashboard/users/${encodeURIComponent(userId)}`);
    await page.getByLabel('Nickname').fill('mine');
    await server.request('PATCH', `/users/${encodeURIComponent(userId)}`, { body: { nickname: 'theirs' } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed this user meanwhile').waitFor();
    expect((await readUser('shared@example.com')).nickname).toBe('theirs');
    await page.context().close();
  });
});

describe.each(['light', 'dark'] as const)('the pages in %s', (colorScheme) => {
  it('have no barrier that axe finds, on a desktop and a phone', async () => {
    const userId = (await readUser('owner@example.com')).user_id;
    const own = `/dashboard/users/${encodeURIComponent(userId)}`;
    const paths = [
      '/dashboard',
      '/dashboard/users',
      '/dashboard/users/deleted',
      `${own}?tab=details`,
      `${own}?tab=metadata`,
      `${own}?tab=identities`,
      `${own}?tab=access`,
      '/dashboard/logs',
    ];
    expect(await findBarriers(dashboard, paths, colorScheme)).toEqual([]);
  }, 90_000);
});
