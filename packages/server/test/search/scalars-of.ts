export type Scalar = string | number | boolean;

const known = new WeakMap<object, ReadonlyMap<string, readonly Scalar[]>>();

/**
 * Every string, number and boolean of some JSON, by its path: keys joined by dots, arrays leaving no trace. Null, `[]`
 * and `{}` hold nothing. What was read once is remembered, so the JSON must not change.
 */
export function scalarsOf(json: object): ReadonlyMap<string, readonly Scalar[]> {
  const remembered = known.get(json);
  if (remembered) return remembered;
  const found = new Map<string, Scalar[]>();
  collect(json, [], found);
  known.set(json, found);
  return found;
}

function collect(value: unknown, keys: readonly string[], found: Map<string, Scalar[]>): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    const path = keys.join('.');
    found.set(path, [...(found.get(path) ?? []), value]);
  } else if (Array.isArray(value)) {
    for (const element of value) collect(element, keys, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) collect(child, [...keys, key], found);
  }
}
