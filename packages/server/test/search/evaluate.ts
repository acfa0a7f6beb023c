import type { ResolvedCondition, ResolvedNode, ResolvedTest } from '@muster/query';
import { firstBytes } from './first-bytes.ts';
import { type Scalar, scalarsOf } from './scalars-of.ts';

/** A user as `GET /users/{id}` shows it, with the names and ids of its roles. */
export type WireUser = Readonly<Record<string, unknown>>;

/** Compared in lower case; the operands of their conditions come in lower case already. */
export const foldedFields: readonly string[] = [
  'email',
  'email.domain',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'role',
];
/** What a condition without a field looks at. */
const freeFields = ['email', 'name', 'given_name', 'family_name', 'nickname'];

/**
 * What a query means: whether it finds the user. Reads nothing but what callers are shown, and shares no code with
 * the index, whose answers are held against it.
 */
export function matches(node: ResolvedNode, user: WireUser): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.children.every((child) => matches(child, user));
    case 'or':
      return node.children.some((child) => matches(child, user));
    case 'not':
      return !matches(node.child, user);
    case 'condition':
      return holds(node, user);
    case 'nested':
      return listIdentities(user).some((identity) => {
        const alone = onlyWith(identity);
        return node.lines.every((line) => line.some((condition) => holds(condition, alone)));
      });
  }
}

function listIdentities(user: WireUser): readonly object[] {
  return Array.isArray(user['identities']) ? user['identities'] : [];
}

const usersOfOneIdentity = new WeakMap<object, WireUser>();

/** A user that has nothing but this identity. */
function onlyWith(identity: object): WireUser {
  const user = usersOfOneIdentity.get(identity) ?? { identities: [identity] };
  usersOfOneIdentity.set(identity, user);
  return user;
}

function holds({ type, field, test }: ResolvedCondition, user: WireUser): boolean {
  if (test.kind === 'exists') return exists(type === 'scalar', field, user);
  const values = valuesOf(type, field, user);
  return values.some((value) => (type === 'scalar' ? fitsScalar(test, value) : fits(test, value)));
}

/** A root field has a value; a path of metadata holds one there or anywhere below. */
function exists(isPath: boolean, field: string, user: WireUser): boolean {
  const name = field === 'email.domain' ? 'email' : field;
  if (!isPath) return scalarsOf(user).has(name);
  return [...scalarsOf(user).keys()].some((path) => path === name || path.startsWith(`${name}.`));
}

function valuesOf(type: ResolvedCondition['type'], field: string, user: WireUser): readonly Scalar[] {
  if (type === 'free') return freeFields.flatMap((name) => valuesOf('text', name, user));
  if (field === 'email.domain')
    return valuesOf('text', 'email', user).map((email) =>
      String(email).slice(String(email).lastIndexOf('@') + 1),
    );
  const values = scalarsOf(user).get(field) ?? [];
  return foldedFields.includes(field) ? values.map((value) => String(value).toLowerCase()) : values;
}

/** A field of one type. */
function fits(test: ResolvedTest, value: Scalar): boolean {
  switch (test.kind) {
    case 'equals':
      return value === test.text;
    case 'boolean':
      return value === test.value;
    case 'instant-range':
      return typeof value === 'string' && isWithinPeriod(test, Date.parse(value));
    default:
      return fitsPattern(test, value);
  }
}

/** A value of metadata: whole values by their JSON text, whatever their type. */
function fitsScalar(test: ResolvedTest, value: Scalar): boolean {
  if (test.kind === 'equals')
    return [test.text, ...(test.number === undefined ? [] : [String(test.number)])].includes(String(value));
  return fitsPattern(test, value);
}

function fitsPattern(test: ResolvedTest, value: Scalar): boolean {
  switch (test.kind) {
    case 'matches':
      return typeof value === 'string' && matchesPieces(test.pieces, firstBytes(value));
    case 'text-range':
      return typeof value === 'string' && isWithin(test, (end) => compareText(firstBytes(value), end.text));
    case 'number-range':
      return typeof value === 'number' && isWithin(test, (end) => value - end.value);
    default:
      return false;
  }
}

/** The first piece begins the text, the last one ends it, the others stand between them in their order. */
function matchesPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let rest = text.slice(first.length, text.length - last.length);
  for (const piece of pieces.slice(1, -1)) {
    const place = rest.indexOf(piece);
    if (place < 0) return false;
    rest = rest.slice(place + piece.length);
  }
  return true;
}

interface Ends<End extends { readonly isInclusive: boolean }> {
  readonly lower?: End;
  readonly upper?: End;
}

/** @param compareWith the value against an end: negative, zero or positive */
function isWithin<End extends { readonly isInclusive: boolean }>(
  { lower, upper }: Ends<End>,
  compareWith: (end: End) => number,
): boolean {
  const isAbove = !lower || compareWith(lower) > 0 || (lower.isInclusive && compareWith(lower) === 0);
  const isBelow = !upper || compareWith(upper) < 0 || (upper.isInclusive && compareWith(upper) === 0);
  return isAbove && isBelow;
}

function isWithinPeriod({ from, before }: { from?: number; before?: number }, instant: number): boolean {
  return (from === undefined || instant >= from) && (before === undefined || instant < before);
}

/** By code points, which is the order of UTF-8 bytes. */
export function compareText(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
