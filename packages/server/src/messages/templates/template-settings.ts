import type {
  BodyOf,
  createEmailTemplate as createOperation,
  EmailTemplateName,
  updateEmailTemplate as updateOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { assertUsableTemplate } from './check-template.ts';
import { TemplateExistsError, TemplateNotFoundError } from './errors.ts';
import { findTemplateSettings, insertTemplate, type TemplateSettings, upsertTemplate } from './store.ts';

type PresentedTemplate = Record<string, unknown>;

/** Five days, in seconds. */
export const defaultLinkLifetime = 432_000;

/** @throws TemplateNotFoundError until it is customised */
export async function getEmailTemplate(
  database: Database,
  name: EmailTemplateName,
): Promise<PresentedTemplate> {
  const settings = await findTemplateSettings(database, [name]);
  if (!settings) throw new TemplateNotFoundError();
  return present(name, settings);
}

/** @throws TemplateExistsError, InvalidBodyError */
export async function createEmailTemplate(
  database: Database,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedTemplate> {
  const { template: name, ...settings } = input;
  assertUsableTemplate(settings);
  try {
    return await database.transaction().execute(async (transaction) => {
      await insertTemplate(transaction, name, settings);
      return logChange(transaction, name, undefined, settings, context);
    });
  } catch (cause) {
    if (violatedConstraint(cause) === 'email_templates_pkey') throw new TemplateExistsError(name, { cause });
    throw cause;
  }
}

/**
 * Creates a template or replaces it whole.
 * @throws InvalidBodyError
 */
export async function replaceEmailTemplate(
  database: Database,
  name: EmailTemplateName,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<PresentedTemplate> {
  const settings = withoutName(name, input);
  assertUsableTemplate(settings);
  return database.transaction().execute(async (transaction) => {
    const before = await findTemplateSettings(transaction, [name], 'lock');
    await upsertTemplate(transaction, name, settings);
    return logChange(transaction, name, before, settings, context);
  });
}

/**
 * Changes properties of a template.
 * @throws TemplateNotFoundError until it is customised; InvalidBodyError
 */
export async function updateEmailTemplate(
  database: Database,
  name: EmailTemplateName,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<PresentedTemplate> {
  const change = withoutName(name, input);
  return database.transaction().execute(async (transaction) => {
    const before = await findTemplateSettings(transaction, [name], 'lock');
    if (!before) throw new TemplateNotFoundError();
    const settings = { ...before, ...change };
    assertUsableTemplate(settings);
    await upsertTemplate(transaction, name, settings);
    return logChange(transaction, name, before, settings, context);
  });
}

function withoutName(
  name: EmailTemplateName,
  input: TemplateSettings & { readonly template?: EmailTemplateName },
): TemplateSettings {
  const { template, ...settings } = input;
  if (template !== undefined && template !== name) {
    throw new InvalidBodyError(`The body names the template ${template}, the path ${name}.`);
  }
  return settings;
}

async function logChange(
  transaction: Database,
  name: EmailTemplateName,
  before: TemplateSettings | undefined,
  after: TemplateSettings,
  context: ChangeContext,
): Promise<PresentedTemplate> {
  const presented = present(name, after);
  await appendLogEvent(
    transaction,
    describeManagementChange({
      ...context,
      statusCode: 200,
      response: presented,
      before: before && present(name, before),
      after: presented,
    }),
  );
  return presented;
}

function present(name: EmailTemplateName, settings: TemplateSettings): PresentedTemplate {
  return {
    template: name,
    body: null,
    from: null,
    subject: null,
    syntax: 'liquid',
    enabled: null,
    urlLifetimeInSeconds: defaultLinkLifetime,
    ...settings,
  };
}
