import { ImportedUser } from '@muster/contract';

/** What each column or key of a file becomes: an attribute, a path in the metadata, or nothing at all (empty). */
export type Mapping = ReadonlyMap<string, string>;

export const attributes: readonly string[] = Object.keys(ImportedUser.properties);

/** Names that other systems give to attributes, letters and digits alone. */
const synonyms: Readonly<Record<string, string>> = {
  emailaddress: 'email',
  mail: 'email',
  verified: 'email_verified',
  isverified: 'email_verified',
  emailconfirmed: 'email_verified',
  id: 'user_id',
  uid: 'user_id',
  uuid: 'user_id',
  login: 'username',
  user: 'username',
  handle: 'username',
  firstname: 'given_name',
  first: 'given_name',
  forename: 'given_name',
  vorname: 'given_name',
  lastname: 'family_name',
  last: 'family_name',
  surname: 'family_name',
  nachname: 'family_name',
  fullname: 'name',
  displayname: 'name',
  nick: 'nickname',
  phone: 'phone_number',
  mobile: 'phone_number',
  telephone: 'phone_number',
  telefon: 'phone_number',
  avatar: 'picture',
  avatarurl: 'picture',
  photo: 'picture',
  image: 'picture',
  disabled: 'blocked',
  isblocked: 'blocked',
  banned: 'blocked',
  password: 'password_hash',
  hash: 'password_hash',
  encryptedpassword: 'password_hash',
  bcrypt: 'password_hash',
  created: 'created_at',
  updated: 'updated_at',
  lastloginat: 'last_login',
  lastsignin: 'last_login',
  lastsigninat: 'last_login',
  logincount: 'logins_count',
};

const simplify = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
const bySimpleName = new Map([
  ...Object.entries(synonyms),
  ...attributes.map((name) => [simplify(name), name] as const),
]);

/** Whether an import takes this name as it is. A column of CSV may also be a path below an attribute. */
export function isTaken(name: string, kind: 'json' | 'csv'): boolean {
  return attributes.includes(kind === 'csv' ? (name.split(/[.[]/)[0] ?? '') : name);
}

/** Whether a column can become this: an attribute or a path in the metadata. */
export function isTarget(target: string): boolean {
  const [root = '', ...keys] = target.split('.');
  if (keys.length === 0) return attributes.includes(root);
  return (
    ['user_metadata', 'app_metadata'].includes(root) &&
    keys.every((key) => /^[^\s.[\]]+$/.test(key) && key !== '__proto__')
  );
}

/** What a column most likely means; what nothing is known of becomes metadata, for that loses nothing. */
export function suggestTarget(column: string, kind: 'json' | 'csv'): string {
  if (isTaken(column, kind)) return column;
  const known = bySimpleName.get(simplify(column));
  if (known !== undefined) return known;
  const key = column
    .trim()
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  return key === '' ? '' : `user_metadata.${key}`;
}

/** A mapping of all these columns, the suggested one where nobody chose; of two that mean the same the first one has it. */
export function toMapping(
  columns: readonly string[],
  kind: 'json' | 'csv',
  chosen: Mapping = new Map(),
): Mapping {
  const mapping = new Map(chosen);
  const isFree = (target: string) => ![...mapping.values()].includes(target);
  // Those that are right already are not to lose their place to one that looks like them.
  for (const column of columns)
    if (!mapping.has(column) && isTaken(column, kind)) mapping.set(column, column);
  for (const column of columns) {
    if (mapping.has(column)) continue;
    const target = suggestTarget(column, kind);
    const spare = `user_metadata.${column.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')}`;
    mapping.set(column, [target, spare].find((candidate) => candidate !== '' && isFree(candidate)) ?? '');
  }
  return new Map(columns.map((column) => [column, mapping.get(column) ?? '']));
}

/** What is wrong with where a column goes. */
export type MappingProblem = 'unknown' | 'twice';

export function findMappingProblem(
  mapping: Mapping,
  column: string,
  kind: 'json' | 'csv',
): MappingProblem | undefined {
  const target = mapping.get(column) ?? '';
  if (target === '') return undefined;
  if (!isTarget(target) && !(target === column && isTaken(column, kind))) return 'unknown';
  return [...mapping].some(([other, same]) => other !== column && same === target) ? 'twice' : undefined;
}
