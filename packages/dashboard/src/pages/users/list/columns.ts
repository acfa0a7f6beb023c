import { texts } from '../../../texts/texts.ts';
import { listTexts } from './texts.ts';

/** A column of the list of users: a root field or a metadata path. */
export interface Column {
  readonly field: string;
  readonly label: string;
  readonly isSortable: boolean;
}

const known: readonly Column[] = [
  { field: 'name', label: texts.user, isSortable: true },
  { field: 'email', label: texts.email, isSortable: true },
  { field: 'email_verified', label: listTexts.emailVerified, isSortable: false },
  { field: 'username', label: texts.username, isSortable: true },
  { field: 'phone_number', label: texts.phoneNumber, isSortable: true },
  { field: 'given_name', label: texts.givenName, isSortable: true },
  { field: 'family_name', label: texts.familyName, isSortable: true },
  { field: 'nickname', label: texts.nickname, isSortable: true },
  { field: 'connection', label: texts.connection, isSortable: true },
  { field: 'user_id', label: listTexts.userId, isSortable: true },
  { field: 'last_login', label: texts.lastLogin, isSortable: true },
  { field: 'last_ip', label: texts.lastIp, isSortable: true },
  { field: 'logins_count', label: texts.logins, isSortable: true },
  { field: 'created_at', label: texts.created, isSortable: true },
  { field: 'updated_at', label: texts.updated, isSortable: true },
];

/** The user's name with their picture: it leads to them, so it always stays. */
export const firstField = 'name';
export const choosableFields = known.filter(({ field }) => field !== firstField);
export const shownAtFirst: readonly string[] = ['connection', 'last_login', 'logins_count', 'created_at'];

export const isMetadataPath = (field: string) =>
  /^(user_metadata|app_metadata)(\.[^.\s]+)+$/.test(field) && field.length <= 500;

/** Columns of these fields, in this order; the one that leads to the user comes first. */
export function toColumns(fields: readonly string[]): Column[] {
  return [firstField, ...fields].flatMap((field): Column[] => {
    const column = known.find((candidate) => candidate.field === field);
    if (column) return [column];
    return isMetadataPath(field) ? [{ field, label: field, isSortable: true }] : [];
  });
}

/** What every row needs: its name, its picture, and what decides what can be done with it. */
const everyRow = ['user_id', 'name', 'email', 'phone_number', 'picture', 'blocked', 'email_verified'];

/** Root fields of a user that these columns show. */
export function toRootFields(fields: readonly string[]): string[] {
  const roots = fields.map((field) =>
    field === 'connection' ? 'identities' : (field.split('.')[0] ?? field),
  );
  return [...new Set([...everyRow, ...roots])];
}

/** Columns as an address has them; `undefined` where it says nothing of them. */
export function readColumns(text: string | undefined): string[] | undefined {
  return text?.split(',').filter((field) => toColumns([field]).length > 1);
}

/** The value at a path of plain objects; `undefined` where there is none. */
export function readPath(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (parent, key) =>
        typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
          ? Reflect.get(parent, key)
          : undefined,
      value,
    );
}
