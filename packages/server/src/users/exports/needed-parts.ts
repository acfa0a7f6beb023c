import type { ExportColumn } from './export-fields.ts';
import type { UserPart } from './exports-store.ts';

/** What a column shows of a user, beyond what every user is read with; some are made from others where they are unset. */
const partsOfRoots: Readonly<Record<string, readonly UserPart[]>> = {
  user_id: [],
  created_at: [],
  updated_at: [],
  email: ['email'],
  email_verified: ['emailVerified'],
  username: ['username'],
  phone_number: ['phoneNumber'],
  phone_verified: ['phoneVerified'],
  name: ['name', 'email', 'username', 'phoneNumber'],
  given_name: ['givenName'],
  family_name: ['familyName'],
  nickname: ['nickname', 'email', 'username'],
  picture: ['picture', 'email', 'name', 'username'],
  user_metadata: ['userMetadata'],
  app_metadata: ['appMetadata'],
  blocked: ['isBlocked'],
  multifactor: ['multifactor'],
  multifactor_last_modified: ['multifactorLastModified'],
  last_login: ['lastLogin'],
  last_ip: ['lastIp'],
  logins_count: ['loginsCount'],
  last_password_reset: ['lastPasswordReset'],
  identities: ['identities'],
};

/** What has to be read of users for these columns. A root of no own meaning is an attribute of the identity provider. */
export function listNeededParts(columns: readonly ExportColumn[]): UserPart[] {
  const needed = new Set<UserPart>();
  for (const { path } of columns)
    for (const part of partsOfRoots[String(path[0])] ?? (['attributes'] as const)) needed.add(part);
  return [...needed];
}
