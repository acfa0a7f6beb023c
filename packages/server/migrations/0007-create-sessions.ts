import { type Kysely, sql } from 'kysely';

/**
 * Sessions, codes, opaque and refresh tokens by the hash of what their holder shows, and what users consented to.
 *
 * `oidc_payloads` held nothing that outlives its table: machine tokens are JWTs, and nobody could sign in before.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  `DROP TABLE oidc_payloads`,

  /* `id_hash`: SHA-256 of the token, code or cookie; the payload does not repeat it. `sealed_id`: encrypted, where
     a record is found by something else and its id is needed again. `session_id`: the `uid` of the session that it
     came from. `details`: device and metadata, which the Management API shows. */
  `CREATE TABLE oidc_payloads (
    model text COLLATE "C" NOT NULL,
    id_hash bytea NOT NULL,
    sealed_id bytea,
    payload jsonb NOT NULL,
    grant_id text COLLATE "C",
    user_code text COLLATE "C",
    uid text COLLATE "C",
    user_id text COLLATE "C" CONSTRAINT oidc_payloads_user_id_fkey REFERENCES users ON DELETE CASCADE,
    client_id text COLLATE "C" CONSTRAINT oidc_payloads_client_id_fkey REFERENCES clients ON DELETE CASCADE,
    session_id text COLLATE "C",
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    consumed_at timestamptz(3),
    expires_at timestamptz(3),
    CONSTRAINT oidc_payloads_pkey PRIMARY KEY (model, id_hash)
  )`,
  `CREATE INDEX oidc_payloads_grant_id ON oidc_payloads (grant_id) WHERE grant_id IS NOT NULL`,
  `CREATE INDEX oidc_payloads_user_code ON oidc_payloads (user_code) WHERE user_code IS NOT NULL`,
  `CREATE INDEX oidc_payloads_uid ON oidc_payloads (uid) WHERE uid IS NOT NULL`,
  `CREATE INDEX oidc_payloads_user_id ON oidc_payloads (user_id, model, client_id) WHERE user_id IS NOT NULL`,
  `CREATE INDEX oidc_payloads_client_id ON oidc_payloads (client_id) WHERE client_id IS NOT NULL`,
  `CREATE INDEX oidc_payloads_session_id ON oidc_payloads (session_id) WHERE session_id IS NOT NULL`,
  `CREATE INDEX oidc_payloads_expires_at ON oidc_payloads (expires_at) WHERE expires_at IS NOT NULL`,

  /* What a user allowed an application to do at an API; the audience is '' for the profile alone. */
  `CREATE TABLE user_grants (
    id text COLLATE "C" CONSTRAINT user_grants_pkey PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id text COLLATE "C" NOT NULL REFERENCES clients ON DELETE CASCADE,
    audience text COLLATE "C" NOT NULL,
    scope text[] NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT user_grants_user_client_audience_key UNIQUE (user_id, client_id, audience)
  )`,
  `CREATE INDEX user_grants_client_id ON user_grants (client_id)`,

  `CREATE TABLE device_credentials (
    id text COLLATE "C" CONSTRAINT device_credentials_pkey PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id text COLLATE "C" REFERENCES clients ON DELETE CASCADE,
    device_name text NOT NULL,
    device_id text COLLATE "C" NOT NULL,
    value text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT device_credentials_device_key UNIQUE NULLS NOT DISTINCT (user_id, client_id, device_id)
  )`,
];
