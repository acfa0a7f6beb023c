/**
 * Scopes that travel inside `oidc-provider` only. It drops `offline_access` unless consent is asked for, which
 * silent renewals cannot; and it refuses requests that would grant no scope at all, which the reference answers.
 */
const offline = 'urn:muster:offline';
const base = 'urn:muster:base';

export const openidScopes = ['openid', 'profile', 'email', 'address', 'phone'];
/** Scopes that are granted whatever the API. */
export const staticScopes = [...openidScopes, 'offline_access', offline, base];

/** @param scope what the client asked for */
export function toInnerScope(scope: string): string {
  const asked = splitScope(scope).map((name) => (name === 'offline_access' ? offline : name));
  return [...new Set([...asked, base])].join(' ');
}

/** What the client is told; `undefined` when that is nothing. */
export function fromInnerScope(scope: string | undefined): string | undefined {
  const names = splitScope(scope)
    .filter((name) => name !== base)
    .map((name) => (name === offline ? 'offline_access' : name));
  return names.length > 0 ? [...new Set(names)].join(' ') : undefined;
}

export function wantsOfflineAccess(scope: string | undefined): boolean {
  const names = splitScope(scope);
  return names.includes(offline) || names.includes('offline_access');
}

export function splitScope(scope: string | undefined): string[] {
  return (scope ?? '').split(/\s+/).filter((name) => name !== '');
}
