import { effectiveName, effectiveNickname } from './effective-names.ts';
import { defaultPicture } from './pictures/default-picture.ts';
import type { Identity, User } from './user.ts';

/** A user as the Management API shows it. */
export type PresentedUser = Record<string, unknown>;

export interface Presentation {
  /** Public URL of the server, for generated pictures. */
  readonly publicUrl: string;
  readonly usesGravatar: boolean;
}

/**
 * The documented profile: unset attributes are absent, `name`, `nickname` and `picture` are always there when
 * anything is known to make them from (spec users-and-search §1.3). Attributes of the identity provider come
 * first, so that they can never shadow ours.
 */
export function presentUser(user: User, presentation: Presentation): PresentedUser {
  const presented: PresentedUser = { ...user.attributes };
  presented['user_id'] = user.userId;
  put(presented, 'email', user.email);
  put(presented, 'email_verified', user.emailVerified);
  put(presented, 'username', user.username);
  put(presented, 'phone_number', user.phoneNumber);
  put(presented, 'phone_verified', user.phoneVerified);
  put(presented, 'name', effectiveName(user));
  put(presented, 'given_name', user.givenName);
  put(presented, 'family_name', user.familyName);
  put(presented, 'nickname', effectiveNickname(user));
  presented['picture'] = user.picture ?? defaultPicture(user, presentation);
  put(presented, 'user_metadata', user.userMetadata);
  put(presented, 'app_metadata', user.appMetadata);
  put(presented, 'blocked', user.isBlocked);
  put(presented, 'multifactor', user.multifactor);
  put(presented, 'multifactor_last_modified', user.multifactorLastModified?.toISOString());
  put(presented, 'last_login', user.lastLogin?.toISOString());
  put(presented, 'last_ip', user.lastIp);
  put(presented, 'logins_count', user.loginsCount);
  put(presented, 'last_password_reset', user.lastPasswordReset?.toISOString());
  presented['created_at'] = user.createdAt.toISOString();
  presented['updated_at'] = user.updatedAt.toISOString();
  presented['identities'] = presentIdentities(user);
  return presented;
}

export interface PresentedIdentity {
  readonly connection: string;
  readonly user_id: string;
  readonly provider: string;
  readonly isSocial: boolean;
  readonly profileData?: Readonly<Record<string, unknown>>;
}

/** A user's identities, the primary one first; with what each knows of the person once there are several. */
export function presentIdentities({ identities }: Pick<User, 'identities'>): PresentedIdentity[] {
  return identities.map((identity) => presentIdentity(identity, identities.length > 1));
}

function presentIdentity(identity: Identity, isLinked: boolean): PresentedIdentity {
  return {
    connection: identity.connection,
    user_id: identity.userId,
    provider: identity.provider,
    isSocial: identity.isSocial,
    ...(isLinked ? { profileData: identity.profile } : {}),
  };
}

function put(target: PresentedUser, key: string, value: unknown): void {
  if (value !== undefined) target[key] = value;
}
