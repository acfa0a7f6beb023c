import type { Language } from './language.ts';
import type { Texts } from './texts/en.ts';
import type { Theme } from './theme.ts';

/** Everything about a page that is not its own: language, colours, whose server it is. */
export interface Look {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  readonly texts: Texts;
  readonly theme: Theme;
  /** Of this answer alone: the page's own style and script carry it. */
  readonly nonce: string;
  readonly tenantName: string;
  readonly logoUrl?: string | undefined;
  /** A font file. */
  readonly fontUrl?: string | undefined;
  readonly iconUrl?: string | undefined;
  /** Where people find help; the address counts where there is no page. */
  readonly supportUrl?: string | undefined;
  readonly supportEmail?: string | undefined;
}

/** Fills `${name}` in a text; a name that nothing is known of stays away. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_placeholder, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : '',
  );
}
