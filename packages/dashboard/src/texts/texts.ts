import { de } from './de.ts';
import { en } from './en.ts';

const isGerman = navigator.language.toLowerCase().startsWith('de');

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

/** Fills `{name}` in a text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}
