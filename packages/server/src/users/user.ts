/** One account at one connection. The first of a user's identities is the primary one. */
export interface Identity {
  readonly connectionId: string;
  /** The connection's name. */
  readonly connection: string;
  /** The connection's strategy, and the prefix of a `user_id`. */
  readonly provider: string;
  /** Id inside the provider, without prefix. */
  readonly userId: string;
  readonly isSocial: boolean;
  /** What the connection last returned; shown as `profileData` once a second identity is linked. */
  readonly profile: Readonly<Record<string, unknown>>;
}

export type Metadata = Readonly<Record<string, unknown>>;

/** A user as stored. What is unset is absent; what callers see of it, defaults included, is `presentUser`'s. */
export interface User {
  /** `{provider}|{id}`. */
  readonly userId: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly username?: string;
  /** E.164. */
  readonly phoneNumber?: string;
  readonly phoneVerified?: boolean;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly nickname?: string;
  readonly picture?: string;
  /** Further root attributes as the identity provider sent them. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly userMetadata?: Metadata;
  readonly appMetadata?: Metadata;
  readonly isBlocked?: boolean;
  readonly multifactor?: readonly string[];
  readonly multifactorLastModified?: Date;
  readonly lastLogin?: Date;
  readonly lastIp?: string;
  readonly loginsCount?: number;
  readonly lastPasswordReset?: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Grows by one with every write; the `ETag`. */
  readonly version: number;
  readonly identities: readonly Identity[];
}

/** The identity that made the user; every user has one. */
export function primaryIdentity(user: Pick<User, 'userId' | 'identities'>): Identity {
  const primary = user.identities[0];
  if (!primary) throw new Error(`user ${user.userId} has no identity`);
  return primary;
}
