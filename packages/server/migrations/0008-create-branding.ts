import { type Kysely, sql } from 'kysely';

/** How the hosted pages look and what they say: the tenant's branding, prompt settings and custom texts. */
export async function up(database: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(database); // fixed text, no input
}

const statements = [
  `CREATE TABLE branding (
    id boolean PRIMARY KEY DEFAULT true CONSTRAINT branding_one CHECK (id),
    branding jsonb NOT NULL DEFAULT '{}',
    prompts jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz(3) NOT NULL DEFAULT now()
  )`,
  'INSERT INTO branding DEFAULT VALUES',

  `CREATE TABLE custom_texts (
    prompt text COLLATE "C",
    language text COLLATE "C",
    texts jsonb NOT NULL,
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT custom_texts_pkey PRIMARY KEY (language, prompt)
  )`,
];
