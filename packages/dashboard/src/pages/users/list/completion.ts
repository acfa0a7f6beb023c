import type { User } from '../user-queries.ts';

/** What may be typed next: the whole text with it, and the part that is new to be shown. */
export interface Completion {
  readonly text: string;
  readonly shown: string;
}

/** What completions are made from. */
export interface Vocabulary {
  /** Searchable fields and metadata paths. */
  readonly fields: readonly string[];
  /** Values of fields that have few. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** Completions that are offered at once, and characters of a value worth offering. */
const most = 8;
const longestValue = 60;
const rootFields = [
  'email',
  'email.domain',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'user_id',
  'connection',
  'role',
  'role_id',
  'blocked',
  'email_verified',
  'phone_verified',
  'last_login',
  'last_ip',
  'logins_count',
  'created_at',
  'updated_at',
  'identities.provider',
  'identities.user_id',
  'identities.isSocial',
];
const booleans = ['true', 'false'];
const junctions = ['AND', 'OR', 'AND NOT'];

/** Fields and values as they are known from the schema, the names of roles, and the users that were seen. Pure. */
export function gatherVocabulary(users: readonly User[], roles: readonly string[] = []): Vocabulary {
  const values = new Map<string, Set<string>>();
  const add = (field: string, value: unknown) => {
    if (
      (typeof value === 'string' && value.length <= longestValue) ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    )
      values.set(field, (values.get(field) ?? new Set()).add(String(value)));
    else if (Array.isArray(value)) for (const item of value) add(field, item);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value))
        if (/^[\w-]+$/.test(key)) add(`${field}.${key}`, inner);
  };
  for (const user of users) {
    for (const [key, value] of Object.entries(user.user_metadata ?? {}))
      if (/^[\w-]+$/.test(key)) add(`user_metadata.${key}`, value);
    for (const [key, value] of Object.entries(user.app_metadata ?? {}))
      if (/^[\w-]+$/.test(key)) add(`app_metadata.${key}`, value);
    for (const { connection, provider } of user.identities ?? []) {
      add('connection', connection);
      add('identities.provider', provider);
    }
  }
  for (const name of roles) add('role', name);
  for (const field of ['blocked', 'email_verified', 'phone_verified', 'identities.isSocial'])
    values.set(field, new Set(booleans));
  return {
    fields: [...rootFields, ...[...values.keys()].filter((field) => field.includes('_metadata.')).sort()],
    values: Object.fromEntries([...values].map(([field, known]) => [field, [...known].sort()])),
  };
}

/** How the end of a query may go on: the name of a field, its value, or a junction. Pure; nothing for other texts. */
export function completeQuery(text: string, { fields, values }: Vocabulary): Completion[] {
  const [, field = '', mark = '', begun = ''] = /(?:^|[\s(])([\w.-]+):("?)([^\s"()]*)$/.exec(text) ?? [];
  if (field !== '' && field !== '_exists_') {
    const head = text.slice(0, text.length - begun.length - mark.length);
    return (values[field] ?? [])
      .filter((value) => value !== begun && value.toLowerCase().startsWith(begun.toLowerCase()))
      .slice(0, most)
      .map((value) => ({ text: `${head}${quoteValue(value)} `, shown: `${field}:${quoteValue(value)}` }));
  }
  const word = /[\w.-]*$/.exec(text)?.[0] ?? '';
  const head = text.slice(0, text.length - word.length);
  const begins = (candidate: string) => candidate.toLowerCase().startsWith(word.toLowerCase());
  if (head.endsWith('_exists_:'))
    return fields
      .filter(begins)
      .slice(0, most)
      .map((name) => ({ text: `${head}${name} `, shown: `_exists_:${name}` }));
  // Inside of name:(a OR b), and of quotes, there are values.
  if (/:\([^)]*$/.test(text) || (head !== '' && !/[\s(]$/.test(head))) return [];
  const offered = [
    ...(word === '' ? [] : [...fields, '_exists_'].filter(begins).map((name) => `${name}:`)),
    ...(endsCondition(head) ? junctions : word === '' ? [] : ['NOT'])
      .filter((junction) => junction !== word && begins(junction))
      .map((junction) => `${junction} `),
  ];
  return offered.slice(0, most).map((next) => ({ text: `${head}${next}`, shown: next.trim() }));
}

/** Whether a condition is complete, and a space stands behind it: something that joins it with another may follow. */
function endsCondition(text: string): boolean {
  const before = text.trimEnd();
  const isComplete = /(?:^|[\s(])[\w.-]+:[^\s"]+$|[)\]}"]$/.test(before) && !before.endsWith(':');
  return isComplete && before !== text && before.split('"').length % 2 === 1;
}

/** A value as the query language takes it. */
export function quoteValue(value: string): string {
  return /^[\p{L}\p{N}_.@-]+$/u.test(value) && !/^-|^(AND|OR|NOT|TO)$/.test(value)
    ? value
    : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
