import { isIP, isIPv4 } from 'node:net';
import { primaryIdentity, type User } from '../../users/index.ts';

/** What wrong passwords are counted by. */
export interface LoginKey {
  /** As typed, without case and surrounding spaces: no two of a connection's users share one. */
  readonly identifier: string;
  readonly connectionId: string;
  /** Empty where all addresses count together. */
  readonly ip: string;
}

/** Characters of the longest identifier that anybody can have; longer ones are nobody's, and counted by their beginning. */
const longestIdentifier = 320;

/** What somebody typed as `findDatabaseUser` compares it, so that spellings of one identifier count together. */
export function normalizeIdentifier(typed: string): string {
  return typed.replaceAll('\0', '').trim().toLowerCase().slice(0, longestIdentifier).toWellFormed();
}

/** An IPv4 address in one form, however the socket or a proxy wrote it; a zone is nobody's concern. */
export function normalizeAddress(address: string): string {
  const plain = address.replaceAll('\0', '').trim().toLowerCase().replace(/%.*$/, '').slice(0, 60);
  const [, mapped = ''] = /^::ffff:([\d.]+)$/.exec(plain) ?? [];
  return isIPv4(mapped) ? mapped : plain.toWellFormed();
}

/** The address as PostgreSQL's `inet` takes it; `null` for what is none. */
export function toInet(address: string): string | null {
  return isIP(address) === 0 ? null : address;
}

/** Everything that a user signs in to database connections with. */
export function listLoginNames(user: User): readonly Omit<LoginKey, 'ip'>[] {
  const primary = primaryIdentity(user);
  return user.identities
    .filter(({ provider }) => provider === 'auth0')
    .flatMap((identity) => {
      const { email, username, phone_number: phone } = identity.profile;
      const names =
        identity === primary ? [user.email, user.username, user.phoneNumber] : [email, username, phone];
      return names
        .filter((name) => typeof name === 'string' && name !== '')
        .map((name) => ({
          identifier: normalizeIdentifier(String(name)),
          connectionId: identity.connectionId,
        }));
    });
}
