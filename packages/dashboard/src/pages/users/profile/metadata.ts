import { reservedAppMetadataKeys } from '@muster/contract';
import { fill } from '../../../texts/texts.ts';
import { isObject, isSame } from '../../../ui/is-same.ts';
import { metadataTexts } from './metadata-texts.ts';
import { type Place, readJson } from './read-json.ts';

export type Metadata = Readonly<Record<string, unknown>>;
export type MetadataKind = 'user_metadata' | 'app_metadata';

export interface MetadataProblem extends Place {
  readonly message: string;
}

export type ReadMetadata =
  | { readonly ok: true; readonly value: Metadata }
  | { readonly ok: false; readonly problems: readonly MetadataProblem[] };

/** Reads what somebody typed as metadata, and says at its place whatever the server would refuse or silently change. Pure. */
export function readMetadata(kind: MetadataKind, text: string): ReadMetadata {
  const whole = { from: 0, to: text.length };
  if (text.trim() === '') return { ok: true, value: {} };
  const read = readJson(text);
  if (!read.ok)
    return {
      ok: false,
      problems: [
        {
          ...read.problem,
          message:
            read.problem.kind === 'unfinished'
              ? metadataTexts.unfinished
              : fill(metadataTexts.unexpected, {
                  text: text.slice(read.problem.from, read.problem.to),
                  line: String(text.slice(0, read.problem.from).split('\n').length),
                }),
        },
      ],
    };
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problems: [{ ...whole, message: metadataTexts.notObject }] };
  const { keys, numbers, rootNulls } = read.marks;
  const problems = [
    ...keys.flatMap((key) => {
      const message = refuseKey(kind, key);
      return message === undefined ? [] : [{ from: key.from, to: key.to, message }];
    }),
    ...numbers
      .filter(({ text: written }) => !isKept(written))
      .map(({ from, to, text: written }) => ({
        from,
        to,
        message: fill(metadataTexts.tooPrecise, { number: written }),
      })),
    ...rootNulls.map((place) => ({ ...place, message: metadataTexts.rootNull })),
  ];
  return problems.length > 0
    ? { ok: false, problems: problems.sort((left, right) => left.from - right.from) }
    : { ok: true, value: Object.fromEntries(Object.entries(value)) };
}

function refuseKey(
  kind: MetadataKind,
  {
    name,
    path,
    isRepeated,
  }: { readonly name: string; readonly path: readonly string[]; readonly isRepeated: boolean },
): string | undefined {
  if (isRepeated) return fill(metadataTexts.repeated, { key: name });
  if (/[.$]/.test(name)) return fill(metadataTexts.notAddressable, { key: name });
  if (kind === 'app_metadata' && path.length === 0 && reservedAppMetadataKeys.has(name))
    return fill(metadataTexts.reserved, { key: name });
  return undefined;
}

/** Whether a number is still itself after JavaScript has read it: whole numbers are up to 2^53. */
function isKept(written: string): boolean {
  const value = Number(written);
  return /^-?\d+$/.test(written) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

export interface MetadataChange {
  /** `address.city`, `likes[0]`. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What differs, at whatever depth; lists are compared place by place. Pure. */
export function diffMetadata(before: unknown, after: unknown, path = ''): MetadataChange[] {
  const isBothList = Array.isArray(before) && Array.isArray(after);
  if (!isBothList && !(isObject(before) && isObject(after)))
    return before === after || isSame(before, after) ? [] : [{ path, kind: 'changed', before, after }];
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): MetadataChange[] => {
    const inner = isBothList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (!now.has(key)) return [{ path: inner, kind: 'removed', before: old.get(key) }];
    if (!old.has(key)) return [{ path: inner, kind: 'added', after: now.get(key) }];
    return diffMetadata(old.get(key), now.get(key), inner);
  });
}

/** The change to be sent: the API merges at the first level, where null removes. Pure. */
export function toMetadataChange(before: Metadata, after: Metadata): Record<string, unknown> {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return Object.fromEntries(
    [...new Set([...old.keys(), ...now.keys()])]
      .filter((key) => !isSame(old.get(key), now.get(key)))
      .map((key) => [key, now.get(key) ?? null]),
  );
}

/** What another object has at its first level and this one lacks. Pure. */
export function findMissingMetadata(own: Metadata, other: Metadata): Metadata {
  return Object.fromEntries(Object.entries(other).filter(([key]) => !Object.hasOwn(own, key)));
}
