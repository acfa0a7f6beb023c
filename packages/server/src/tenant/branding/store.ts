import type { Branding, CustomTexts, PromptSettings } from '@muster/contract';
import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';

export interface StoredBranding {
  readonly branding: Branding;
  readonly prompts: Partial<PromptSettings>;
}

export async function findBranding(
  database: Database,
  mode: 'read' | 'lock' = 'read',
): Promise<StoredBranding> {
  const { rows } = await sql<StoredBranding>`
    SELECT branding, prompts FROM branding ${mode === 'lock' ? sql`FOR UPDATE` : sql``}`.execute(database);
  return rows[0] ?? { branding: {}, prompts: {} };
}

export async function saveBranding(
  transaction: Database,
  { branding, prompts }: StoredBranding,
): Promise<void> {
  await sql`UPDATE branding SET branding = ${JSON.stringify(branding)}, prompts = ${JSON.stringify(prompts)}, updated_at = now()`.execute(
    transaction,
  );
}

export async function findCustomTexts(
  database: Database,
  prompt: string,
  language: string,
): Promise<CustomTexts | undefined> {
  const { rows } = await sql<{ texts: CustomTexts }>`
    SELECT texts FROM custom_texts WHERE prompt = ${prompt} AND language = ${language}`.execute(database);
  return rows[0]?.texts;
}

/** Every custom text of a language, by prompt. */
export async function listCustomTexts(
  database: Database,
  language: string,
): Promise<ReadonlyMap<string, CustomTexts>> {
  const { rows } = await sql<{ prompt: string; texts: CustomTexts }>`
    SELECT prompt, texts FROM custom_texts WHERE language = ${language}`.execute(database);
  return new Map(rows.map(({ prompt, texts }) => [prompt, texts]));
}

export async function saveCustomTexts(
  transaction: Database,
  prompt: string,
  language: string,
  texts: CustomTexts,
): Promise<void> {
  if (Object.keys(texts).length === 0) {
    await sql`DELETE FROM custom_texts WHERE prompt = ${prompt} AND language = ${language}`.execute(
      transaction,
    );
    return;
  }
  await sql`INSERT INTO custom_texts (prompt, language, texts) VALUES (${prompt}, ${language}, ${JSON.stringify(texts)})
    ON CONFLICT (language, prompt) DO UPDATE SET texts = excluded.texts, updated_at = now()`.execute(
    transaction,
  );
}
