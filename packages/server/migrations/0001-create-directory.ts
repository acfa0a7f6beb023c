import { type Kysely, sql } from 'kysely';

/**
 * The first schema: tenant, connections, applications, users, tokens and the log.
 *
 * Every large table carries `user_id` from here on, the key that a distributed PostgreSQL would spread it by.
 * Text keys are `COLLATE "C"`: compared byte by byte, the same on every machine and PostgreSQL version.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  `CREATE TABLE tenant_settings (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    settings jsonb NOT NULL DEFAULT '{}',
    secret_key_fingerprint text NOT NULL,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE signing_keys (
    kid text COLLATE "C" PRIMARY KEY,
    algorithm text NOT NULL,
    public_jwk jsonb NOT NULL,
    certificate text NOT NULL,
    private_key bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('current', 'next', 'previous', 'revoked')),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    current_since timestamptz(3),
    current_until timestamptz(3),
    revoked_at timestamptz(3)
  )`,
  `CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (status) WHERE status IN ('current', 'next')`,

  `CREATE TABLE connections (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL CONSTRAINT connections_name_key UNIQUE,
    strategy text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    deleted_at timestamptz(3)
  )`,

  `CREATE TABLE clients (
    client_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    is_global boolean NOT NULL DEFAULT false,
    is_first_party boolean NOT NULL DEFAULT true,
    app_type text,
    client_secret bytea,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX clients_created_at ON clients (created_at, client_id)`,
  `CREATE UNIQUE INDEX clients_one_global ON clients (is_global) WHERE is_global`,
  `CREATE TABLE client_aliases (
    alias text COLLATE "C" CONSTRAINT client_aliases_pkey PRIMARY KEY,
    client_id text COLLATE "C" NOT NULL REFERENCES clients ON DELETE CASCADE
  )`,
  `CREATE INDEX client_aliases_client_id ON client_aliases (client_id)`,

  `CREATE TABLE connection_clients (
    connection_id text COLLATE "C" NOT NULL REFERENCES connections ON DELETE CASCADE,
    client_id text COLLATE "C" NOT NULL REFERENCES clients ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (connection_id, client_id)
  )`,
  `CREATE INDEX connection_clients_client_id ON connection_clients (client_id)`,

  `CREATE TABLE resource_servers (
    id text COLLATE "C" PRIMARY KEY,
    identifier text COLLATE "C" NOT NULL CONSTRAINT resource_servers_identifier_key UNIQUE,
    name text,
    is_system boolean NOT NULL DEFAULT false,
    signing_secret bytea,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE client_grants (
    id text COLLATE "C" PRIMARY KEY,
    client_id text COLLATE "C" REFERENCES clients ON DELETE CASCADE,
    audience text COLLATE "C" NOT NULL REFERENCES resource_servers (identifier) ON UPDATE CASCADE ON DELETE CASCADE,
    subject_type text NOT NULL DEFAULT 'client',
    is_system boolean NOT NULL DEFAULT false,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT client_grants_client_audience_key UNIQUE NULLS NOT DISTINCT (client_id, audience, subject_type)
  )`,
  `CREATE INDEX client_grants_created_at ON client_grants (created_at, id)`,
  `CREATE INDEX client_grants_audience ON client_grants (audience)`,

  `CREATE TABLE users (
    user_id text COLLATE "C" CONSTRAINT users_pkey PRIMARY KEY,
    email text COLLATE "C",
    email_verified boolean,
    username text COLLATE "C",
    phone_number text COLLATE "C",
    phone_verified boolean,
    name text,
    given_name text,
    family_name text,
    nickname text,
    picture text,
    attributes jsonb,
    user_metadata jsonb,
    app_metadata jsonb,
    blocked boolean,
    multifactor text[],
    multifactor_last_modified timestamptz(3),
    last_login timestamptz(3),
    last_ip text,
    logins_count integer,
    last_password_reset timestamptz(3),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX users_created_at ON users (created_at, user_id)`,
  `CREATE INDEX users_email ON users (email) WHERE email IS NOT NULL`,
  `CREATE INDEX users_last_login ON users (last_login) WHERE last_login IS NOT NULL`,

  /* The *_identifier columns hold what a connection knows the person by, lower-cased where it compares so;
     they are null where the connection does not demand uniqueness (social and enterprise e-mail). */
  `CREATE TABLE identities (
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    position smallint NOT NULL,
    connection_id text COLLATE "C" NOT NULL REFERENCES connections,
    connection text COLLATE "C" NOT NULL,
    provider text NOT NULL,
    provider_user_id text COLLATE "C" NOT NULL,
    is_social boolean NOT NULL,
    email_identifier text COLLATE "C",
    username_identifier text COLLATE "C",
    phone_identifier text COLLATE "C",
    profile jsonb NOT NULL DEFAULT '{}',
    tokens bytea,
    PRIMARY KEY (user_id, position),
    CONSTRAINT identities_provider_user_id_key UNIQUE (connection_id, provider_user_id)
  )`,
  `CREATE UNIQUE INDEX identities_email_key ON identities (connection_id, email_identifier) WHERE email_identifier IS NOT NULL`,
  `CREATE UNIQUE INDEX identities_username_key ON identities (connection_id, username_identifier) WHERE username_identifier IS NOT NULL`,
  `CREATE UNIQUE INDEX identities_phone_key ON identities (connection_id, phone_identifier) WHERE phone_identifier IS NOT NULL`,

  `CREATE TABLE credentials (
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    connection_id text COLLATE "C" NOT NULL,
    provider_user_id text COLLATE "C" NOT NULL,
    hash text NOT NULL,
    algorithm text NOT NULL,
    set_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, connection_id, provider_user_id)
  )`,
  `CREATE TABLE password_history (
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    connection_id text COLLATE "C" NOT NULL,
    provider_user_id text COLLATE "C" NOT NULL,
    hash text NOT NULL,
    replaced_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX password_history_user_id ON password_history (user_id, connection_id, provider_user_id, replaced_at DESC)`,

  `CREATE TABLE administrators (
    user_id text COLLATE "C" PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'administrator', 'support', 'auditor')),
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE outbox_messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text COLLATE "C",
    kind text NOT NULL,
    recipient text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed')),
    created_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX outbox_messages_user_id ON outbox_messages (user_id)`,

  `CREATE TABLE oidc_payloads (
    model text NOT NULL,
    id text COLLATE "C" NOT NULL,
    payload jsonb NOT NULL,
    grant_id text COLLATE "C",
    user_code text COLLATE "C",
    uid text COLLATE "C",
    consumed_at timestamptz(3),
    expires_at timestamptz(3),
    PRIMARY KEY (model, id)
  )`,
  `CREATE INDEX oidc_payloads_grant_id ON oidc_payloads (grant_id) WHERE grant_id IS NOT NULL`,
  `CREATE INDEX oidc_payloads_user_code ON oidc_payloads (user_code) WHERE user_code IS NOT NULL`,
  `CREATE INDEX oidc_payloads_uid ON oidc_payloads (uid) WHERE uid IS NOT NULL`,
  `CREATE INDEX oidc_payloads_expires_at ON oidc_payloads (expires_at) WHERE expires_at IS NOT NULL`,

  /* A log id is `900`, the database's time to the millisecond and a number from a sequence: it sorts by
     ingestion, and one clock makes the ids of all processes. The transaction gets its id before the clock is
     read: whoever looks for running writers after that moment finds this one (logs/store.ts, findReadHorizon). */
  `CREATE SEQUENCE log_sequence`,
  `CREATE FUNCTION next_log_id() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM pg_current_xact_id();
    RETURN '900' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSMS') || lpad(nextval('log_sequence')::text, 36, '0');
  END
  $$`,
  `CREATE TABLE logs (
    log_id text COLLATE "C" NOT NULL DEFAULT next_log_id(),
    date timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
    type text NOT NULL,
    description text,
    user_id text COLLATE "C",
    user_name text,
    client_id text COLLATE "C",
    client_name text,
    connection text,
    connection_id text,
    strategy text,
    strategy_type text,
    ip text,
    user_agent text,
    hostname text,
    audience text,
    scope text,
    details jsonb,
    PRIMARY KEY (log_id)
  ) PARTITION BY RANGE (log_id)`,
  `CREATE INDEX logs_user_id ON logs (user_id, log_id) WHERE user_id IS NOT NULL`,
  `CREATE INDEX logs_statistics ON logs (log_id, type) WHERE type IN ('s', 'ss', 'pwd_leak', 'signup_pwd_leak', 'reset_pwd_leak')`,
  `CREATE TABLE logs_default PARTITION OF logs DEFAULT`,

  /* For reports straight from the database. Its columns are a promise: they stay through upgrades. */
  `CREATE SCHEMA reporting`,
  `CREATE VIEW reporting.users AS
    SELECT users.user_id, users.email, users.email_verified, users.username, users.phone_number, users.phone_verified,
      users.name, users.given_name, users.family_name, users.nickname, users.picture,
      users.user_metadata, users.app_metadata, coalesce(users.blocked, false) AS blocked,
      users.last_login, users.last_ip, coalesce(users.logins_count, 0) AS logins_count, users.last_password_reset,
      users.created_at, users.updated_at,
      identities.connection AS primary_connection, identities.provider AS primary_provider
    FROM users JOIN identities ON identities.user_id = users.user_id AND identities.position = 0`,
];
