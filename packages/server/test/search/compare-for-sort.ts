import { compareText, foldedFields, type WireUser } from './evaluate.ts';
import { firstBytes } from './first-bytes.ts';
import { type Scalar, scalarsOf } from './scalars-of.ts';

/** The order of types at one path of metadata. */
const typeOrder = ['number', 'string', 'boolean'];

/**
 * The order in which `sort=field:1` or `field:-1` lists two users; 0 where it leaves them to the index. Users without
 * the value come last in both directions; of several values the smallest counts.
 */
export function compareForSort(
  field: string,
  direction: 1 | -1,
): (left: WireUser, right: WireUser) => number {
  return (left, right) => {
    const [a, b] = [sortValue(field, left), sortValue(field, right)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return direction * compareScalars(a, b);
  };
}

function sortValue(field: string, user: WireUser): Scalar | undefined {
  const path = field === 'connection' ? 'identities.connection' : field;
  const values = scalarsOf(user).get(path) ?? [];
  if (path === 'identities.connection') return values[0]; // the primary identity comes first
  const [smallest] = values
    .map((value) => (foldedFields.includes(path) ? String(value).toLowerCase() : value))
    .sort(compareScalars);
  return smallest;
}

function compareScalars(left: Scalar, right: Scalar): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string')
    return compareText(firstBytes(left), firstBytes(right));
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return typeOrder.indexOf(typeof left) - typeOrder.indexOf(typeof right);
}
