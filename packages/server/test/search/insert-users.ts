import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { ensureConnection } from '../../src/connections/index.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { rewriteEntries } from '../../src/users/index.ts';

export interface NewIdentity {
  readonly connection: string;
  /** Id inside the provider, without prefix. */
  readonly userId: string;
  /** What the connection returned; shown once a second identity is linked. */
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** The columns of `users` that a test sets; what is left out is null, times are 2020-01-01. */
export interface NewUser {
  /** The first one makes the `user_id`. */
  readonly identities: readonly [NewIdentity, ...NewIdentity[]];
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly username?: string;
  readonly phone_number?: string;
  readonly phone_verified?: boolean;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly nickname?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly user_metadata?: Readonly<Record<string, unknown>>;
  readonly app_metadata?: Readonly<Record<string, unknown>>;
  readonly blocked?: boolean;
  readonly last_login?: string;
  readonly last_ip?: string;
  readonly logins_count?: number;
  readonly created_at?: string;
  readonly updated_at?: string;
  /** Names of the roles that the user has. */
  readonly roles?: readonly string[];
}

/** The connections of the tests' users: name and strategy. */
const strategies: Readonly<Record<string, { readonly strategy: string; readonly isSocial: boolean }>> = {
  'Username-Password-Authentication': { strategy: 'auth0', isSocial: false },
  'google-oauth2': { strategy: 'google-oauth2', isSocial: true },
  facebook: { strategy: 'facebook', isSocial: true },
  windowslive: { strategy: 'windowslive', isSocial: true },
  sms: { strategy: 'sms', isSocial: false },
  acme: { strategy: 'samlp', isSocial: false },
};
export const connectionNames = Object.keys(strategies);

/** The `user_id` that the first identity gives. */
export function userIdOf({ identities: [{ connection, userId }] }: NewUser): string {
  const middle = connection === 'acme' ? 'acme|' : ''; // enterprise ids carry their connection's name
  return `${strategyOf(connection).strategy}|${middle}${userId}`;
}

/** The id of a role in tests, made from its name. */
export function roleIdOf(name: string): string {
  return `rol_${hash('sha256', name).slice(0, 16)}`;
}

/** Makes these the only users there are, and their roles the only roles. Statements of a test on purpose: no API writes such users in bulk. */
export async function replaceUsers(database: Database, users: readonly NewUser[]): Promise<void> {
  await sql`DELETE FROM users`.execute(database);
  await sql`DELETE FROM roles`.execute(database);
  const connectionIds = new Map<string, string>();
  for (const name of connectionNames)
    connectionIds.set(name, await ensureConnection(database, { name, strategy: strategyOf(name).strategy }));
  const rows = users.map((user) => toRow(user));
  const identities = users.flatMap((user) =>
    user.identities.map((identity, position) => ({
      user_id: userIdOf(user),
      position,
      connection_id: connectionIds.get(identity.connection),
      connection: identity.connection,
      provider: strategyOf(identity.connection).strategy,
      provider_user_id: identity.userId,
      is_social: strategyOf(identity.connection).isSocial,
      profile: identity.profile ?? {},
    })),
  );
  const roleNames = [...new Set(users.flatMap(({ roles = [] }) => roles))];
  const userRoles = users.flatMap((user) =>
    (user.roles ?? []).map((name) => ({ user_id: userIdOf(user), role_id: roleIdOf(name) })),
  );
  await database.transaction().execute(async (transaction) => {
    for (const name of roleNames)
      await sql`INSERT INTO roles (id, name, folded_name) VALUES (${roleIdOf(name)}, ${name}, ${name.toLowerCase()})`.execute(
        transaction,
      );
    await sql`INSERT INTO users SELECT * FROM jsonb_populate_recordset(NULL::users, ${JSON.stringify(rows)}::jsonb)`.execute(
      transaction,
    );
    await sql`INSERT INTO identities SELECT * FROM jsonb_populate_recordset(NULL::identities, ${JSON.stringify(identities)}::jsonb)`.execute(
      transaction,
    );
    await sql`INSERT INTO user_roles (user_id, role_id)
      SELECT DISTINCT user_id, role_id FROM jsonb_to_recordset(${JSON.stringify(userRoles)}::jsonb) AS given (user_id text, role_id text)`.execute(
      transaction,
    );
    await rewriteEntries(
      transaction,
      rows.map((row) => row.user_id),
    );
  });
}

function toRow({ identities, roles: _, ...columns }: NewUser) {
  const createdAt = columns.created_at ?? '2020-01-01T00:00:00.000Z';
  return {
    ...columns,
    user_id: userIdOf({ identities }),
    version: 1,
    created_at: createdAt,
    updated_at: columns.updated_at ?? createdAt,
  };
}

function strategyOf(connection: string): { readonly strategy: string; readonly isSocial: boolean } {
  const known = strategies[connection];
  if (!known) throw new Error(`no connection ${connection} among those of the tests`);
  return known;
}
