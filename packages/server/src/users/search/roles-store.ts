import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { RoleTest } from './index-node.ts';
import { findFrequentRoles, type NamedTest, type SearchStatistics } from './statistics.ts';

/**
 * The ids of a user's roles for `user_search.role_ids`, NULL of none.
 * @param userId an expression of the statement that writes the entry, whose transaction holds the user
 */
export function selectRoleIds(userId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    SELECT array_agg(role_id ORDER BY role_id) FROM user_roles JOIN roles ON roles.id = role_id
    WHERE user_roles.user_id = ${userId})`;
}

/** Takes what roles these users have into their search entries, in the transaction of the change, which holds the users. */
export async function indexRoles(transaction: Database, userIds: readonly string[]): Promise<void> {
  await sql`UPDATE user_search SET role_ids = ${selectRoleIds(sql`user_search.user_id`)}
    WHERE user_id = ANY(${[...userIds]}::text[])`.execute(transaction);
}

/** Roles asked for in one scan of the inverted list: its cost grows with the square of their number. */
const rolesPerScan = 20;

/**
 * Whether users AS s have such a role. Names are looked up in the statement, so that a new name rewrites nobody; and so are ids,
 * because entries keep those of deleted roles until they are next written.
 * @param statistics where users are found by this: how many roles to expect
 */
export function hasRole(test: RoleTest, statistics?: SearchStatistics): RawBuilder<unknown> {
  if (test.kind === 'present') return sql`s.role_ids IS NOT NULL`;
  if (test.kind === 'gone') {
    const deleted = sql`ARRAY(SELECT id FROM deleted_roles)`;
    return sql`(s.role_ids && ${deleted} AND s.role_ids <@ ${deleted})`;
  }
  const expected = statistics ? findFrequentRoles(test, statistics).length : 0;
  const isWanted = sql`SELECT roles.id FROM roles WHERE ${testRole(test)}`;
  if (expected <= rolesPerScan) return sql`s.role_ids && ARRAY(${isWanted})`;
  const scans: RawBuilder<unknown>[] = [];
  for (let start = 0; start < expected; start += rolesPerScan) {
    const limit = start + rolesPerScan < expected ? sql`LIMIT ${rolesPerScan}` : sql``;
    scans.push(sql`s.role_ids && ARRAY(${isWanted} ORDER BY roles.id OFFSET ${start} ${limit})`);
  }
  return sql`(${sql.join(scans, sql` OR `)})`;
}

function testRole(test: NamedTest): RawBuilder<unknown> {
  const column = sql.ref(`roles.${test.column}`);
  return test.kind === 'like'
    ? sql`${column} LIKE ${test.pattern}`
    : sql`${column} = ANY(ARRAY(SELECT unnest(${[...test.values]}::text[])))`;
}

/** Forgets roles that were deleted before all entries were written anew; those of the last hour may be in some still, others have rows to purge. */
export async function forgetDeletedRoles(database: Database): Promise<void> {
  await sql`DELETE FROM deleted_roles
    WHERE deleted_at < (SELECT started_at FROM user_search_state) - interval '1 hour'
      AND NOT EXISTS (SELECT FROM user_roles WHERE role_id = deleted_roles.id)`.execute(database);
}
