import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { Identity } from '../user.ts';

/** Whose an identity is, and where it stands among theirs: 0 is the primary one. */
export interface IdentityPlace {
  readonly ownerId: string;
  readonly position: number;
}

/** Identities of a provider by this id, one per connection; of one connection where it is given. */
export async function findIdentityPlaces(
  database: Database,
  wanted: { readonly provider: string; readonly userId: string; readonly connectionId?: string | undefined },
): Promise<IdentityPlace[]> {
  const { rows } = await sql<IdentityPlace>`
    SELECT user_id AS "ownerId", position FROM identities
    WHERE provider = ${wanted.provider} AND provider_user_id = ${wanted.userId}
      AND connection_id = ANY(SELECT id FROM connections WHERE strategy = ${wanted.provider})
      AND (${wanted.connectionId ?? null}::text IS NULL OR connection_id = ${wanted.connectionId ?? null})
    ORDER BY position LIMIT 2`.execute(database);
  return rows;
}

/** Whether there is a connection of this strategy, or this one of it. */
export async function isConnectionConfigured(
  database: Database,
  strategy: string,
  connectionId: string | undefined,
): Promise<boolean> {
  const { rows } = await sql<{ is_so: boolean }>`
    SELECT EXISTS (SELECT 1 FROM connections WHERE strategy = ${strategy}
      AND (${connectionId ?? null}::text IS NULL OR id = ${connectionId ?? null})) AS is_so`.execute(
    database,
  );
  return rows[0]?.is_so ?? false;
}

/** Puts all identities of one user behind those of another, with their passwords. */
export async function moveIdentities(transaction: Database, from: string, to: string): Promise<void> {
  await sql`
    UPDATE identities SET user_id = ${to},
      position = position + 1 + (SELECT max(position) FROM identities WHERE user_id = ${to})
    WHERE user_id = ${from}`.execute(transaction);
  await sql`UPDATE credentials SET user_id = ${to} WHERE user_id = ${from}`.execute(transaction);
  await sql`UPDATE password_history SET user_id = ${to} WHERE user_id = ${from}`.execute(transaction);
}

/** What is kept of an identity beside its profile. */
export interface TakenIdentity {
  readonly emailIdentifier: string | null;
  readonly usernameIdentifier: string | null;
  readonly phoneIdentifier: string | null;
  readonly tokens: Buffer | null;
}

/** Takes one identity from a user, so that it can be given to another. */
export async function takeIdentity(
  transaction: Database,
  userId: string,
  identity: Identity,
): Promise<TakenIdentity> {
  const { rows } = await sql<TakenIdentity>`
    DELETE FROM identities
    WHERE user_id = ${userId} AND connection_id = ${identity.connectionId} AND provider_user_id = ${identity.userId}
    RETURNING email_identifier AS "emailIdentifier", username_identifier AS "usernameIdentifier",
      phone_identifier AS "phoneIdentifier", tokens`.execute(transaction);
  const [taken] = rows;
  if (!taken) throw new Error('the identity of a locked user is gone');
  return taken;
}

/** Gives an identity's provider tokens and password to the user that it is the primary one of now. */
export async function movePossessions(
  transaction: Database,
  from: string,
  to: string,
  identity: Identity,
  tokens: Buffer | null,
): Promise<void> {
  if (tokens !== null)
    await sql`UPDATE identities SET tokens = ${tokens} WHERE user_id = ${to} AND position = 0`.execute(
      transaction,
    );
  for (const table of ['credentials', 'password_history'])
    await sql`UPDATE ${sql.table(table)} SET user_id = ${to}
      WHERE user_id = ${from} AND connection_id = ${identity.connectionId} AND provider_user_id = ${identity.userId}`.execute(
      transaction,
    );
}
