import type { PreparedRow } from './prepare-row.ts';
import type { RowErrorCode } from './row-error.ts';

/** What only one user can have: an identifier or an account of a connection, or a whole id. */
export interface Claim {
  /** Empty for a whole id. */
  readonly connectionId: string;
  readonly kind: 'email' | 'username' | 'phone' | 'account' | 'user';
  readonly value: string;
  /** The attribute that claims it. */
  readonly path: string;
  /** The same for equal claims of whichever rows. */
  readonly key: string;
}

/** Code and message of a row whose claim is somebody else's. */
export const conflicts: Readonly<Record<Claim['kind'], { code: RowErrorCode; message: string }>> = {
  email: { code: 'CONFLICT_EMAIL', message: 'The address is taken by another user.' },
  username: { code: 'CONFLICT_USERNAME', message: 'The username is taken by another user.' },
  phone: { code: 'CONFLICT', message: 'The phone number is taken by another user.' },
  account: { code: 'CONFLICT', message: 'The account belongs to another user.' },
  user: { code: 'CONFLICT', message: 'The user_id is taken by another user.' },
};

/** Everything that tells the person of a row from others. Ids that are made here come never twice and are left out. */
export function listClaims({ user, isIdGiven }: Pick<PreparedRow, 'user' | 'isIdGiven'>): Claim[] {
  const claims: Claim[] = [];
  const add = (connectionId: string, kind: Claim['kind'], value: string | undefined, path: string) => {
    if (value === undefined) return;
    claims.push({ connectionId, kind, value, path, key: toClaimKey(connectionId, kind, value) });
  };
  const { identity, linkedIdentities } = user;
  add(identity.connectionId, 'email', identity.emailIdentifier, 'email');
  add(identity.connectionId, 'username', identity.usernameIdentifier, 'username');
  add(identity.connectionId, 'phone', identity.phoneIdentifier, 'phone_number');
  if (isIdGiven) {
    add(identity.connectionId, 'account', identity.userId, 'user_id');
    add('', 'user', user.userId, 'user_id');
  }
  for (const [index, linked] of linkedIdentities.entries()) {
    const path = `identities[${index + 1}]`;
    add(linked.connectionId, 'email', linked.emailIdentifier, `${path}.profileData.email`);
    add(linked.connectionId, 'username', linked.usernameIdentifier, `${path}.profileData.username`);
    add(linked.connectionId, 'phone', linked.phoneIdentifier, `${path}.profileData.phone_number`);
    add(linked.connectionId, 'account', linked.userId, path);
  }
  return claims;
}

export function toClaimKey(connectionId: string, kind: Claim['kind'], value: string): string {
  return `${connectionId}\n${kind}\n${value}`;
}
