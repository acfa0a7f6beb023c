import { describeProblem, parseQuery } from '@muster/query';
import type { QueryProblem } from '../../../api/query-refusal.ts';

/** What a search box holds, as the query it stands for. */
export type SearchText =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'query'; readonly q: string }
  /** Not a query. */
  | ({ readonly kind: 'problem' } & QueryProblem);

/** Words that are looked for one by one; a longer text is looked for as it stands. */
const mostWords = 5;
/** Characters in a row that a pattern needs which begins with a wildcard. */
const shortestRun = 3;
const namedFields = ['email', 'name', 'nickname', 'username'];
const shortFields = [...namedFields, 'given_name', 'family_name'];

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
const toLiteral = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`);
const join = (conditions: readonly string[], junction: 'AND' | 'OR') =>
  conditions.length === 1 ? conditions.join('') : `(${conditions.join(` ${junction} `)})`;

/**
 * Takes whatever somebody has in hand: an id from a log or of a provider, an e-mail or IP address, a phone number as people
 * write it, a name, or a query in the search language. Pure.
 */
export function readSearchText(typed: string): SearchText {
  const text = typed.trim();
  if (text === '') return { kind: 'everybody' };
  const conditions = readId(text) ?? readAddress(text) ?? [...readPhone(text), ...readWords(text)];
  if (conditions.length > 0) return { kind: 'query', q: conditions.join(' OR ') };
  const parsed = parseQuery(text);
  if (parsed.isValid) return { kind: 'query', q: text };
  const { span, suggestion } = parsed.problem;
  return {
    kind: 'problem',
    message: describeProblem(parsed.problem, text),
    ...span,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** `auth0|5f7c…`: a user's own id, or that of an identity which was linked to somebody. */
function readId(text: string): string[] | undefined {
  const [, provider, id] = /^([a-z0-9-]+)\|([^\s"]+)$/i.exec(text) ?? [];
  if (provider === undefined || id === undefined) return undefined;
  return [
    `user_id:${quote(text)}`,
    `(identities.provider:${quote(provider)} AND identities.user_id:${quote(id)})`,
  ];
}

function readAddress(text: string): string[] | undefined {
  if (/^[^\s":()]+@[^\s":()]+\.[^\s":()*]+$/.test(text))
    return [`email:${quote(text)}`, `identities.profileData.email:${quote(text)}`];
  const isIp =
    /^(\d{1,3}\.){3}\d{1,3}$/.test(text) || (/^[\da-f:.]+$/i.test(text) && /::|(:[^:]+){7}/.test(text));
  return isIp ? [`last_ip:${quote(text)}`] : undefined;
}

/**
 * A number as people write it. Numbers are kept as `+49301234567`: without the country's code, or with the 0 that stands for
 * it at home, it is the end of one.
 */
function readPhone(text: string): string[] {
  if (!/^\+?[\d\s()./-]+$/.test(text)) return [];
  const isInternational = /^(\+|00)/.test(text);
  // +49 (0)30 …: the 0 is for those at home.
  const digits = text.replace(isInternational ? /\(0\)/ : /$^/, '').replaceAll(/\D/g, '');
  if (digits.length < 6 || digits.length > 17) return [];
  return isInternational
    ? [`phone_number:${quote(`+${digits.replace(/^00/, '')}`)}`]
    : [`phone_number:*${digits.replace(/^0/, '')}`];
}

/** Names, or parts of names and addresses; a single word may also be the id that a provider gave somebody. */
function readWords(text: string): string[] {
  if (!/^[\p{L}\p{M}\p{N}\s.,'’@_+&#/-]+$/u.test(text)) return [];
  if (/\b(AND|OR|NOT|TO)\b|&&|(^|\s)[-+/]/.test(text)) return [];
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const [only] = words;
  if (only === undefined) return [];
  if (words.length === 1) return [findWord(only), `identities.user_id:${quote(only)}`];
  const phrases = [words, [...words.slice(1), ...words.slice(0, 1)], text.split(/\s+/)]
    .map((parts) => parts.join(' '))
    .filter((phrase) => [...phrase].length >= shortestRun);
  const asWritten = [...new Set(phrases)].map((phrase) => `name:*${toLiteral(phrase)}*`);
  if (words.length > mostWords) return asWritten.slice(0, 1);
  const isEachLong = words.every((word) => [...word].length >= shortestRun);
  return [join(words.map(findWord), 'AND'), ...(isEachLong ? [] : asWritten)];
}

/**
 * A word as a part of a name or address. One too short for that begins a value, or a word in a name: the space before it
 * makes the run long enough.
 */
function findWord(word: string): string {
  const { length } = [...word];
  if (length >= shortestRun)
    return join(
      namedFields.map((field) => `${field}:*${toLiteral(word)}*`),
      'OR',
    );
  const inside = length + 1 >= shortestRun ? [`name:*${toLiteral(` ${word}`)}*`] : [];
  return join([...shortFields.map((field) => `${field}:${toLiteral(word)}*`), ...inside], 'OR');
}
