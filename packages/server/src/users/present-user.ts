import { effectiveName, effectiveNickname } from './effective-names.ts';
import { toInstantText } from './instant-text.ts';
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
 * anything is known to make them from (spec users-and-search §1.3).
 */
export function presentUser(user: User, presentation: Presentation): PresentedUser {
  const presented: PresentedUser = {};
  for (const [name, value] of Object.entries(user.attributes ?? {}))
    if (!ownNames.has(name)) presented[name] = value;
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
  put(presented, 'multifactor_last_modified', toText(user.multifactorLastModified));
  put(presented, 'last_login', toText(user.lastLogin));
  put(presented, 'last_ip', user.lastIp);
  put(presented, 'logins_count', user.loginsCount);
  put(presented, 'last_password_reset', toText(user.lastPasswordReset));
  presented['created_at'] = toInstantText(user.createdAt.getTime());
  presented['updated_at'] = toInstantText(user.updatedAt.getTime());
  presented['identities'] = presentIdentities(user);
  return presented;
}

/**
 * What Muster alone says of a user. An identity provider's attribute of such a name is not shown, not even while ours is
 * unset: applications decide about access by `app_metadata` and `blocked`.
 */
const ownNames: ReadonlySet<string> = new Set([
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'user_metadata',
  'app_metadata',
  'blocked',
  'multifactor',
  'multifactor_last_modified',
  'last_login',
  'last_ip',
  'logins_count',
  'last_password_reset',
  'created_at',
  'updated_at',
  'identities',
]);

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

function toText(instant: Date | undefined): string | undefined {
  return instant && toInstantText(instant.getTime());
}

function put(target: PresentedUser, key: string, value: unknown): void {
  if (value !== undefined) target[key] = value;
}
