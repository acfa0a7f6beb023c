import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import {
  selectUser,
  selectUserForChange,
  toUser,
  toUserForChange,
  type UserForChange,
  type UserRow,
} from './rows-store.ts';
import type { User } from './user.ts';

/**
 * A user, for whoever writes something that belongs to the user: kept from being deleted, while others may change it, until
 * the transaction ends.
 */
export async function keepUser(transaction: Database, userId: string): Promise<User | undefined> {
  const { rows } =
    await sql<UserRow>`${selectUser} WHERE users.user_id = ${userId} FOR KEY SHARE OF users`.execute(
      transaction,
    );
  return rows[0] && toUser(rows[0]);
}

/** The same, holding the row until the transaction ends: writers of one user queue here. */
export async function lockUser(transaction: Database, userId: string): Promise<User | undefined> {
  const { rows } =
    await sql<UserRow>`${selectUser} WHERE users.user_id = ${userId} FOR UPDATE OF users`.execute(
      transaction,
    );
  return rows[0] && toUser(rows[0]);
}

/** Many of them, in the order of their ids, which is the order that they are held in. */
export async function lockUsers(transaction: Database, userIds: readonly string[]): Promise<User[]> {
  if (userIds.length === 0) return [];
  const { rows } = await sql<UserRow>`
    ${selectUser} WHERE users.user_id = ANY(${[...userIds]}::text[]) ORDER BY users.user_id FOR UPDATE OF users`.execute(
    transaction,
  );
  return rows.map(toUser);
}

/** The user as `lockUser` finds it, for a change in this transaction. */
export async function lockUserForChange(
  transaction: Database,
  userId: string,
): Promise<UserForChange | undefined> {
  const { rows } = await sql<UserRow & { changed_at: Date }>`
    ${selectUserForChange} WHERE users.user_id = ${userId} FOR UPDATE OF users`.execute(transaction);
  return rows[0] && toUserForChange(rows[0]);
}

/**
 * Keeps a user from going, and their writers waiting, until the transaction ends. Whoever also holds what is counted for users
 * holds the user first.
 * @param userId empty for nobody, which takes as long
 * @returns whether the user is still there
 */
export async function holdUser(transaction: Database, userId: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM users WHERE user_id = ${userId} FOR KEY SHARE`.execute(transaction);
  return rows.length > 0;
}

/** Holds the next users in order of `user_id`, so that their entries can be made anew. @returns their ids */
export async function lockNextUsers(
  transaction: Database,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT user_id FROM users WHERE user_id > ${after ?? ''} ORDER BY user_id LIMIT ${limit} FOR UPDATE`.execute(
    transaction,
  );
  return rows.map((row) => row.user_id);
}
