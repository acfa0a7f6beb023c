import { BlockList, isIPv6 } from 'node:net';
import { createRateLimiter, type RateLimitState } from '../platform/http/rate-limit.ts';

/** Counts what anybody may do; each throws GlobalLimitError when it was once too often. */
export interface AccountLimits {
  /** @returns how the address stands; undefined where nothing is counted */
  countSignUp(ip: string): Promise<RateLimitState | undefined>;
  /** @param identifier whose password is to be reset, as typed */
  countPasswordReset(ip: string, identifier: string): Promise<RateLimitState | undefined>;
}

/** Seconds: 10 requests in ten minutes are the documented burst of 10 and 1 a minute after it. */
const resetWindow = 600;
const signUpWindow = 60;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Limits by address, counted in this process alone. Loopback is not limited: whoever is there has the machine, or is the
 * operator's own backend.
 * @param options.signUps sign-ups a minute from one address, and as many reset requests; 0: any number
 * @param options.passwordResets reset requests in ten minutes from one address for one account; 0: any number
 */
export function createAccountLimits(options: {
  readonly signUps: number;
  readonly passwordResets: number;
}): AccountLimits {
  const limiterOf = (points: number, seconds: number) =>
    points === 0 ? undefined : createRateLimiter(points, seconds);
  const signUps = limiterOf(options.signUps, signUpWindow);
  const resets = limiterOf(options.signUps, signUpWindow);
  const resetsOfAccount = limiterOf(options.passwordResets, resetWindow);
  return {
    countSignUp: async (ip) => (isLoopback(ip) ? undefined : signUps?.(networkOf(ip))),
    countPasswordReset: async (ip, identifier) => {
      if (isLoopback(ip)) return undefined;
      const ofAddress = await resets?.(networkOf(ip));
      const account = identifier.trim().toLowerCase();
      return (await resetsOfAccount?.(`${networkOf(ip)} ${account}`)) ?? ofAddress;
    },
  };
}

function isLoopback(ip: string): boolean {
  const mapped = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  return loopback.check(mapped, isIPv6(mapped) ? 'ipv6' : 'ipv4');
}

/** One household or server has a whole /64 of IPv6: counting single addresses of it would limit nobody. */
function networkOf(ip: string): string {
  if (!isIPv6(ip) || /\d\.\d/.test(ip)) return ip;
  const [head = '', tail] = ip.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
