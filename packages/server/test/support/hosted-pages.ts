import { openBrowser, type PageAnswer } from './browser.ts';
import { receiveTicket } from './mail-client.ts';
import {
  buildAuthorization,
  createApi,
  createClient,
  createUser,
  database,
  discover,
} from './sign-in-fixture.ts';
import type { TestServer } from './test-server.ts';

export interface HostedPage {
  readonly name: string;
  readonly answer: PageAnswer;
}

export interface Names {
  readonly application: string;
  readonly email: string;
}

/** Goes through the hosted pages as a person would, and returns each as it was shown. */
export async function collectHostedPages(
  server: TestServer,
  language: string,
  names: Names,
): Promise<HostedPage[]> {
  const pages: HostedPage[] = [];
  const keep = (name: string, answer: PageAnswer) => {
    if (!answer.text.startsWith('<!DOCTYPE html>'))
      throw new Error(`${name} is no page but ${answer.status}: ${answer.text.slice(0, 300)}`);
    pages.push({ name, answer });
    return answer;
  };
  const application = await createClient(server, { name: names.application, is_first_party: false });
  const configuration = await discover(server, application);
  const begin = async (change: Readonly<Record<string, string>> = {}) => {
    const browser = openBrowser(server);
    const { url } = await buildAuthorization(configuration, { ui_locales: language, ...change });
    return { browser, opened: await browser.open(url.href) };
  };
  await createUser(server, names.email);

  const login = await begin({ login_hint: names.email });
  keep('sign-in', login.opened);
  keep(
    'sign-in-refused',
    await login.browser.submit(login.opened, { username: names.email, password: 'no' }),
  );
  const state = login.opened.url.searchParams.get('state') ?? '';
  const consent = await login.browser.submit(login.opened, {
    username: names.email,
    password: 'Correct-horse-9',
  });
  keep('consent', consent);

  const first = await begin();
  const identifier = await switchIdentifierFirst(server, true, async () => {
    const page = await first.browser.open(`/u/login/identifier?state=${stateOf(first.opened)}`);
    keep('identifier', page);
    return first.browser.submit(page, { username: names.email });
  });
  keep('password', identifier);

  const signup = await begin({ screen_hint: 'signup' });
  keep('sign-up', signup.opened);
  keep(
    'sign-up-refused',
    await signup.browser.submit(signup.opened, { email: names.email, password: 'weak' }),
  );

  const forgotten = await begin();
  const request = await forgotten.browser.open(
    `/u/reset-password/request?state=${stateOf(forgotten.opened)}`,
  );
  keep('reset-request', request);
  keep('form-expired', await forgotten.browser.submit(request, { csrf: 'forged' }));
  await switchAccountsOff(server, true);
  keep('reset-off', await forgotten.browser.submit(request, { email: names.email }));
  keep('sign-up-off', await signup.browser.submit(signup.opened, { email: names.email }));
  await switchAccountsOff(server, false);
  keep('reset-sent', await forgotten.browser.submit(request, { email: 'nobody@example.com' }));

  const tickets = openBrowser(server, 'Mozilla/5.0 (tickets)', language);
  const openTicket = async (path: string, body: Record<string, unknown>) => {
    const made = await server.request('POST', path, { body });
    if (made.status !== 201) throw new Error(`no ticket: ${made.text}`);
    return new URL(made.body.ticket);
  };
  const userId = (await server.request('GET', '/users-by-email', { query: { email: names.email } })).body[0]
    .user_id;
  const reset = await openTicket('/tickets/password-change', { user_id: userId });
  const change = keep('new-password', await tickets.open(reset.href));
  keep('new-password-refused', await tickets.submit(change, { password: 'weak' }));
  keep('password-changed', await tickets.submit(change, { password: 'Another-horse-7' }));
  keep('reset-link-used', await tickets.open(reset.href));
  const verification = await openTicket('/tickets/email-verification', { user_id: userId });
  keep('email-verified', await tickets.open(verification.href));
  keep('verification-link-used', await tickets.open(verification.href));

  const askForDevice = async (): Promise<string> => {
    const device = await server.fetchRaw('POST', '/oauth/device/code', {
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({
        client_id: application.id,
        client_secret: application.secret,
        scope: 'openid',
        ui_locales: language,
      }),
    });
    return device.body.user_code;
  };
  const userCode = await askForDevice();
  const activation = `/activate?ui_locales=${language}`;
  const viewer = openBrowser(server);
  const activate = keep('device-code', await viewer.open(activation));
  keep('device-code-refused', await viewer.submit(activate, { user_code: 'AAAA-BBBB' }));
  const given = keep('device-code-given', await viewer.open(`${activation}&user_code=${userCode}`));
  const confirmation = await viewer.submit(given, { user_code: userCode });
  keep('device-confirmation', confirmation);
  keep('device-declined', await viewer.submit(confirmation, { abort: 'yes' }));

  // The new password has ended the session of before.
  const leaver = await begin();
  await leaver.browser.submit(leaver.opened, { username: names.email, password: 'Another-horse-7' });
  const question = keep(
    'sign-out',
    await leaver.browser.open(`/oidc/logout?client_id=${application.id}&ui_locales=${language}`),
  );
  if (question.url.pathname !== '/oidc/logout' || !question.text.includes('<form'))
    throw new Error('nobody was asked whether to sign out');
  keep('signed-out', await leaver.browser.submit(question));
  keep('sign-in-over', await openBrowser(server, undefined, language).open(`/u/login?state=${state}`));
  keep(
    'error',
    await openBrowser(server).open(`/authorize?client_id=nobody&response_type=code&ui_locales=${language}`),
  );

  await limitGuesses(server, 1);
  const guesser = await begin();
  await guesser.browser.submit(guesser.opened, { username: names.email, password: 'no' });
  keep(
    'sign-in-too-many',
    await guesser.browser.submit(guesser.opened, { username: names.email, password: 'Another-horse-7' }),
  );
  await limitGuesses(server, 10);
  const link = `/u/unblock?ticket=${await receiveTicket(server, names.email)}`;
  const unblock = keep('unblock', await tickets.open(link));
  keep('unblocked', await tickets.submit(unblock));
  keep('unblock-link-used', await tickets.open(link));

  await server.request('PATCH', `/users/${userId}`, { body: { blocked: true } });
  const blocked = openBrowser(server);
  const asked = await blocked.submit(await blocked.open(activation), { user_code: await askForDevice() });
  const refused = await blocked.submit(asked, { confirm: 'yes' });
  keep('blocked', await blocked.submit(refused, { username: names.email, password: 'Another-horse-7' }));
  return pages;
}

