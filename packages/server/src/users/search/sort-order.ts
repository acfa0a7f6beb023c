import type { OrderedColumn, TextColumn } from './index-node.ts';

/** What a page is sorted by. Missing values come last in both directions; the entry's id breaks ties. */
export type SortOrder = {
  /** As the caller named it. */
  readonly name: string;
  readonly isDescending: boolean;
} & (
  | { readonly kind: 'column'; readonly column: TextColumn | OrderedColumn; readonly isOptional: boolean }
  /** A metadata path, by the smallest value there: numbers, then text, then booleans. */
  | { readonly kind: 'path'; readonly path: string }
);

const requiredColumns: Readonly<Record<string, TextColumn | OrderedColumn>> = {
  user_id: 'user_id',
  created_at: 'created_at',
  updated_at: 'updated_at',
  'identities.connection': 'connection',
  connection: 'connection',
};
const optionalColumns: Readonly<Record<string, TextColumn | OrderedColumn>> = {
  name: 'name',
  email: 'email',
  given_name: 'given_name',
  family_name: 'family_name',
  nickname: 'nickname',
  username: 'username',
  phone_number: 'phone_number',
  last_ip: 'last_ip',
  last_login: 'last_login',
  logins_count: 'logins_count',
};

export const defaultSort: SortOrder = {
  kind: 'column',
  name: 'created_at',
  column: 'created_at',
  isOptional: false,
  isDescending: false,
};

/** Names that `sort` takes, for messages. */
export const sortFieldNames = [...Object.keys(optionalColumns), ...Object.keys(requiredColumns)];

/** Reads `email:1` or `email:-1`. @returns `undefined` for a field that users cannot be sorted by */
export function parseSortOrder(text: string): SortOrder | undefined {
  const end = text.lastIndexOf(':');
  return readSortOrder(text.slice(0, end), text.slice(end + 1) === '-1');
}

/** @returns `undefined` for a field that users cannot be sorted by */
export function readSortOrder(name: string, isDescending: boolean): SortOrder | undefined {
  const required = Object.hasOwn(requiredColumns, name) ? requiredColumns[name] : undefined;
  if (required) return { kind: 'column', name, column: required, isOptional: false, isDescending };
  const optional = Object.hasOwn(optionalColumns, name) ? optionalColumns[name] : undefined;
  if (optional) return { kind: 'column', name, column: optional, isOptional: true, isDescending };
  const isPath = /^(user_metadata|app_metadata)\../.test(name) && !name.split('.').includes('');
  return isPath ? { kind: 'path', name, path: name, isDescending } : undefined;
}
