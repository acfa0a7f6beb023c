import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** The place of a named value in a statement that is composed once. */
export type Parameter<Name extends string> = (name: Name) => RawBuilder<unknown>;

/** Runs a statement with the values of its parameters. */
export type Statement<Name extends string, Row> = (
  database: Database,
  values: Readonly<Record<Name, unknown>>,
) => Promise<Row[]>;

/**
 * A statement of a busy path, composed and compiled at its first use: composing it for every request costs as much as
 * sending it.
 * @param compose composes it, with a place for each value
 */
export function createStatement<Name extends string, Row>(
  compose: (parameter: Parameter<Name>) => RawBuilder<Row>,
): Statement<Name, Row> {
  let compiled: { readonly text: string; readonly parameters: readonly unknown[] } | undefined;
  return async (database, values) => {
    compiled ??= compile(compose, database);
    const parameters = compiled.parameters.map((value) =>
      value instanceof Place ? Reflect.get(values, value.name) : value,
    );
    return (await database.executeQuery<Row>(CompiledQuery.raw(compiled.text, parameters))).rows;
  };
}

/** Stands in the compiled statement for the value of its name. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function compile<Name extends string>(
  compose: (parameter: Parameter<Name>) => RawBuilder<unknown>,
  database: Database,
) {
  const query = compose((name) => sql`${new Place(name)}`).compile(database);
  return { text: query.sql, parameters: query.parameters };
}

/** The same places under names with a prefix, for a part of a statement that stands in it more than once. */
export function withPrefix<Name extends string, Prefix extends string>(
  parameter: Parameter<`${Prefix}${Name}`>,
  prefix: Prefix,
): Parameter<Name> {
  return (name) => parameter(`${prefix}${name}`);
}

/** Values for `withPrefix`. */
export function prefixValues<Name extends string, Prefix extends string>(
  values: Readonly<Record<Name, unknown>>,
  prefix: Prefix,
): Record<`${Prefix}${Name}`, unknown>;
export function prefixValues(
  values: Readonly<Record<string, unknown>>,
  prefix: string,
): Record<string, unknown> {
  const prefixed: Record<string, unknown> = {};
  for (const name in values) prefixed[prefix + name] = values[name];
  return prefixed;
}
