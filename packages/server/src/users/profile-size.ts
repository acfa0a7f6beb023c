import { ProfileTooLargeError } from './errors.ts';
import type { User } from './user.ts';

type Sized = Pick<User, 'userMetadata' | 'appMetadata'> & { readonly attributes?: unknown };

/**
 * Refuses a profile beyond the operator's limit. Counted is what has no limit of its own: both metadata
 * objects and the provider's attributes, as UTF-8 bytes of JSON.
 * @throws ProfileTooLargeError
 */
export function assertProfileSize(user: Sized, limit: number): void {
  const size = [user.userMetadata, user.appMetadata, user.attributes]
    .filter((part) => part !== undefined)
    .reduce((sum: number, part) => sum + Buffer.byteLength(JSON.stringify(part)), 0);
  if (size > limit) throw new ProfileTooLargeError(size, limit);
}
