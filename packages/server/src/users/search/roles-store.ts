import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { RoleTest } from './index-node.ts';

/**
 * The ids of a user's roles for `user_search.role_ids`, NULL of none.
 * @param userId an expression of the statement that writes the entry, whose transaction holds the user
 */
export function selectRoleIds(userId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(SELECT array_agg(role_id ORDER BY role_id) FROM user_roles WHERE user_roles.user_id = ${userId})`;
}

/** Takes what roles these users have into their search entries, in the transaction of the change, which holds the users. */
export async function indexRoles(transaction: Database, userIds: readonly string[]): Promise<void> {
  await sql`UPDATE user_search SET role_ids = ${selectRoleIds(sql`user_search.user_id`)}
    WHERE user_id = ANY(${[...userIds]}::text[])`.execute(transaction);
}

/**
 * Whether users AS s have such a role. Names are looked up in the statement, so that a new name rewrites nobody; and so are ids,
 * because entries keep those of deleted roles until they are next written.
 */
export function hasRole(test: RoleTest): RawBuilder<unknown> {
  return sql`s.role_ids && ARRAY(SELECT roles.id FROM roles WHERE ${testRole(test)})`;
}

function testRole(test: RoleTest): RawBuilder<unknown> {
  switch (test.kind) {
    case 'any-of':
      return sql`${sql.ref(`roles.${test.column}`)} = ANY(ARRAY(SELECT unnest(${[...test.values]}::text[])))`;
    case 'like':
      return sql`${sql.ref(`roles.${test.column}`)} LIKE ${test.pattern}`;
    case 'present':
      return sql`true`;
  }
}
