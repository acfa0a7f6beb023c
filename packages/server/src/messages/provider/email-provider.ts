import type {
  BodyOf,
  createEmailProvider as createOperation,
  EmailProviderName,
  updateEmailProvider as updateOperation,
} from '@muster/contract';
import { appendLogEvent, describeManagementChange } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { violatedConstraint } from '../../platform/database/violated-constraint.ts';
import type { ChangeContext } from '../../platform/http/caller.ts';
import { InvalidBodyError } from '../../platform/http/errors.ts';
import { parseMailbox, type SmtpSettings } from '../../platform/mail/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { ProviderExistsError, ProviderNotFoundError } from './errors.ts';
import {
  assertUsableCredentials,
  type Credentials,
  mergeCredentials,
  presentCredentials,
  toSmtpSettings,
} from './provider-kinds.ts';
import {
  deleteProviderRow,
  findProviderRecord,
  insertProvider,
  type ProviderRecord,
  updateProviderRow,
} from './store.ts';

export interface ProviderDependencies {
  readonly database: Database;
  readonly secrets: SecretBox;
}

/** The tenant's provider with its credentials in the clear; nothing of it may reach a log or an answer. */
interface EmailProvider {
  readonly name: EmailProviderName;
  readonly isEnabled: boolean;
  readonly defaultFromAddress: string | null;
  readonly credentials: Credentials;
  readonly settings: Readonly<Record<string, unknown>> | null;
}

const secretContext = 'email provider';

/** @throws ProviderNotFoundError */
export async function getEmailProvider({
  database,
  secrets,
}: ProviderDependencies): Promise<Record<string, unknown>> {
  const record = await findProviderRecord(database);
  if (!record) throw new ProviderNotFoundError();
  return present(open(record, secrets));
}

/** How the tenant's provider is reached and who its mail is from; undefined when there is none or it is off. */
export async function findSmtpOfTenant(
  database: Database,
  secrets: SecretBox,
): Promise<{ readonly smtp: SmtpSettings; readonly from: string | null } | undefined> {
  const record = await findProviderRecord(database);
  if (!record?.isEnabled) return undefined;
  const provider = open(record, secrets);
  return {
    smtp: toSmtpSettings(provider.name, provider.credentials),
    from: provider.defaultFromAddress,
  };
}

/** @throws ProviderExistsError, InvalidBodyError */
export async function createEmailProvider(
  { database, secrets }: ProviderDependencies,
  input: BodyOf<typeof createOperation>,
  context: ChangeContext,
): Promise<Record<string, unknown>> {
  const provider: EmailProvider = {
    name: input.name,
    isEnabled: input.enabled ?? true,
    defaultFromAddress: input.default_from_address || null,
    credentials: withoutNulls(input.credentials),
    settings: input.settings ? { ...input.settings } : null,
  };
  assertUsable(provider);
  try {
    return await database.transaction().execute(async (transaction) => {
      await insertProvider(transaction, seal(provider, secrets));
      return logChange(transaction, 201, undefined, provider, context);
    });
  } catch (cause) {
    if (violatedConstraint(cause) === 'email_provider_pkey') throw new ProviderExistsError({ cause });
    throw cause;
  }
}

/**
 * Merges a change. Credentials and settings belong to the provider of that name: another one needs its own.
 * @throws ProviderNotFoundError, InvalidBodyError
 */
export async function updateEmailProvider(
  { database, secrets }: ProviderDependencies,
  input: BodyOf<typeof updateOperation>,
  context: ChangeContext,
): Promise<Record<string, unknown>> {
  return database.transaction().execute(async (transaction) => {
    const record = await findProviderRecord(transaction, 'lock');
    if (!record) throw new ProviderNotFoundError();
    const before = open(record, secrets);
    const isSame = input.name === undefined || input.name === before.name;
    const sent = input.credentials ?? {};
    const after: EmailProvider = {
      name: input.name ?? before.name,
      isEnabled: input.enabled ?? before.isEnabled,
      defaultFromAddress:
        input.default_from_address === undefined
          ? before.defaultFromAddress
          : input.default_from_address || null,
      credentials: withoutNulls(isSame ? mergeCredentials(before.name, before.credentials, sent) : sent),
      settings:
        input.settings === undefined && isSame
          ? before.settings
          : input.settings
            ? { ...input.settings }
            : null,
    };
    assertUsable(after);
    await updateProviderRow(transaction, seal(after, secrets));
    return logChange(transaction, 200, before, after, context);
  });
}

/** Idempotent: without a provider nothing happens. */
export async function deleteEmailProvider(
  { database, secrets }: ProviderDependencies,
  context: ChangeContext,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const record = await findProviderRecord(transaction, 'lock');
    if (!record) return;
    await deleteProviderRow(transaction);
    const before = present(open(record, secrets));
    await appendLogEvent(
      transaction,
      describeManagementChange({ ...context, statusCode: 204, before, after: {} }),
    );
  });
}

function assertUsable(provider: EmailProvider): void {
  assertUsableCredentials(provider.name, provider.credentials);
  if (provider.defaultFromAddress !== null && !parseMailbox(provider.defaultFromAddress)) {
    throw new InvalidBodyError(
      'default_from_address must be one e-mail address, or a name and one address in angle brackets.',
    );
  }
}

async function logChange(
  transaction: Database,
  statusCode: number,
  before: EmailProvider | undefined,
  after: EmailProvider,
  context: ChangeContext,
): Promise<Record<string, unknown>> {
  const presented = present(after);
  await appendLogEvent(
    transaction,
    describeManagementChange({
      ...context,
      statusCode,
      response: presented,
      before: before && present(before),
      after: presented,
    }),
  );
  return presented;
}

function present(provider: EmailProvider): Record<string, unknown> {
  return {
    name: provider.name,
    enabled: provider.isEnabled,
    ...(provider.defaultFromAddress === null ? {} : { default_from_address: provider.defaultFromAddress }),
    credentials: presentCredentials(provider.name, provider.credentials),
    ...(provider.settings === null ? {} : { settings: provider.settings }),
  };
}

function seal(provider: EmailProvider, secrets: SecretBox): ProviderRecord {
  return {
    ...provider,
    credentials: secrets.encrypt(JSON.stringify(provider.credentials), secretContext),
  };
}

function open(record: ProviderRecord, secrets: SecretBox): EmailProvider {
  const stored: unknown = JSON.parse(secrets.decrypt(record.credentials, secretContext));
  return {
    ...record,
    credentials: typeof stored === 'object' && stored !== null ? withoutNulls({ ...stored }) : {},
  };
}

/** `null` for an optional property, such as `region`, says that it has no value. */
function withoutNulls(credentials: Readonly<Record<string, unknown>>): Credentials {
  const kept: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(credentials)) {
    if (typeof value === 'string' || typeof value === 'number') kept[key] = value;
  }
  return kept;
}
