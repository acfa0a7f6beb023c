import type { LogEvent } from '../logs/index.ts';
import { primaryIdentity, type User } from './user.ts';

/** The fields of a log event that say which user it is about. */
export function describeUserOfEvent(
  user: User,
): Pick<LogEvent, 'userId' | 'userName' | 'connection' | 'connectionId' | 'strategy'> {
  const identity = primaryIdentity(user);
  const userName = user.email ?? user.username ?? user.phoneNumber ?? user.name;
  return {
    userId: user.userId,
    ...(userName === undefined ? {} : { userName }),
    connection: identity.connection,
    connectionId: identity.connectionId,
    strategy: identity.provider,
  };
}
