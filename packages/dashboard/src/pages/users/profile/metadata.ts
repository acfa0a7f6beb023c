import { fill, texts } from '../../../texts/texts.ts';

export type Metadata = Readonly<Record<string, unknown>>;

export type ReadMetadata =
  | { readonly ok: true; readonly value: Metadata }
  | { readonly ok: false; readonly problem: string };

/** Reads what somebody typed as metadata. */
export function readMetadata(text: string): ReadMetadata {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    return {
      ok: false,
      problem: fill(texts.notJson, { problem: cause instanceof Error ? cause.message : String(cause) }),
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problem: texts.notObject };
  return { ok: true, value: Object.fromEntries(Object.entries(value)) };
}

export interface MetadataChange {
  readonly key: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What differs at the first level, which is where the API merges. */
export function diffMetadata(before: Metadata, after: Metadata): MetadataChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key): MetadataChange[] => {
    if (!Object.hasOwn(after, key)) return [{ key, kind: 'removed', before: before[key] }];
    if (!Object.hasOwn(before, key)) return [{ key, kind: 'added', after: after[key] }];
    return JSON.stringify(before[key]) === JSON.stringify(after[key])
      ? []
      : [{ key, kind: 'changed', before: before[key], after: after[key] }];
  });
}

/** What another object has at its first level and this one lacks. Pure. */
export function findMissingMetadata(own: Metadata, other: Metadata): Metadata {
  return Object.fromEntries(Object.entries(other).filter(([key]) => !Object.hasOwn(own, key)));
}
