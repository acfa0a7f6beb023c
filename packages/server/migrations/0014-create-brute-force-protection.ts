import { type Kysely, sql } from 'kysely';

/** Protection against password guessing: its settings, the counters of wrong passwords, and links that lift blocks. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  /* `allowed_networks`: `allowlist` as addresses, so that a sign-in is held against it inside the database. */
  `CREATE TABLE brute_force_protection (
    id boolean PRIMARY KEY DEFAULT true CONSTRAINT brute_force_protection_one CHECK (id),
    enabled boolean NOT NULL DEFAULT true,
    shields text[] NOT NULL DEFAULT '{block,user_notification}',
    allowlist text[] NOT NULL DEFAULT '{}',
    allowed_networks inet[] NOT NULL DEFAULT '{}',
    mode text NOT NULL DEFAULT 'count_per_identifier_and_ip'
      CHECK (mode IN ('count_per_identifier_and_ip', 'count_per_identifier')),
    max_attempts integer NOT NULL DEFAULT 10 CHECK (max_attempts BETWEEN 1 AND 100),
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  'INSERT INTO brute_force_protection DEFAULT VALUES',

  /* Wrong passwords in a row for what somebody typed, known or not. `ip` is empty where all addresses count together.
     `blocked_at`: when the limit was reached. `notified_ip`: whose attempts the person was told of. */
  `CREATE TABLE login_failures (
    identifier text COLLATE "C" NOT NULL,
    connection_id text COLLATE "C" NOT NULL,
    ip text COLLATE "C" NOT NULL,
    connection text NOT NULL,
    failures integer NOT NULL,
    last_failed_at timestamptz(3) NOT NULL,
    blocked_at timestamptz(3),
    notified_ip text COLLATE "C",
    notified_at timestamptz(3),
    CONSTRAINT login_failures_pkey PRIMARY KEY (identifier, connection_id, ip)
  )`,
  'CREATE INDEX login_failures_last_failed_at ON login_failures (last_failed_at)',
  'CREATE INDEX login_failures_notified ON login_failures (notified_ip, notified_at) WHERE notified_at IS NOT NULL',

  /* `blocked_ip`: the address whose block the ticket lifts; empty: the block of all addresses. */
  `ALTER TABLE tickets
    ADD blocked_ip text,
    DROP CONSTRAINT tickets_kind_check,
    ADD CONSTRAINT tickets_kind_check CHECK (kind IN ('email_verification', 'password_change', 'account_unblock'))`,
];
