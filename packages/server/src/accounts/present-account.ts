import type { User } from '../users/index.ts';

/**
 * What somebody who signed up is answered (spec authentication-and-extensibility §1.9): `_id` without the provider's
 * prefix, and of the rest what was sent.
 */
export function presentAccount(user: User): Record<string, unknown> {
  const [identity] = user.identities;
  return {
    _id: identity?.userId,
    ...(user.email === undefined ? {} : { email: user.email, email_verified: user.emailVerified ?? false }),
    ...(user.username === undefined ? {} : { username: user.username }),
    ...(user.phoneNumber === undefined
      ? {}
      : { phone_number: user.phoneNumber, phone_verified: user.phoneVerified ?? false }),
    ...(user.name === undefined ? {} : { name: user.name }),
    ...(user.givenName === undefined ? {} : { given_name: user.givenName }),
    ...(user.familyName === undefined ? {} : { family_name: user.familyName }),
    ...(user.nickname === undefined ? {} : { nickname: user.nickname }),
    ...(user.picture === undefined ? {} : { picture: user.picture }),
  };
}
