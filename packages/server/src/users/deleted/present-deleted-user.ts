import type { StoredDeletedUser } from './store.ts';

const day = 86_400_000;

export function presentDeletedUser(user: StoredDeletedUser, days: number) {
  return {
    user_id: user.userId,
    ...(user.email === null ? {} : { email: user.email }),
    ...(user.username === null ? {} : { username: user.username }),
    ...(user.phoneNumber === null ? {} : { phone_number: user.phoneNumber }),
    ...(user.name === null ? {} : { name: user.name }),
    connection: user.connection,
    deleted_at: user.deletedAt.toISOString(),
    deleted_by: user.deletedBy,
    restorable_until: new Date(user.deletedAt.getTime() + days * day).toISOString(),
  };
}
