import { type KnownPath, knowChild, knowPath } from './known-path.ts';

export type Scalar = string | number | boolean;

export interface ScalarAtPath {
  readonly path: KnownPath;
  readonly value: Scalar;
}

/** Every string, number and boolean below `root` with its path; null, `{}` and `[]` hold nothing. */
export function listScalars(root: string, content: unknown): ScalarAtPath[] {
  const found: ScalarAtPath[] = [];
  // A stack of our own: metadata may be nested deeper than calls can be.
  const open: { path: KnownPath; content: unknown }[] = [{ path: knowPath(root, root), content }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, content: value } = next;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      found.push({ path, value });
    } else if (Array.isArray(value)) {
      for (const item of value) open.push({ path, content: item });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value))
        open.push({ path: knowChild(root, path, key), content: item });
    }
  }
  return found;
}
