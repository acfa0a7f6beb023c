import type { Look, Page } from '../pages/index.ts';

/** What cannot be helped here. @param text in the page's language, or what another part of the server says */
export function describeProblem(look: Look, code: string, text?: string): Page {
  const texts = look.texts['error-page']['error-page'];
  return {
    pageTitle: texts.pageTitle,
    title: texts.title,
    description: text ?? texts.description,
    symbol: 'problem',
    problemCode: code,
  };
}
