import { type Kysely, sql } from 'kysely';

/** Long work that outlives its request and its process: imports, exports and their files. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  /* `checkpoint` is what a process that takes a job up goes on from; it changes in the transactions that it counts. */
  `CREATE TABLE jobs (
    job_id text COLLATE "C" CONSTRAINT jobs_pkey PRIMARY KEY,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'pending'
      CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    connection_id text COLLATE "C",
    connection text,
    external_id text,
    parameters jsonb NOT NULL DEFAULT '{}',
    caller jsonb NOT NULL DEFAULT '{}',
    checkpoint jsonb,
    summary jsonb,
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    status_details text,
    attempts smallint NOT NULL DEFAULT 0,
    is_cancellation_asked boolean NOT NULL DEFAULT false,
    source_file_id bigint,
    result_file_id bigint,
    report_file_id bigint,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    started_at timestamptz(3),
    ended_at timestamptz(3)
  )`,
  `CREATE INDEX jobs_created_at ON jobs (created_at, job_id)`,
  `CREATE INDEX jobs_open ON jobs (created_at, job_id) WHERE status IN ('pending', 'processing')`,
  `CREATE INDEX jobs_ended_at ON jobs (ended_at) WHERE ended_at IS NOT NULL`,

  /* A file is its blocks in order. A block that is compressed is so by itself: any one can be read alone. */
  `CREATE TABLE job_files (
    file_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT job_files_pkey PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('upload', 'result', 'report')),
    owner text,
    size bigint NOT NULL DEFAULT 0,
    expected_size bigint,
    is_complete boolean NOT NULL DEFAULT false,
    row_count bigint,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    touched_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  `CREATE INDEX job_files_touched_at ON job_files (touched_at)`,
  `CREATE TABLE job_file_blocks (
    file_id bigint NOT NULL REFERENCES job_files ON DELETE CASCADE,
    number integer NOT NULL,
    "start" bigint NOT NULL,
    size integer NOT NULL,
    is_compressed boolean NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (file_id, number)
  )`,
  `ALTER TABLE job_file_blocks ALTER content SET STORAGE EXTERNAL`,

  `CREATE TABLE job_errors (
    job_id text COLLATE "C" NOT NULL REFERENCES jobs ON DELETE CASCADE,
    "row" bigint NOT NULL,
    line bigint NOT NULL,
    "user" jsonb,
    errors jsonb NOT NULL,
    PRIMARY KEY (job_id, "row")
  )`,

  /* What identifies the people of an import that were handled already: hashes, so that a repeat in the file is noticed. */
  `CREATE TABLE job_identifiers (
    job_id text COLLATE "C" NOT NULL REFERENCES jobs ON DELETE CASCADE,
    hash bigint NOT NULL,
    PRIMARY KEY (job_id, hash)
  )`,

  /* Second factors that came with an import. Secrets are encrypted by the server's key. */
  `CREATE TABLE factors (
    user_id text COLLATE "C" NOT NULL REFERENCES users ON DELETE CASCADE,
    position smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('totp', 'phone', 'email')),
    "value" text,
    secret bytea,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, position)
  )`,

  /* Definitions of search indexes that a large import took down, to be built again behind it. */
  `CREATE TABLE user_search_postponed_indexes (
    name text PRIMARY KEY,
    definition text NOT NULL
  )`,
];
