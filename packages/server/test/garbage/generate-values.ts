import type { Operation } from '@muster/contract';
import fc from 'fast-check';
import { nastyText } from './nasty-values.ts';
import { databaseName, type KnownIds } from './scene.ts';
import { type Json, requiredOf, toObject, typesOf } from './schema-facts.ts';

/** Values that a schema accepts, mostly: formats and patterns are met by a known text of that name. */
export function valueFor(known: KnownIds, schema: unknown, name: string, depth = 0): fc.Arbitrary<unknown> {
  const { type, enum: choices, const: constant, anyOf, properties, items } = toObject(schema);
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  if (constant !== undefined) return fc.constant(constant);
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map((branch) => valueFor(known, branch, name, depth)));
  if (type === 'object' && depth < 4) {
    const declared = Object.keys(toObject(properties));
    // Rules beyond the schema want these: without them no user would ever be made.
    const required = [
      ...requiredOf(schema),
      ...(requiredOf(schema).includes('connection') ? ['email', 'password'] : []),
    ].filter((key) => declared.includes(key));
    const optional = declared.filter((key) => !required.includes(key));
    // Few keys at a time: the more there are, the surer one of them is refused.
    return fc
      .subarray(optional, { maxLength: Math.min(optional.length, 5) })
      .chain((chosen) =>
        fc
          .tuple(
            ...[...required, ...chosen].map((key) =>
              valueFor(known, toObject(properties)[key], key, depth + 1).map(
                (value) => [key, value] as const,
              ),
            ),
          )
          .map((entries) => Object.fromEntries(entries)),
      );
  }
  if (type === 'array') return fc.array(valueFor(known, items, name, depth + 1), { maxLength: 3 });
  if (type === 'string')
    return fc.oneof(
      {
        weight: 10,
        arbitrary: fc
          .nat({ max: 10_000 })
          .map((number) => String(textFor(known, name, toObject(schema), number))),
      },
      { weight: 1, arbitrary: nastyText },
    );
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.constantFrom(1, 10, 100, 3600);
  if (type === 'null') return fc.constant(null);
  return fc.jsonValue({ maxDepth: 3 });
}

function textFor(known: KnownIds, name: string, schema: Json, number: number): unknown {
  if (name === 'connection') return databaseName;
  if (name === 'password') return `Correct-horse-${number}`;
  if (name === 'client_id') return known.get('clients')?.[number % 12];
  if (name === 'audience') return `https://seed${number % 12}.example.com/`;
  if (name === 'identifier') return `https://api${number}.example.com/`;
  if (name === 'phone_number') return `+${10_000 + number}`;
  const format = String(schema['format'] ?? '');
  if (format.includes('email')) return `garbage${number}@example.com`;
  if (format.includes('url') || format.includes('uri')) return `https://example.com/${number}`;
  if (format === 'client-id') return known.get('clients')?.[number % 12];
  return `text-${number}`;
}

export function plainValueFor(known: KnownIds, name: string, schema: unknown): unknown {
  const { enum: choices } = toObject(schema);
  if (Array.isArray(choices)) return choices[0];
  if (toObject(schema)['format'] === 'user-id') return 'auth0|nobody';
  const types = typesOf(schema);
  if (types.has('object')) return {};
  if (types.has('boolean')) return true;
  return types.has('integer') || types.has('number') ? 1 : textFor(known, name, toObject(schema), 1);
}

export function pathWithKnownIds(known: KnownIds, operation: Operation): string {
  const segment = operation.path.split('/')[1] ?? '';
  const kind = segment === 'administrators' ? 'users' : segment;
  const choose = (name: string) => {
    const { enum: choices } = toObject(toObject(toObject(operation.parameters)['properties'])[name]);
    return Array.isArray(choices) ? String(choices[0]) : (known.get(kind)?.[0] ?? '1');
  };
  return `/api/v2${operation.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(choose(name)))}`;
}
