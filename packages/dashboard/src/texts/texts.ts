import { de } from './de.ts';
import { en, type Texts } from './en.ts';

/** The dashboard's texts in the viewer's language, English where there is none. */
export const texts: Texts = navigator.language.toLowerCase().startsWith('de') ? de : en;

/** Fills `{name}` in a text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : placeholder,
  );
}
