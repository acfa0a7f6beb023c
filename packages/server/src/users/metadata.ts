import { reservedAppMetadataKeys } from '@muster/contract';
import { InvalidBodyError } from '../platform/http/errors.ts';
import type { Metadata } from './user.ts';

/**
 * Refuses keys that cannot be addressed by a path (`.` and `$`, at any depth) and, in `app_metadata`, the
 * reserved root keys.
 * @throws InvalidBodyError naming the property
 */
export function assertMetadataKeys(
  kind: 'user_metadata' | 'app_metadata',
  metadata: Metadata | undefined,
): void {
  if (!metadata) return;
  if (kind === 'app_metadata') {
    const reserved = Object.keys(metadata).filter((key) => reservedAppMetadataKeys.has(key));
    if (reserved.length > 0) {
      throw new InvalidBodyError(
        `Payload validation error: 'Reserved property names are not allowed: ${reserved.join(',')}' on property app_metadata.`,
      );
    }
  }
  assertAddressable(metadata, kind);
}

function assertAddressable(value: unknown, path: string): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      assertAddressable(item, `${path}[${index}]`);
    });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (/[.$]/.test(key)) {
      throw new InvalidBodyError(
        `Payload validation error: 'Property names must not contain "." or "$": ${key.slice(0, 100)}' on property ${path}.`,
      );
    }
    assertAddressable(inner, `${path}.${key}`);
  }
}

/**
 * Merges a change into stored metadata at the first level: a sent key replaces, `null` removes, a key not
 * sent stays; `{}` empties (spec users-and-search §4.3).
 * @returns `undefined` where the attribute stays absent
 */
export function mergeMetadata(stored: Metadata | undefined, change: Metadata): Metadata | undefined {
  const sent = Object.entries(change);
  if (sent.length === 0) return {};
  if (stored === undefined && !sent.some(([, value]) => value === null)) return change;
  const merged = new Map(Object.entries(stored ?? {}));
  for (const [key, value] of sent) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return stored === undefined && merged.size === 0 ? undefined : Object.fromEntries(merged);
}
