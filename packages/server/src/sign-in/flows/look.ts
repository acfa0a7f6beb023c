import { randomBytes } from 'node:crypto';
import type { Database } from '../../platform/database/database.ts';
import { getBranding, getTenantSettings, listCustomTexts } from '../../tenant/index.ts';
import {
  catalogues,
  chooseLanguage,
  deriveTheme,
  getDirection,
  type Look,
  type Texts,
} from '../pages/index.ts';

export interface LookHints {
  /** What the application asked for, the best first. */
  readonly requested?: readonly string[];
  /** The browser's `Accept-Language`. */
  readonly acceptLanguage: string | undefined;
}

/** How a page of this tenant looks to this browser; every call makes a nonce of its own. */
export type FindLook = (hints: LookHints) => Promise<Look>;

export function createLookFinder(database: Database): FindLook {
  return async ({ requested = [], acceptLanguage }) => {
    const [settings, branding] = await Promise.all([getTenantSettings(database), getBranding(database)]);
    const {
      enabled_locales: enabled,
      friendly_name: name,
      picture_url: picture,
      support_url: url,
      support_email: email,
    } = settings;
    const language = chooseLanguage(requested, acceptLanguage, isTexts(enabled) ? enabled : []);
    const { primary, page_background: pageBackground } = branding.colors ?? {};
    return {
      language,
      direction: getDirection(language),
      texts: customize(catalogues[language], await listCustomTexts(database, language)),
      theme: deriveTheme({ primary, pageBackground }),
      nonce: randomBytes(16).toString('base64url'),
      tenantName: typeof name === 'string' && name !== '' ? name : 'Muster',
      logoUrl: branding.logo_url ?? (typeof picture === 'string' && picture !== '' ? picture : undefined),
      fontUrl: branding.font?.url,
      iconUrl: branding.favicon_url,
      supportUrl: typeof url === 'string' && url !== '' ? url : undefined,
      supportEmail: typeof email === 'string' && email !== '' ? email : undefined,
    };
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

type Screens = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Puts a tenant's own texts in place of ours; those of screens and keys that no page has are kept, and shown nowhere. */
function customize(texts: Texts, custom: ReadonlyMap<string, Screens>): Texts {
  if (custom.size === 0) return texts;
  const prompts = Object.entries(texts).map(([prompt, screens]: [string, Screens]) => {
    const own = custom.get(prompt) ?? {};
    const changed = Object.entries(screens).map(([screen, keys]) => [
      screen,
      Object.fromEntries(Object.entries(keys).map(([key, text]) => [key, own[screen]?.[key] ?? text])),
    ]);
    return [prompt, Object.fromEntries(changed)];
  });
  // Made of `texts` key by key, so it has the same shape.
  return Object.fromEntries(prompts) as Texts;
}
