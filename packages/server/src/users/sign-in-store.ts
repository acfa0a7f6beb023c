import { type RawBuilder, sql } from 'kysely';
import { composeLogInsert, type LogColumn, type LogEvent, toLogValues } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { createStatement, type Parameter, prefixValues, withPrefix } from '../platform/database/statement.ts';
import { composeSignInEntry } from './search/entries-store.ts';
import { signInColumns } from './search/entry.ts';
import type { User } from './user.ts';

type SignInParameter = 'user_id' | 'version' | 'last_ip' | 'last_ip_searched' | 'logins_count' | 'last_login';

const toSignInValues = (user: User): Record<SignInParameter, unknown> => {
  const { last_ip, logins_count, last_login } = signInColumns(user);
  const { userId, version, lastIp = null } = user;
  return {
    user_id: userId,
    version,
    last_ip: lastIp,
    last_ip_searched: last_ip,
    logins_count,
    last_login,
  };
};

/** Common table expressions that write a sign-in of a user who meets the condition, and the search entry. */
const composeSignIn = (parameter: Parameter<SignInParameter>, condition: RawBuilder<unknown>) => sql`
    changed_user AS (
      UPDATE users SET last_login = ${parameter('last_login')}::timestamptz, last_ip = ${parameter('last_ip')}::text,
        logins_count = ${parameter('logins_count')}::integer,
        updated_at = greatest(now(), updated_at), version = version + 1
      WHERE user_id = ${parameter('user_id')}::text AND ${condition}
      RETURNING updated_at, version
    ), ${composeSignInEntry(parameter, 'changed_user')}`;

interface ChangedRow {
  readonly updated_at: Date;
  readonly version: number;
}

const updateSignIn = createStatement<SignInParameter, ChangedRow>(
  (parameter) => sql`
    WITH ${composeSignIn(parameter, sql`true`)} SELECT updated_at, version FROM changed_user`,
);

const updateSignInIfUnchanged = createStatement<SignInParameter | `event_${LogColumn}`, ChangedRow>(
  (parameter) => sql`
    WITH ${composeSignIn(parameter, sql`version = ${parameter('version')}`)}, written_event AS (
      ${composeLogInsert(withPrefix<LogColumn, 'event_'>(parameter, 'event_'), 'changed_user')}
    )
    SELECT updated_at, version FROM changed_user`,
);

/** Writes when, from where and how often the user signed in, and the search entry; bumps `updated_at` and the version. */
export async function updateSignInColumns(
  transaction: Database,
  user: User,
): Promise<{ updatedAt: Date; version: number }> {
  const [row] = await updateSignIn(transaction, toSignInValues(user));
  if (!row) throw new Error('the update of a locked user touched no row');
  return { updatedAt: row.updated_at, version: row.version };
}

/**
 * The same for a user who is still as this one was read, with the event that tells of it, in one statement and without a
 * lock before it.
 * @returns undefined when the user changed or went since then; nothing is written
 */
export async function updateSignInColumnsIfUnchanged(
  database: Database,
  user: User,
  event: LogEvent,
): Promise<{ updatedAt: Date; version: number } | undefined> {
  const [row] = await updateSignInIfUnchanged(database, {
    ...toSignInValues(user),
    ...prefixValues(toLogValues(event), 'event_'),
  });
  return row && { updatedAt: row.updated_at, version: row.version };
}
