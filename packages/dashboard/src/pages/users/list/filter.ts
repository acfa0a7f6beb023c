import { parseQuery } from '@muster/query';
import { isMetadataPath } from './columns.ts';
import { quoteValue } from './completion.ts';

export type Operator =
  | 'is'
  | 'isNot'
  | 'contains'
  | 'startsWith'
  | 'atLeast'
  | 'atMost'
  | 'onOrAfter'
  | 'before'
  | 'exists'
  | 'missing';

type Kind = 'text' | 'exact' | 'boolean' | 'number' | 'instant' | 'metadata';

const operatorsOfKind: Readonly<Record<Kind, readonly Operator[]>> = {
  text: ['is', 'contains', 'startsWith', 'isNot', 'exists', 'missing'],
  exact: ['is', 'isNot', 'exists', 'missing'],
  boolean: ['is'],
  number: ['atLeast', 'atMost', 'is'],
  instant: ['onOrAfter', 'before', 'exists', 'missing'],
  metadata: ['is', 'isNot', 'contains', 'startsWith', 'atLeast', 'atMost', 'exists', 'missing'],
};

const kinds: Readonly<Record<string, Kind>> = {
  email: 'text',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  nickname: 'text',
  username: 'text',
  phone_number: 'text',
  connection: 'exact',
  role: 'text',
  blocked: 'boolean',
  email_verified: 'boolean',
  logins_count: 'number',
  last_login: 'instant',
  created_at: 'instant',
  updated_at: 'instant',
};

/** Fields that a filter may be clicked together for. */
export const filterFields = Object.keys(kinds);

export function kindOfField(field: string): Kind {
  return kinds[field] ?? 'metadata';
}

export function operatorsOf(field: string): readonly Operator[] {
  return operatorsOfKind[kindOfField(field)];
}

export const needsValue = (operator: Operator) => operator !== 'exists' && operator !== 'missing';

/** @returns the condition in the query language; `undefined` while something of it is missing */
export function toCondition(field: string, operator: Operator, value: string): string | undefined {
  if (kinds[field] === undefined && !isMetadataPath(field)) return undefined;
  const text = value.trim();
  if (needsValue(operator) && text === '') return undefined;
  const escaped = text.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`);
  switch (operator) {
    case 'is':
      return `${field}:${quoteValue(text)}`;
    case 'isNot':
      return `NOT ${field}:${quoteValue(text)}`;
    case 'contains':
      return `${field}:*${escaped}*`;
    case 'startsWith':
      return `${field}:${escaped}*`;
    case 'atLeast':
    case 'onOrAfter':
      return `${field}:[${text} TO *]`;
    case 'atMost':
      return `${field}:[* TO ${text}]`;
    case 'before':
      return `${field}:[* TO ${text}}`;
    case 'exists':
      return `_exists_:${field}`;
    case 'missing':
      return `NOT _exists_:${field}`;
  }
}

/** Both: what was searched for before, and the condition. */
export function addCondition(query: string | undefined, condition: string): string {
  if (query === undefined || query.trim() === '') return condition;
  const parsed = parseQuery(query);
  const isAlternative = parsed.isValid && parsed.value.kind === 'or';
  return `${isAlternative ? `(${query})` : query.trim()} AND ${condition}`;
}
