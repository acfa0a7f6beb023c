import fc from 'fast-check';
import { nastyLeaf, nastyText } from './nasty-values.ts';
import { toObject } from './schema-facts.ts';

/** The value with up to three places replaced, removed or added to. */
export function mutate(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'add'),
    key: nastyText,
    leaf: nastyLeaf,
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<unknown>((current, { at, kind, key, leaf }) => {
      const places = listPlaces(current);
      const place = places[at % places.length] ?? [];
      return alter(
        current,
        place,
        kind === 'add' ? (old) => addTo(old, key, leaf) : () => (kind === 'remove' ? undefined : leaf),
      );
    }, value),
  );
}

function listPlaces(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => listPlaces(inner, [...path, key]))];
}

function alter(value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? alter(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(toObject(value)).map(([name, inner]) => [
      name,
      name === key ? alter(inner, rest, change) : inner,
    ]),
  );
}

function addTo(value: unknown, key: string, leaf: unknown): unknown {
  if (Array.isArray(value)) return [...value, leaf];
  return Object.fromEntries([...Object.entries(toObject(value)), [key, leaf]]);
}
