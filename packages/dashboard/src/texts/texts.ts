import { de } from './de.ts';
import { en } from './en.ts';

const languageKey = 'muster-language';
const chosen = readChoice();
const isGerman = (chosen ?? navigator.language).toLowerCase().startsWith('de');

/** What somebody chose in this browser; storage may be closed to us. */
function readChoice(): string | undefined {
  try {
    return localStorage.getItem(languageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Speaks another language from now on. The page is loaded anew: texts are made once. */
export function chooseLanguage(next: 'en' | 'de'): void {
  localStorage.setItem(languageKey, next);
  window.location.reload();
}

/**
 * The texts of a part of the dashboard in the viewer's language, English where there is none. A part keeps its own beside
 * its pages, so that they are loaded with them.
 */
export function translate<const Texts extends Readonly<Record<string, string>>>(languages: {
  readonly en: Texts;
  readonly de: { readonly [Key in keyof Texts]: string };
}): { readonly [Key in keyof Texts]: string } {
  return isGerman ? languages.de : languages.en;
}

/** What every page says. */
export const texts = translate({ en, de });

/** The language the texts are in, a BCP 47 tag. */
export const language = isGerman ? 'de' : 'en';

/** The browser's own, as Intl understands it: what `navigator.language` says may be no BCP 47 tag. */
const own = new Intl.DateTimeFormat().resolvedOptions().locale;

/** How numbers and times are written: by the viewer's own habits where they are of the language of the texts. */
export const locale = own.toLowerCase().startsWith(language) ? own : language;

const number = new Intl.NumberFormat(locale);
const plural = new Intl.PluralRules(language);

/**
 * Fills `{name}` in a text, numbers as the viewer writes them, and chooses by a number between what is said of one and of others:
 * `{count:the user|all # users}`, with the number where `#` is.
 */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(
    /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g,
    (placeholder, name: string, one: string | undefined, others: string | undefined) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return placeholder;
      if (typeof value === 'string') return value;
      const written = number.format(value);
      if (one === undefined || others === undefined) return written;
      return (plural.select(value) === 'one' ? one : others).replaceAll('#', written);
    },
  );
}
