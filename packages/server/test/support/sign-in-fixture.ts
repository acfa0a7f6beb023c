import * as client from 'openid-client';
import { type Browser, fetchInto, type PageAnswer } from './browser.ts';
import type { TestAnswer, TestServer } from './test-server.ts';

export const database = 'Username-Password-Authentication';
export const password = 'Correct-horse-9';
export const callback = 'https://app.example.com/callback';
export const api = 'https://api.example.com/';

export interface TestClient {
  readonly id: string;
  readonly secret: string;
}

/** An application that may use the default database. */
export async function createClient(
  server: TestServer,
  change: Readonly<Record<string, unknown>> = {},
): Promise<TestClient> {
  const made = await server.request('POST', '/clients', {
    body: {
      name: 'Test application',
      app_type: 'regular_web',
      oidc_conformant: true,
      callbacks: [callback],
      allowed_logout_urls: ['https://app.example.com/out'],
      web_origins: ['https://app.example.com'],
      grant_types: [
        'authorization_code',
        'implicit',
        'refresh_token',
        'password',
        'http://auth0.com/oauth/grant-type/password-realm',
        'urn:ietf:params:oauth:grant-type:device_code',
      ],
      ...change,
    },
  });
  if (made.status !== 201) throw new Error(`no client: ${made.text}`);
  const connections = await server.request('GET', '/connections', { query: { name: database } });
  const changed = await server.request('PATCH', `/connections/${connections.body[0].id}/clients`, {
    body: [{ client_id: made.body.client_id, status: true }],
  });
  if (changed.status !== 204) throw new Error(`the client was not enabled: ${changed.text}`);
  return { id: made.body.client_id, secret: made.body.client_secret };
}

export async function createApi(
  server: TestServer,
  change: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const made = await server.request('POST', '/resource-servers', {
    body: {
      identifier: api,
      name: 'Test API',
      allow_offline_access: true,
      skip_consent_for_verifiable_first_party_clients: true,
      scopes: [{ value: 'read:things', description: 'See your things' }, { value: 'write:things' }],
      ...change,
    },
  });
  if (made.status !== 201) throw new Error(`no API: ${made.text}`);
}

/** @returns the user's id */
export async function createUser(
  server: TestServer,
  email: string,
  change: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const made = await server.request('POST', '/users', {
    body: { connection: database, email, password, email_verified: true, given_name: 'Ada', ...change },
  });
  if (made.status !== 201) throw new Error(`no user: ${made.text}`);
  return made.body.user_id;
}

/** The certified client, asking this server. */
export async function discover(
  server: TestServer,
  { id, secret }: TestClient,
  authentication: client.ClientAuth = client.ClientSecretPost(secret),
): Promise<client.Configuration> {
  return client.discovery(new URL(`${server.config.publicUrl}/`), id, {}, authentication, {
    execute: [client.allowInsecureRequests],
    [client.customFetch]: (url, { body, signal: _signal, ...init }) =>
      fetchInto(server)(url, { ...init, body: body ?? null }),
  });
}

export interface Authorization {
  readonly url: URL;
  readonly verifier: string;
  readonly nonce: string;
  readonly state: string;
}

/** An authorization request with PKCE, state and nonce. */
export async function buildAuthorization(
  configuration: client.Configuration,
  change: Readonly<Record<string, string>> = {},
): Promise<Authorization> {
  const verifier = client.randomPKCECodeVerifier();
  const nonce = client.randomNonce();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callback,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...change,
  });
  return { url, verifier, nonce, state };
}

/** Types an e-mail address and password into the sign-in page. */
export async function typeCredentials(
  browser: Browser,
  page: PageAnswer,
  email: string,
  typed = password,
): Promise<PageAnswer> {
  return browser.submit(page, { username: email, password: typed });
}

/** Signs in and exchanges the code. */
export async function signInAt(
  browser: Browser,
  configuration: client.Configuration,
  email: string,
  change: Readonly<Record<string, string>> = {},
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const authorization = await buildAuthorization(configuration, change);
  const opened = await browser.open(authorization.url.href);
  const answer = opened.location ? opened : await typeCredentials(browser, opened, email);
  return exchange(configuration, authorization, answer);
}

export function exchange(
  configuration: client.Configuration,
  authorization: Authorization,
  answer: PageAnswer,
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  if (!answer.location) throw new Error(`no redirect but ${answer.status}: ${answer.text}`);
  return client.authorizationCodeGrant(configuration, new URL(answer.location), {
    pkceCodeVerifier: authorization.verifier,
    expectedNonce: authorization.nonce,
    expectedState: authorization.state,
  });
}

/** Asks an endpoint as the application, whose credentials stand in the body unless that says otherwise. */
export function postAsClient(
  server: TestServer,
  { id, secret }: TestClient,
  path: string,
  body: Readonly<Record<string, unknown>>,
): Promise<TestAnswer> {
  return server.fetchRaw('POST', path, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ client_id: id, client_secret: secret, ...body }),
  });
}
