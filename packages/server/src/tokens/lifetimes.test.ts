import { describe, expect, it } from 'vitest';
import type { RefreshPolicy } from './client-metadata.ts';
import { refreshLifetime } from './refresh-lifetime.ts';
import { readSessionLifetimes, remainingLifetime } from './session-lifetimes.ts';

describe('the lifetime of a session', () => {
  it('is a week, and three days without use, where the tenant says nothing', () => {
    expect(readSessionLifetimes({})).toEqual({ absolute: 604_800, idle: 259_200, isPersistent: true });
  });

  it('follows the tenant, in fractions of hours, and its kind of cookie', () => {
    const settings = { session_lifetime: 0.5, idle_session_lifetime: 1 / 60, ephemeral_session_lifetime: 2 };
    expect(readSessionLifetimes(settings)).toMatchObject({ absolute: 1_800, idle: 60 });
    const ephemeral = readSessionLifetimes({ ...settings, session_cookie: { mode: 'non-persistent' } });
    expect(ephemeral).toEqual({ absolute: 7_200, idle: 86_400, isPersistent: false });
  });

  it('ends by idleness, or by age since the sign-in, whichever is first', () => {
    const lifetimes = { absolute: 1_000, idle: 300, isPersistent: true };
    expect(remainingLifetime(lifetimes, 5_000, 5_100)).toBe(300);
    expect(remainingLifetime(lifetimes, 5_000, 5_900)).toBe(100);
    expect(remainingLifetime(lifetimes, 5_000, 6_001)).toBe(-1);
    expect(remainingLifetime(lifetimes, undefined, 6_001)).toBe(300);
  });
});

describe('the lifetime of a refresh token', () => {
  const policy = (change: Partial<RefreshPolicy>): RefreshPolicy => ({
    isRotating: true,
    leeway: 0,
    absoluteLifetime: undefined,
    idleLifetime: undefined,
    ...change,
  });

  it('counts the absolute end from the first of the family, the idle one from now', () => {
    expect(refreshLifetime(policy({ absoluteLifetime: 1_000 }), 5_000, 5_400)).toBe(600);
    expect(refreshLifetime(policy({ absoluteLifetime: 1_000, idleLifetime: 100 }), 5_000, 5_400)).toBe(100);
    expect(refreshLifetime(policy({ absoluteLifetime: 1_000, idleLifetime: 100 }), 5_000, 5_950)).toBe(50);
  });

  it('is ten years where nothing ends it, and never less than a second', () => {
    expect(refreshLifetime(policy({}), 5_000, 5_400)).toBe(315_360_000);
    expect(refreshLifetime(policy({ absoluteLifetime: 10 }), 5_000, 9_000)).toBe(1);
  });
});
