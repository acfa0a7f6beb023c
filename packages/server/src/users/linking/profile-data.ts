import type { Identity, User } from '../user.ts';

/**
 * What is kept of a user's own profile with the identity once it is linked: what the person or their connection said, without
 * ids, metadata, counters and generated defaults (spec users-and-search §11.3). Pure.
 */
export function composeProfileData(user: User, identity: Identity): Record<string, unknown> {
  const known = {
    email: user.email,
    email_verified: user.emailVerified,
    username: user.username,
    phone_number: user.phoneNumber,
    phone_verified: user.phoneVerified,
    name: user.name,
    given_name: user.givenName,
    family_name: user.familyName,
    nickname: user.nickname,
    picture: user.picture,
  };
  const set = Object.entries(known).filter(([, value]) => value !== undefined);
  return { ...identity.profile, ...Object.fromEntries(set) };
}

/** The root attributes of the user that an identity becomes when it is unlinked. Pure. */
export function readProfileData(
  profile: Readonly<Record<string, unknown>>,
): Pick<
  User,
  | 'email'
  | 'emailVerified'
  | 'username'
  | 'phoneNumber'
  | 'phoneVerified'
  | 'name'
  | 'givenName'
  | 'familyName'
  | 'nickname'
  | 'picture'
> {
  const text = <Key extends string>(key: Key, name: string) => {
    const value = profile[name];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  const flag = <Key extends string>(key: Key, name: string) => {
    const value = profile[name];
    return typeof value === 'boolean' ? { [key]: value } : {};
  };
  return {
    ...text('email', 'email'),
    ...flag('emailVerified', 'email_verified'),
    ...text('username', 'username'),
    ...text('phoneNumber', 'phone_number'),
    ...flag('phoneVerified', 'phone_verified'),
    ...text('name', 'name'),
    ...text('givenName', 'given_name'),
    ...text('familyName', 'family_name'),
    ...text('nickname', 'nickname'),
    ...text('picture', 'picture'),
  };
}
