/** How long sessions of the tenant last; seconds. */
export interface SessionLifetimes {
  readonly absolute: number;
  readonly idle: number;
  /** Whether the cookie outlives the browser. */
  readonly isPersistent: boolean;
}

const hour = 3_600;
const defaults = { absolute: 168, idle: 72, ephemeralAbsolute: 72, ephemeralIdle: 24 };

/** Reads the tenant's settings (spec authentication §9): hours, which may be fractions. */
export function readSessionLifetimes(settings: Readonly<Record<string, unknown>>): SessionLifetimes {
  const hours = (name: string, fallback: number) => {
    const value = settings[name];
    return typeof value === 'number' && value > 0 ? value : fallback;
  };
  const mode: unknown = Reflect.get(Object(settings['session_cookie']), 'mode');
  const isPersistent = mode !== 'non-persistent';
  const [absolute, idle] = isPersistent
    ? [hours('session_lifetime', defaults.absolute), hours('idle_session_lifetime', defaults.idle)]
    : [
        hours('ephemeral_session_lifetime', defaults.ephemeralAbsolute),
        hours('idle_ephemeral_session_lifetime', defaults.ephemeralIdle),
      ];
  return { absolute: Math.ceil(absolute * hour), idle: Math.ceil(idle * hour), isPersistent };
}

/**
 * Seconds until a session ends if nothing happens any more; 0 or less: it is over.
 * @param authenticatedAt seconds since 1970; absent before anybody signed in
 */
export function remainingLifetime(
  lifetimes: SessionLifetimes,
  authenticatedAt: number | undefined,
  now = Math.floor(Date.now() / 1000),
): number {
  if (authenticatedAt === undefined) return lifetimes.idle;
  return Math.min(lifetimes.idle, authenticatedAt + lifetimes.absolute - now);
}
