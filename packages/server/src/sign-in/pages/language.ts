import { ar } from './texts/ar.ts';
import { de } from './texts/de.ts';
import { en, type Texts } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import { ja } from './texts/ja.ts';

/** The languages that the pages are translated to. */
export const catalogues = { en, de, fr, es, ja, ar } satisfies Record<string, Texts>;

export type Language = keyof typeof catalogues;

/** The tag itself, its base language, or nothing when there are no texts in it. */
export function findLanguage(tag: string): Language | undefined {
  const base = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  return isLanguage(base) ? base : undefined;
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(catalogues, tag);
}

/**
 * Chooses among the languages that the tenant has switched on: what the application asked for (`ui_locales`), then what
 * the browser prefers, then the tenant's first (spec authentication §1.9).
 * @param requested language tags, the best first
 * @param acceptLanguage the request's header
 * @param enabled the tenant's `enabled_locales`
 */
export function chooseLanguage(
  requested: readonly string[],
  acceptLanguage: string | undefined,
  enabled: readonly string[],
): Language {
  const allowed = new Set(enabled.flatMap((tag) => findLanguage(tag) ?? []));
  for (const tag of [...requested, ...parseAcceptLanguage(acceptLanguage)]) {
    const language = findLanguage(tag);
    if (language && allowed.has(language)) return language;
  }
  return [...allowed][0] ?? 'en';
}

/** Tags of `Accept-Language` (RFC 9110 §12.5.4), the preferred first. */
function parseAcceptLanguage(header: string | undefined): string[] {
  return (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

export function getDirection(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}
