import { describeProblem, parseQuery } from '@muster/query';

/** What a search box holds, as the query it stands for. */
export type SearchText =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'query'; readonly q: string }
  /** Not a query yet: what is wrong, and where. */
  | { readonly kind: 'problem'; readonly message: string; readonly start: number; readonly end: number };

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const namedFields = ['email', 'name', 'nickname', 'username'];

/**
 * Takes whatever somebody has in hand: an id from a log, an address, a number, a name, or a query in the search language.
 * Pure.
 */
export function readSearchText(typed: string): SearchText {
  const text = typed.trim();
  if (text === '') return { kind: 'everybody' };
  if (/^[a-z0-9-]+\|[^\s"]+$/i.test(text)) return { kind: 'query', q: `user_id:${quote(text)}` };
  if (/^[^\s":()]+@[^\s":()]+\.[^\s":()*]+$/.test(text)) return { kind: 'query', q: `email:${quote(text)}` };
  const digits = text.replaceAll(/[\s().-]/g, '');
  if (/^\+?\d{6,15}$/.test(digits))
    return { kind: 'query', q: `phone_number:${quote(digits.startsWith('+') ? digits : `+${digits}`)}` };
  if (/^[\p{L}\p{N}\s.'@_-]+$/u.test(text) && !/\b(AND|OR|NOT|TO)\b/.test(text) && !/(^|\s)-/.test(text))
    return { kind: 'query', q: text.split(/\s+/).map(toNameQuery).join(' AND ') };
  const parsed = parseQuery(text);
  if (parsed.isValid) return { kind: 'query', q: text };
  const { span } = parsed.problem;
  return { kind: 'problem', message: describeProblem(parsed.problem, text), ...span };
}

/** A word as part of a name or address; patterns that begin with a wildcard need three characters. */
function toNameQuery(word: string): string {
  const escaped = word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&');
  const pattern = word.length >= 3 ? `*${escaped}*` : `${escaped}*`;
  return `(${namedFields.map((field) => `${field}:${pattern}`).join(' OR ')})`;
}
