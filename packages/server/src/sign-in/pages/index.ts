export { createPageHeaders } from './headers.ts';
export { catalogues, chooseLanguage, findLanguage, getDirection, type Language } from './language.ts';
export { fill, type Look } from './look.ts';
export { type Field, type Form, type Page, type Rule, renderPage } from './page.ts';
export { listPasswordRules } from './password-rules.ts';
export type { Texts } from './texts/en.ts';
export { deriveTheme, type Theme } from './theme.ts';
