import type { RefreshPolicy } from './client-metadata.ts';

/** Ten years in seconds: what stands for "without end". */
const endless = 315_360_000;

/**
 * Seconds that a refresh token lives from now: the absolute lifetime counts from the first of its family, the idle
 * one from now.
 * @param issuedAt of the first of the family, seconds since 1970
 */
export function refreshLifetime(
  policy: RefreshPolicy,
  issuedAt: number,
  now = Math.floor(Date.now() / 1000),
): number {
  const absolute = policy.absoluteLifetime === undefined ? endless : issuedAt + policy.absoluteLifetime - now;
  return Math.max(1, Math.min(absolute, policy.idleLifetime ?? endless, endless));
}