function stateOf({ url }: PageAnswer): string {
  return encodeURIComponent(url.searchParams.get('state') ?? '');
}

/** How many wrong passwords in a row there may be. */
async function limitGuesses(server: TestServer, max: number): Promise<void> {
  const body = { max_attempts: max };
  const changed = await server.request('PATCH', '/attack-protection/brute-force-protection', { body });
  if (changed.status !== 200) throw new Error(`the limit was not set: ${changed.text}`);
}

/** Closes the database for sign-ups and resets, under people who are about to do either. */
async function switchAccountsOff(server: TestServer, isOff: boolean): Promise<void> {
  const { body } = await server.request('GET', '/connections', { query: { name: database } });
  const [{ id, options }] = body;
  const closed = { ...options, disable_signup: isOff, disable_self_service_change_password: isOff };
  const changed = await server.request('PATCH', `/connections/${id}`, { body: { options: closed } });
  if (changed.status !== 200) throw new Error(`the connection was not changed: ${changed.text}`);
}

async function switchIdentifierFirst<T>(
  server: TestServer,
  isOn: boolean,
  work: () => Promise<T>,
): Promise<T> {
  const change = (on: boolean) => server.request('PATCH', '/prompts', { body: { identifier_first: on } });
  await change(isOn);
  try {
    return await work();
  } finally {
    await change(!isOn);
  }
}

/** Lets the server speak all its languages, and asks new people for a few things more. */
export async function prepareHostedPages(server: TestServer): Promise<void> {
  await createApi(server);
  await server.request('PATCH', '/tenants/settings', {
    body: { enabled_locales: ['en', 'de', 'fr', 'es', 'ja', 'ar'], support_url: 'https://acme.example/help' },
  });
  await server.request('PATCH', '/prompts', {
    body: {
      signup_fields: [
        { name: 'company', label: { en: 'Company', de: 'Firma', ar: 'الشركة' }, required: true },
        {
          name: 'size',
          label: 'Team',
          type: 'select',
          choices: [
            { value: 's', label: '1–10' },
            { value: 'l', label: '11+' },
          ],
        },
        { name: 'news', label: 'Send me news', type: 'checkbox' },
      ],
    },
  });
  const { body } = await server.request('GET', '/connections', { query: { name: database } });
  await server.request('PATCH', `/connections/${body[0].id}`, {
    body: { options: { passwordPolicy: 'good', password_history: { enable: true, size: 5 } } },
  });
}
