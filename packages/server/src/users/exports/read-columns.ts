import { effectiveName, effectiveNickname, type NamedUser } from '../effective-names.ts';
import { toInstantText } from '../instant-text.ts';
import { defaultPicture } from '../pictures/default-picture.ts';
import { type Presentation, presentIdentities } from '../present-user.ts';
import type { Identity } from '../user.ts';
import { credentialFields, type ExportColumn } from './export-fields.ts';
import type { ExportedUser } from './exported-user.ts';
import type { CellName } from './exports-store.ts';
import { readAtPath } from './field-path.ts';

/** The value of a user that a column shows; undefined where there is none. */
type Reader = (user: ExportedUser) => unknown;

export interface ReadableColumn extends ExportColumn {
  readonly read: Reader;
}

/** The place of a cell among those that are read; one that nobody asked for yet is added. */
type FindCell = (name: CellName) => number;

/**
 * Finds out once how each column is made from what is stored, so that no user has to be put together for it. What columns
 * show is what `presentUser` shows.
 * @returns the columns, and the cells that have to be read for them, `user_id` first
 */
export function compileColumns(
  columns: readonly ExportColumn[],
  presentation: Presentation,
): { readonly columns: readonly ReadableColumn[]; readonly cells: readonly CellName[] } {
  const cells: CellName[] = ['user_id'];
  const find: FindCell = (name) => {
    const place = cells.indexOf(name);
    return place < 0 ? cells.push(name) - 1 : place;
  };
  const readable = columns.map((column) => ({ ...column, read: compileReader(column, find, presentation) }));
  return { columns: readable, cells };
}

function compileReader({ path }: ExportColumn, find: FindCell, presentation: Presentation): Reader {
  const [root, ...inner] = path;
  const own = compileOwn(String(root), inner, find, presentation);
  if (own) return own;
  if (credentialFields.some((name) => name === root)) return (user) => readAtPath(user.credentials, path);
  // A root of no own meaning is an attribute of the identity provider.
  const attributes = find('attributes');
  return (user) => readAtPath(user.readJson(attributes), path);
}

function compileOwn(
  root: string,
  inner: readonly (string | number)[],
  find: FindCell,
  presentation: Presentation,
): Reader | undefined {
  if (root === 'identities' && inner.length === 2 && inner[0] === 0) {
    const first = compileFirstIdentity(inner[1], find);
    if (first) return first;
  }
  const whole = compileRoot(root, find, presentation);
  return whole && inner.length > 0 ? (user) => readAtPath(whole(user), inner) : whole;
}

/** What is asked for most of identities needs no list of them. */
function compileFirstIdentity(key: string | number | undefined, find: FindCell): Reader | undefined {
  if (key !== 'connection' && key !== 'provider' && key !== 'user_id') return undefined;
  const cell = find(`identities[0].${key}`);
  return (user) => user.cells[cell];
}

function compileRoot(root: string, find: FindCell, presentation: Presentation): Reader | undefined {
  switch (root) {
    case 'user_id':
    case 'email':
    case 'username':
    case 'phone_number':
    case 'given_name':
    case 'family_name':
    case 'last_ip': {
      const cell = find(root);
      return (user) => user.cells[cell];
    }
    case 'email_verified':
    case 'phone_verified':
    case 'blocked': {
      const cell = find(root);
      return ({ cells }) => (cells[cell] === undefined ? undefined : cells[cell] === 't');
    }
    case 'created_at':
    case 'updated_at':
    case 'last_login':
    case 'last_password_reset':
    case 'multifactor_last_modified': {
      const cell = find(root);
      return ({ cells }) => (cells[cell] === undefined ? undefined : toInstantText(Number(cells[cell])));
    }
    case 'logins_count': {
      const cell = find(root);
      return ({ cells }) => (cells[cell] === undefined ? undefined : Number(cells[cell]));
    }
    case 'user_metadata':
    case 'app_metadata':
    case 'multifactor':
    case 'roles': {
      const cell = find(root);
      return (user) => user.readJson(cell);
    }
    case 'identities': {
      const cell = find(root);
      // `identitiesOfUser` builds them as this type says.
      return (user) => presentIdentities({ identities: (user.readJson(cell) ?? []) as readonly Identity[] });
    }
    case 'name': {
      const names = compileNames(find);
      return (user) => effectiveName(names(user));
    }
    case 'nickname': {
      const [nickname, email, username] = [find('nickname'), find('email'), find('username')] as const;
      return ({ cells }) =>
        effectiveNickname({ nickname: cells[nickname], email: cells[email], username: cells[username] });
    }
    case 'picture': {
      const names = compileNames(find);
      const picture = find('picture');
      return (user) => user.cells[picture] ?? defaultPicture(names(user), presentation);
    }
    default:
      return undefined;
  }
}

function compileNames(find: FindCell): (user: ExportedUser) => NamedUser {
  const [name, email, username, phone] = [
    find('name'),
    find('email'),
    find('username'),
    find('phone_number'),
  ] as const;
  return ({ cells }) => ({
    name: cells[name],
    email: cells[email],
    username: cells[username],
    phoneNumber: cells[phone],
  });
}
