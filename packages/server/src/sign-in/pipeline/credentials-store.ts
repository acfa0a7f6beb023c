import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import { createStatement } from '../../platform/database/statement.ts';
import {
  composeStanding,
  type LoginKey,
  type LoginStanding,
  type StandingParameter,
  type StandingRow,
  toStanding,
  toStandingValues,
} from '../../protection/index.ts';
import {
  type CredentialsAhead,
  type CredentialsParameter,
  type CredentialsRow,
  composeCredentials,
  type IdentifierName,
  readIdentifier,
  toCredentials,
} from '../../users/index.ts';

type Row = StandingRow & (CredentialsRow | { readonly known_id: null });

/** The statement before every password, one for each kind of identifier. */
const compose = (kind: IdentifierName) =>
  createStatement<StandingParameter | CredentialsParameter, Row>(
    (parameter) => sql`
      SELECT * FROM (${composeStanding(parameter)}) AS standing
        LEFT JOIN LATERAL (${composeCredentials(kind, parameter)}) AS known ON true`,
  );

const statements = {
  email: compose('email'),
  username: compose('username'),
  phoneNumber: compose('phoneNumber'),
};

/** Reads how a name stands with brute-force protection and, in the same statement, whom the connection knows by it. */
export async function readStandingAndCredentials(
  database: Database,
  key: LoginKey,
  identifier: Parameters<typeof readIdentifier>[0],
): Promise<{ readonly standing: LoginStanding; readonly ahead: CredentialsAhead }> {
  const { kind, text } = readIdentifier(identifier);
  const [row] = await statements[kind](database, {
    ...toStandingValues(key),
    connection_id: key.connectionId,
    identifier: text,
  });
  return {
    standing: toStanding(row),
    ahead: { credentials: row && row.known_id !== null ? toCredentials(row) : undefined },
  };
}
