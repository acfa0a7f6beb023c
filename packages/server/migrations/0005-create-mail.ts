import { type Kysely, sql } from 'kysely';

/**
 * E-mail: the provider, templates, tickets, and what the outbox needs to deliver.
 *
 * What was queued before this migration stays as `kept`: nothing could be sent then, and its links were never made.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  `CREATE TABLE email_provider (
    id boolean PRIMARY KEY DEFAULT true CONSTRAINT email_provider_one CHECK (id),
    name text NOT NULL,
    enabled boolean NOT NULL,
    default_from_address text,
    credentials bytea NOT NULL,
    settings jsonb,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  `CREATE TABLE email_templates (
    name text COLLATE "C" CONSTRAINT email_templates_pkey PRIMARY KEY,
    settings jsonb NOT NULL,
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,

  /* `token_hash`: SHA-256; the token itself is in the link alone. */
  `CREATE TABLE tickets (
    token_hash bytea CONSTRAINT tickets_pkey PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('email_verification', 'password_change')),
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    connection_id text COLLATE "C" NOT NULL,
    provider_user_id text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    client_id text COLLATE "C",
    result_url text,
    includes_email boolean,
    marks_email_verified boolean NOT NULL DEFAULT false,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    expires_at timestamptz(3) NOT NULL,
    used_at timestamptz(3)
  )`,
  `CREATE INDEX tickets_user_id ON tickets (user_id, kind)`,
  `CREATE INDEX tickets_expires_at ON tickets (expires_at)`,

  /* `secrets`: the encrypted link or code, there until the message is sent or given up. `rendered`: what was sent,
     with these masked. `next_attempt_at` is also the lease of the process that is sending. */
  `ALTER TABLE outbox_messages
    ADD secrets bytea,
    ADD rendered jsonb,
    ADD attempts integer NOT NULL DEFAULT 0,
    ADD next_attempt_at timestamptz(3) NOT NULL DEFAULT now(),
    ADD give_up_at timestamptz(3) NOT NULL DEFAULT now() + interval '1 day',
    ADD finished_at timestamptz(3),
    ADD failure text,
    DROP CONSTRAINT outbox_messages_status_check,
    ADD CONSTRAINT outbox_messages_status_check CHECK (status IN ('pending', 'sent', 'failed', 'kept'))`,
  `UPDATE outbox_messages SET status = 'kept', finished_at = now() WHERE status = 'pending'`,
  `CREATE INDEX outbox_messages_due ON outbox_messages (next_attempt_at) WHERE status = 'pending'`,
  `CREATE INDEX outbox_messages_finished ON outbox_messages (finished_at) WHERE finished_at IS NOT NULL`,
];
