import type { Identity, User } from './user.ts';

/** What a connection says of a person, normalized; what it does not know is absent. */
export interface SourceProfile {
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly nickname?: string;
  readonly picture?: string;
  /** As the identity keeps it; shown as `profileData` once the identity is linked. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** The attributes that a connection's `set_user_root_attributes` is about (spec users-and-search §3.2). */
const rootAttributes = ['name', 'givenName', 'familyName', 'nickname', 'picture'] as const;

/**
 * Puts what a connection says now in the place of what it said last. Of the user itself only the primary identity speaks:
 * its address at every login, the five root attributes only where the connection keeps them in step.
 */
export function applySourceProfile(
  user: User,
  identity: Identity,
  source: SourceProfile,
  sync: 'on_each_login' | 'on_first_login' | 'never_on_login',
): User {
  const isSame = isSameIdentity(identity);
  const identities = user.identities.map((other) =>
    isSame(other) ? { ...other, profile: source.profile } : other,
  );
  if (!identities[0] || !isSame(identities[0])) return { ...user, identities };
  const root =
    sync === 'on_each_login'
      ? Object.fromEntries(
          rootAttributes.flatMap((key) => (source[key] === undefined ? [] : [[key, source[key]]])),
        )
      : {};
  return {
    ...user,
    ...root,
    ...(source.email === undefined ? {} : { email: source.email }),
    ...(source.emailVerified === undefined ? {} : { emailVerified: source.emailVerified }),
    identities,
  };
}

export const isSameIdentity =
  (one: Pick<Identity, 'connectionId' | 'userId'>) =>
  (other: Pick<Identity, 'connectionId' | 'userId'>): boolean =>
    one.connectionId === other.connectionId && one.userId === other.userId;
