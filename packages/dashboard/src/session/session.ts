import { Auth0Client } from '@auth0/auth0-spa-js';
import { managementScopes } from '@muster/contract';

/** What the server says of itself at `config.json`. */
export interface DashboardConfig {
  /** Origin of the server, without a slash at its end. */
  readonly url: string;
  readonly clientId: string;
  readonly audience: string;
}

/** Somebody who is signed in to the dashboard. */
export interface Session {
  readonly userId: string;
  /** This dashboard, as an application. */
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
  /** What the server lets them do; the screen hides the rest, the server refuses it. */
  readonly scopes: ReadonlySet<string>;
  getToken(): Promise<string>;
  signOut(): Promise<void>;
}

/** Why nobody is signed in, to be shown. */
export class SignInFailedError extends Error {
  readonly code: string;
  /** For another attempt. */
  readonly signOut: () => Promise<void>;

  constructor(code: string, message: string, signOut: () => Promise<void>) {
    super(message);
    this.name = 'SignInFailedError';
    this.code = code;
    this.signOut = signOut;
  }
}

const home = () => `${window.location.origin}/dashboard`;

/**
 * Finds out who is signed in, by a redirect to the sign-in page when nobody is: then the page goes away and nothing is
 * returned.
 * @throws SignInFailedError when the person was refused, or is no administrator
 */
export async function openSession(config: DashboardConfig): Promise<Session | undefined> {
  const client = new Auth0Client({
    domain: config.url,
    clientId: config.clientId,
    authorizationParams: {
      redirect_uri: home(),
      audience: config.audience,
      scope: `openid profile email ${managementScopes.join(' ')}`,
    },
  });
  const signIn = () => {
    const { pathname, search } = window.location;
    return client.loginWithRedirect({ appState: { path: pathname + search } });
  };
  const signOut = () => client.logout({ logoutParams: { returnTo: home() } });
  const query = new URLSearchParams(window.location.search);
  if (query.has('state') && query.has('error'))
    throw new SignInFailedError(
      query.get('error') ?? '',
      query.get('error_description') ?? 'The sign-in was refused.',
      signOut,
    );
  if (query.has('state') && query.has('code')) {
    const { appState } = await client.handleRedirectCallback<{ readonly path?: string }>();
    // With the router's place in the way back, which it finds its way by.
    window.history.replaceState(window.history.state, '', appState?.path ?? '/dashboard');
  }
  const token = await client.getTokenSilently().catch(() => undefined);
  const user = token === undefined ? undefined : await client.getUser();
  if (token === undefined || !user) {
    await signIn();
    return undefined;
  }
  const scopes = readScopes(token);
  if (!scopes.has('read:users'))
    throw new SignInFailedError(
      'access_denied',
      `${user.email ?? user.name ?? 'This account'} is not an administrator of this Muster.`,
      signOut,
    );
  let leaving: Promise<never> | undefined;
  return {
    userId: user.sub ?? '',
    clientId: config.clientId,
    name: user.name ?? user.email ?? '',
    email: user.email ?? '',
    scopes,
    getToken: () =>
      client.getTokenSilently().catch((error: unknown) => {
        if (!needsSignIn(error)) throw error;
        // The page goes away, once; until then whoever asked waits, and shows nothing that would look like a failure of theirs.
        leaving ??= signIn().then(() => new Promise<never>(() => undefined));
        return leaving;
      }),
    signOut,
  };
}

/** Whether the person has to come by again, for their session has ended; anything else may have been a passing trouble. */
function needsSignIn(error: unknown): boolean {
  return [
    'login_required',
    'consent_required',
    'interaction_required',
    'invalid_grant',
    'missing_refresh_token',
  ].includes(String(Reflect.get(Object(error), 'error')));
}

/** The scopes of an access token, which is for the server to verify and for us to read. */
function readScopes(token: string): Set<string> {
  const payload = token.split('.')[1] ?? '';
  const json: unknown = JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
        character.charCodeAt(0),
      ),
    ),
  );
  const scope = typeof json === 'object' && json !== null ? Reflect.get(json, 'scope') : undefined;
  return new Set(typeof scope === 'string' ? scope.split(' ') : []);
}
