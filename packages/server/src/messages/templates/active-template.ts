import type { Database } from '../../platform/database/database.ts';
import { findTemplateSettings, type TemplateSettings } from './store.ts';
import { defaultLinkLifetime } from './template-settings.ts';
import type { MessageKind } from './texts/message-text.ts';

/** Sent only once somebody enabled it: a mail that nobody asked for. */
const offByDefault: ReadonlySet<MessageKind> = new Set(['welcome_email']);

/** Older names that still count where the current one was never customised. */
const olderNames: Partial<Record<MessageKind, readonly MessageKind[]>> = {
  reset_email: ['change_password', 'password_reset'],
};

export interface ActiveTemplate {
  /** What is customised; the rest is built in. */
  readonly settings: TemplateSettings;
  readonly isEnabled: boolean;
  /** Seconds. */
  readonly linkLifetime: number;
}

/** The template that messages of this kind are made from now. */
export async function getActiveTemplate(database: Database, name: MessageKind): Promise<ActiveTemplate> {
  const found = await findTemplateSettings(database, [name, ...(olderNames[name] ?? [])]);
  const settings = found ?? {};
  return {
    settings,
    isEnabled: settings.enabled ?? !offByDefault.has(name),
    // 0 is the reference's other word for the default.
    linkLifetime: Math.ceil(settings.urlLifetimeInSeconds || defaultLinkLifetime),
  };
}
