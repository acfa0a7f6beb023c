/** Steps into a user: keys and list positions, such as `['identities', 0, 'connection']`. */
export type FieldPath = readonly [string | number, ...(string | number)[]];

const step = /(?:^|\.)([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/y;

/**
 * Parses a path as lodash writes them: `user_metadata.consent.given`, `identities[0].connection`,
 * `user_metadata["a.b"]`. @returns undefined where it is none
 */
export function parseFieldPath(text: string): FieldPath | undefined {
  const steps: (string | number)[] = [];
  step.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const match = step.exec(text);
    if (!match) return undefined;
    const [, key, index, doubleQuoted, singleQuoted] = match;
    const quoted = doubleQuoted ?? singleQuoted;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(key ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? '');
    end = step.lastIndex;
  }
  const [first, ...rest] = steps;
  return first === undefined || text === '' ? undefined : [first, ...rest];
}

/** The value at the path; undefined where there is none. Prototypes are never looked at. */
export function readAtPath(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** Puts a value at the path of an object, making the objects and lists on the way. */
export function writeAtPath(target: Record<string, unknown>, path: FieldPath, value: unknown): void {
  let current: object = target;
  for (const [index, key] of path.entries()) {
    const following = path[index + 1];
    if (following === undefined) {
      define(current, key, value);
      return;
    }
    const inner: unknown = Object.hasOwn(current, key) ? Reflect.get(current, key) : undefined;
    if (typeof inner === 'object' && inner !== null) current = inner;
    else {
      const made = typeof following === 'number' ? [] : {};
      define(current, key, made);
      current = made;
    }
  }
}

/** A key such as `__proto__` stays data. */
function define(target: object, key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
