import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import express from 'express';
import openid from 'express-openid-connect';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './support/chromium.ts';
import { type Listening, listen, startListeningServer } from './support/listening-server.ts';
import { createClient, createUser, password } from './support/sign-in-fixture.ts';
import type { TestServer } from './support/test-server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startListeningServer();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function openPage(): Promise<Page> {
  const context = await browser.newContext();
  // Shorter than the test's own limit, so that a failure says what was waited for.
  context.setDefaultTimeout(10_000);
  return context.newPage();
}

async function readUser(email: string) {
  return (await server.request('GET', '/users-by-email', { query: { email } })).body[0];
}

describe('a page with the official single-page client', () => {
  let application: Listening;
  let clientId = '';

  beforeAll(async () => {
    const script = await readFile(
      createRequire(import.meta.url).resolve('@auth0/auth0-spa-js/dist/auth0-spa-js.production.js'),
    );
    application = await listen((request, response) => {
      if (request.url === '/client.js') response.setHeader('content-type', 'text/javascript').end(script);
      else
        response
          .setHeader('content-type', 'text/html')
          .end(createSinglePage(server.config.publicUrl, clientId));
    });
    const client = await createClient(server, {
      app_type: 'spa',
      token_endpoint_auth_method: 'none',
      callbacks: [application.url],
      allowed_logout_urls: [application.url],
      web_origins: [application.url],
      allowed_origins: [application.url],
    });
    clientId = client.id;
  });
  afterAll(() => application?.close());

  it('signs somebody up, renews silently, and signs out', async () => {
    const page = await openPage();
    const email = 'spa@example.com';
    await page.goto(application.url);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await acceptConsent(page);
    await page.getByText(`Hello ${email}`).waitFor();
    expect((await readUser(email)).logins_count).toBe(1);

    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByText('Renewed 1').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByText('Renewed 1').waitFor();
    expect((await readUser(email)).logins_count).toBe(1);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${application.url}/`);
    await page.getByRole('button', { name: 'Renew' }).click();
    await page.getByText('Not renewed: login_required').waitFor();
    await page.context().close();
  });

  it('is told when somebody is blocked', async () => {
    const email = 'blocked@example.com';
    await createUser(server, email, { blocked: true });
    const page = await openPage();
    await page.goto(application.url);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Email address or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByText('Failed: unauthorized user is blocked').waitFor();
    await page.context().close();
  });
});

describe('an Express application with the official middleware', () => {
  let application: Listening;

  beforeAll(async () => {
    const app = express();
    application = await listen(app);
    const client = await createClient(server, {
      callbacks: [`${application.url}/callback`],
      allowed_logout_urls: [application.url],
    });
    app.use(
      openid.auth({
        issuerBaseURL: server.config.publicUrl,
        baseURL: application.url,
        clientID: client.id,
        clientSecret: client.secret,
        secret: 'a secret for the cookies of this test alone',
        authRequired: false,
        idpLogout: true,
        authorizationParams: { response_type: 'code', scope: 'openid profile email offline_access' },
      }),
    );
    app.get('/', (request, response) => {
      response.send(request.oidc.isAuthenticated() ? `Hello ${request.oidc.user?.['email']}` : 'Nobody');
    });
    app.get('/userinfo', async (request, response) => {
      response.json(await request.oidc.fetchUserInfo());
    });
    app.get('/refresh', async (request, response) => {
      const before = request.oidc.accessToken;
      const after = await before?.refresh();
      response.send(after && after.access_token !== before?.access_token ? 'Refreshed' : 'Same');
    });
  });
  afterAll(() => application?.close());

  it('signs somebody in, asks for their profile, refreshes, and signs out everywhere', async () => {
    const email = 'express@example.com';
    const userId = await createUser(server, email, { name: 'Ada Lovelace' });
    const page = await openPage();
    await page.goto(application.url);
    expect(await page.textContent('body')).toBe('Nobody');
    await page.goto(`${application.url}/login`);
    await page.getByLabel('Email address or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe('Wrong email or password.');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await acceptConsent(page);
    await page.getByText(`Hello ${email}`).waitFor();

    await page.goto(`${application.url}/userinfo`);
    expect(JSON.parse((await page.textContent('body')) ?? '')).toMatchObject({
      sub: userId,
      name: 'Ada Lovelace',
      email,
    });
    await page.goto(`${application.url}/refresh`);
    expect(await page.textContent('body')).toBe('Refreshed');

    await page.goto(`${application.url}/logout`);
    await page.getByText('Nobody').waitFor();
    const sessions = await server.request('GET', `/users/${encodeURIComponent(userId)}/sessions`);
    expect(sessions.body.sessions).toEqual([]);
    await page.context().close();
  });
});

/** Applications on this machine are asked about, first-party ones too (spec authentication §1.3). */
async function acceptConsent(page: Page): Promise<void> {
  await page.waitForURL((url) => url.pathname !== '/u/login' && url.pathname !== '/u/signup');
  if (new URL(page.url()).pathname === '/u/consent')
    await page.getByRole('button', { name: 'Accept' }).click();
}

function createSinglePage(domain: string, clientId: string): string {
  return `<!DOCTYPE html><title>Single page</title><script src="/client.js"></script>
<p id="state">Nobody</p><p id="renewed"></p>
<button id="signup" disabled>Sign up</button><button id="login" disabled>Sign in</button><button id="renew" disabled>Renew</button><button id="logout" disabled>Sign out</button>
<script type="module">
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  const client = await auth0.createAuth0Client({
    domain: ${JSON.stringify(domain)}, clientId: ${JSON.stringify(clientId)},
    authorizationParams: { redirect_uri: location.origin, scope: 'openid profile email' },
  });
  const click = (id, work) => { document.getElementById(id).onclick = work; };
  let renewals = 0;
  click('signup', () => client.loginWithRedirect({ authorizationParams: { screen_hint: 'signup' } }));
  click('login', () => client.loginWithRedirect());
  click('logout', () => client.logout({ logoutParams: { returnTo: location.origin } }));
  click('renew', () => client.getTokenSilently({ cacheMode: 'off' }).then(
    () => show('renewed', 'Renewed ' + ++renewals),
    (error) => show('renewed', 'Not renewed: ' + error.error),
  ));
  const query = new URLSearchParams(location.search);
  if (query.has('state')) {
    try {
      await client.handleRedirectCallback();
    } catch (error) {
      show('state', 'Failed: ' + error.error + ' ' + error.error_description);
    }
    history.replaceState({}, '', '/');
  }
  const user = await client.getUser();
  if (user) show('state', 'Hello ' + user.email);
  for (const button of document.querySelectorAll('button')) button.disabled = false;
</script>`;
}
