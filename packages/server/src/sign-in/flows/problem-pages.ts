import { fill, type Look, type Page, type Texts } from '../pages/index.ts';

/** What cannot be helped here. @param text in the page's language */
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

/** As another part of the server says it, in English. */
export interface Problem {
  readonly error: string;
  readonly error_description?: string | undefined;
}

/** Says in the page's language what another part of the server refused; its own words stay for who builds the application. */
export function explainProblem(look: Look, { error, error_description: detail }: Problem): Page {
  const texts = look.texts['error-page']['error-page'];
  const [, key, isWhole] =
    meanings.find(([pattern]) => pattern.test(`${error}: ${detail ?? ''}`)) ?? unknownMeaning;
  const [, names = ''] = /^missing required parameter\(s\) (.+)$/.exec(detail ?? '') ?? [];
  const page = describeProblem(look, error, fill(texts[key], { names }));
  return isWhole || detail === undefined || detail === '' ? page : { ...page, detail };
}

/** The person is known and right, and may not in. */
export function describeBlock(look: Look, clientName: string): Page {
  const texts = look.texts['error-page']['error-page'];
  return {
    pageTitle: texts.blockedTitle,
    title: texts.blockedTitle,
    description: fill(texts.blocked, { clientName }),
    symbol: 'problem',
    problemCode: 'unauthorized',
  };
}

type Meaning = readonly [
  pattern: RegExp,
  key: keyof Texts['error-page']['error-page'],
  /** Whether the text says all that there is to say. */
  isWhole: boolean,
];

/** By the code and description of an error; the first that fits counts. */
const meanings: readonly Meaning[] = [
  [/^invalid_client|client_id does not name/, 'unknownApplication', true],
  [/: missing required parameter\(s\) /, 'missingParameter', true],
  [/^invalid_redirect_uri|redirect_uri/, 'wrongCallback', false],
  [/list of allowed logout URLs/, 'wrongLogoutUrl', true],
  [/id_token_hint|logout_hint/, 'wrongLogoutHint', false],
  [/has expired|session not found|mismatch|could not find device form/, 'expired', true],
  [/^access_denied|^unauthorized/, 'description', false],
  [/^server_error|^temporarily_unavailable/, 'unavailable', true],
];
const unknownMeaning: Meaning = [/./, 'wrongRequest', false];
