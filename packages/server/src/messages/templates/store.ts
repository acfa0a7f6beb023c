import type { EmailTemplateName } from '@muster/contract';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

/** What callers set of a template; absent and `null` are what they sent. */
export interface TemplateSettings {
  readonly body?: string | null;
  readonly from?: string | null;
  readonly subject?: string | null;
  readonly syntax?: string | null;
  readonly enabled?: boolean | null;
  readonly resultUrl?: string | null;
  /** Seconds. */
  readonly urlLifetimeInSeconds?: number | null;
  readonly includeEmailInRedirect?: boolean;
}

interface TemplateRow {
  name: EmailTemplateName;
  settings: TemplateSettings;
}

/** The first of these names that is customised, in the order given. */
export async function findTemplateSettings(
  database: Database,
  names: readonly string[],
  mode: 'read' | 'lock' = 'read',
): Promise<TemplateSettings | undefined> {
  const { rows } = await sql<TemplateRow>`
    SELECT name, settings FROM email_templates WHERE name = ANY(${[...names]})
    ORDER BY array_position(${[...names]}::text[], name) LIMIT 1 ${mode === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(
    database,
  );
  return rows[0]?.settings;
}

/** A template that is there already fails on `email_templates_pkey`. */
export async function insertTemplate(
  transaction: Database,
  name: EmailTemplateName,
  settings: TemplateSettings,
): Promise<void> {
  await sql`INSERT INTO email_templates (name, settings) VALUES (${name}, ${JSON.stringify(settings)})`.execute(
    transaction,
  );
}

export async function upsertTemplate(
  transaction: Database,
  name: EmailTemplateName,
  settings: TemplateSettings,
): Promise<void> {
  await sql`
    INSERT INTO email_templates (name, settings) VALUES (${name}, ${JSON.stringify(settings)})
    ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, updated_at = now()`.execute(transaction);
}
