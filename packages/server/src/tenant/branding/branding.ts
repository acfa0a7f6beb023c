import type {
  BodyOf,
  Branding,
  CustomTexts,
  PromptSettings,
  updateBranding as updateBrandingOperation,
  updatePromptSettings as updatePromptsOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { findBranding, findCustomTexts, saveBranding, saveCustomTexts } from './store.ts';

const defaultPrompts: PromptSettings = {
  universal_login_experience: 'new',
  identifier_first: false,
  webauthn_platform_first_factor: false,
  signup_fields: [],
};

/** How the hosted pages look; what nobody has set is absent. */
export async function getBranding(database: Database): Promise<Branding> {
  return (await findBranding(database)).branding;
}

export async function getPromptSettings(database: Database): Promise<PromptSettings> {
  return { ...defaultPrompts, ...(await findBranding(database)).prompts };
}

/** Merges a change into the branding; change and log event commit together. */
export async function updateBranding(
  database: Database,
  change: BodyOf<typeof updateBrandingOperation>,
  context: ChangeContext,
): Promise<Branding> {
  return database.transaction().execute(async (transaction) => {
    const stored = await findBranding(transaction, 'lock');
    const merged: Branding = {
      ...merge(stored.branding, change),
      ...mergePart('colors', stored.branding.colors, change.colors),
      ...mergePart('font', stored.branding.font, change.font),
    };
    await saveBranding(transaction, { ...stored, branding: merged });
    await logChange(transaction, context, stored.branding, merged);
    return merged;
  });
}

/**
 * Merges a change into the prompt settings; change and log event commit together.
 * @throws InvalidBodyError for a field that cannot be filled in
 */
export async function updatePromptSettings(
  database: Database,
  change: BodyOf<typeof updatePromptsOperation>,
  context: ChangeContext,
): Promise<PromptSettings> {
  assertUsableFields(change.signup_fields ?? []);
  return database.transaction().execute(async (transaction) => {
    const stored = await findBranding(transaction, 'lock');
    const prompts: Partial<PromptSettings> = merge(stored.prompts, change);
    await saveBranding(transaction, { ...stored, prompts });
    const after = { ...defaultPrompts, ...prompts };
    await logChange(transaction, context, { ...defaultPrompts, ...stored.prompts }, after);
    return after;
  });
}

function assertUsableFields(fields: PromptSettings['signup_fields']): void {
  const names = new Set<string>();
  for (const [index, { name, type, choices }] of fields.entries()) {
    if (names.has(name))
      throw new InvalidBodyError(`Two fields have the name '${name}' (signup_fields[${index}].name).`);
    names.add(name);
    if (type === 'select' && !choices)
      throw new InvalidBodyError(`A select needs choices (signup_fields[${index}].choices).`);
  }
}

/** @returns the texts of one prompt in one language; empty where they are the usual ones */
export async function getCustomTexts(
  database: Database,
  prompt: string,
  language: string,
): Promise<CustomTexts> {
  return (await findCustomTexts(database, prompt, language)) ?? {};
}

/** Replaces the texts of one prompt in one language. */
export async function setCustomTexts(
  database: Database,
  {
    prompt,
    language,
    texts,
  }: { readonly prompt: string; readonly language: string; readonly texts: CustomTexts },
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const before = (await findCustomTexts(transaction, prompt, language)) ?? {};
    await saveCustomTexts(transaction, prompt, language, texts);
    await logChange(transaction, context, before, texts);
  });
}

/** `null` removes; what is absent stays. */
function merge(stored: object, change: object): Record<string, unknown> {
  const merged = Object.entries({ ...stored, ...change });
  return Object.fromEntries(merged.filter(([, value]) => value !== null && value !== undefined));
}

function mergePart<Key extends string>(
  key: Key,
  stored: object | undefined,
  change: object | null | undefined,
): Partial<Record<Key, Record<string, unknown>>> {
  if (change === undefined || change === null) return {};
  const merged = merge(stored ?? {}, change);
  // An empty part is no part: answers have at least one property in it.
  const part: Partial<Record<Key, Record<string, unknown>>> = {};
  part[key] = Object.keys(merged).length > 0 ? merged : undefined;
  return part;
}

async function logChange(
  transaction: Database,
  context: ChangeContext,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Promise<void> {
  await appendLogEvent(
    transaction,
    describeManagementChange({ ...context, statusCode: 200, response: after, before, after }),
  );
}
