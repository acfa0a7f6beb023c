import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemIn, resolve } from '../test/support/outcomes.ts';
import { testSchema } from '../test/support/schema.ts';
import { anyText } from '../test/support/trees.ts';
import {
  type FieldDefinition,
  parseQuery,
  printQuery,
  type ResolvedCondition,
  type ResolvedNode,
  resolveQuery,
} from './index.ts';

/** A resolved tree as a short line: `{ }` around the lines that one element of a list satisfies. */
function outline(node: ResolvedNode): string {
  switch (node.kind) {
    case 'all':
      return '*';
    case 'condition':
      return `${node.field}:${node.test.kind === 'equals' ? node.test.text : node.test.kind}`;
    case 'nested':
      return `${node.collection}{${node.lines.map((line) => line.map(outline).join(' | ')).join(', ')}}`;
    case 'not':
      return `not(${outline(node.child)})`;
    case 'and':
    case 'or':
      return `${node.kind}(${node.children.map(outline).join(', ')})`;
  }
}

describe('fields', () => {
  it.each([
    ['name:x', { field: 'name', type: 'text' }],
    ['email.domain:x', { field: 'email.domain', type: 'text' }],
    ['blocked:true', { field: 'blocked', type: 'boolean' }],
    ['logins_count:5', { field: 'logins_count', type: 'number' }],
    ['created_at:2017', { field: 'created_at', type: 'instant' }],
    ['user_metadata.a.b:x', { field: 'user_metadata.a.b', type: 'scalar' }],
    ['_exists_:user_metadata', { field: 'user_metadata', type: 'scalar' }],
    ['x', { field: '', type: 'free' }],
    ['connection:x', { field: 'identities.connection', type: 'text', collection: 'identities' }],
    ['identities.isSocial:true', { field: 'identities.isSocial', type: 'boolean', collection: 'identities' }],
    [
      'identities.profileData.a:x',
      { field: 'identities.profileData.a', type: 'scalar', collection: 'identities' },
    ],
  ])('have one name, a type and perhaps a list: %s', (text, expected) => {
    const node = resolve(text);
    if (node.kind !== 'condition') throw new Error(`${text} is not one condition`);
    const { field, type, collection } = node;
    expect({ field, type, ...(collection === undefined ? {} : { collection }) }).toEqual(expected);
  });
});

describe('conditions on the elements of a list', () => {
  it.each([
    ['connection:a AND identities.user_id:1', 'identities{identities.connection:a, identities.user_id:1}'],
    ['+connection:a +identities.user_id:1', 'identities{identities.connection:a, identities.user_id:1}'],
    [
      'connection:(a OR b) AND identities.isSocial:true',
      'identities{identities.connection:a | identities.connection:b, identities.isSocial:boolean}',
    ],
    [
      'connection:(a (b OR c)) AND identities.user_id:1',
      'identities{identities.connection:a | identities.connection:b | identities.connection:c, identities.user_id:1}',
    ],
    [
      'connection:a AND name:x AND identities.profileData.b:c',
      'and(name:x, identities{identities.connection:a, identities.profileData.b:c})',
    ],
    [
      'phones.kind:a AND connection:b AND phones.number:c AND identities.user_id:d',
      'and(phones{phones.kind:a, phones.number:c}, identities{identities.connection:b, identities.user_id:d})',
    ],
    [
      '(connection:a AND identities.user_id:1) OR (connection:b AND identities.user_id:2)',
      'or(identities{identities.connection:a, identities.user_id:1}, identities{identities.connection:b, identities.user_id:2})',
    ],
    [
      'NOT (connection:a AND identities.user_id:1)',
      'not(identities{identities.connection:a, identities.user_id:1})',
    ],
  ])('side by side under one AND are about one element: %s', (text, expected) => {
    expect(outline(resolve(text))).toBe(expected);
  });

  it.each([
    ['connection:a', 'identities.connection:a'],
    ['connection:a AND name:x', 'and(name:x, identities.connection:a)'],
    ['connection:a AND phones.kind:b', 'and(identities.connection:a, phones.kind:b)'],
    ['connection:a OR identities.user_id:1', 'or(identities.connection:a, identities.user_id:1)'],
    ['connection:(a OR b)', 'or(identities.connection:a, identities.connection:b)'],
    ['connection:(a OR b) AND name:x', 'and(name:x, or(identities.connection:a, identities.connection:b))'],
    ['connection:a AND (identities.user_id:1)', 'and(identities.user_id:1, identities.connection:a)'],
    ['(connection:a) AND (identities.user_id:1)', 'and(identities.connection:a, identities.user_id:1)'],
    ['connection:(a AND b)', 'and(identities.connection:a, identities.connection:b)'],
    ['connection:a AND connection:b', 'and(identities.connection:a, identities.connection:b)'],
    ['connection:a AND NOT identities.user_id:1', 'and(not(identities.user_id:1), identities.connection:a)'],
    ['connection:a -identities.user_id:1', 'and(not(identities.user_id:1), identities.connection:a)'],
    [
      'connection:(a AND NOT b) AND name:x',
      'and(and(not(identities.connection:b), identities.connection:a), name:x)',
    ],
  ])('are each about any element otherwise: %s', (text, expected) => {
    expect(outline(resolve(text))).toBe(expected);
  });

  it('are checked like any other', () => {
    expect(problemIn('connection:a AND identities.isSocial:maybe')).toMatchObject({
      code: 'wrong_type',
      at: 'maybe',
    });
    expect(problemIn('connection:(a *b) AND identities.user_id:1')).toMatchObject({ at: '*b' });
    expect(problemIn('connection:a AND identities.usr_id:1')).toMatchObject({ code: 'unknown_field' });
  });

  it('count against the limit of wildcards once each', () => {
    const limits = { length: 1_000, depth: 5, conditions: 10, patterns: 2, lists: 10 };
    resolve('connection:(a* b*) AND identities.user_id:1', limits);
    expect(problemIn('connection:(a* b* c*) AND identities.user_id:1', limits)).toMatchObject({ at: 'c*' });
  });
});

describe('everything', () => {
  it.each([
    ['*', '*'],
    ['', '*'],
    ['NOT *', 'not(*)'],
    ['* OR name:x', 'or(*, name:x)'],
    ['((name:x))', 'name:x'],
  ])('%j is %s', (text, expected) => {
    expect(outline(resolve(text))).toBe(expected);
  });
});

/** Every condition of a resolved tree. */
function listConditions(node: ResolvedNode): readonly ResolvedCondition[] {
  switch (node.kind) {
    case 'all':
      return [];
    case 'condition':
      return [node];
    case 'nested':
      return node.lines.flat();
    case 'not':
      return listConditions(node.child);
    case 'and':
    case 'or':
      return node.children.flatMap(listConditions);
  }
}

/** The kinds of test that a condition of a type can have. */
const kindsOfType: Readonly<Record<ResolvedCondition['type'], readonly string[]>> = {
  text: ['exists', 'equals', 'matches', 'text-range'],
  scalar: ['exists', 'equals', 'matches', 'text-range', 'number-range'],
  free: ['equals', 'matches'],
  boolean: ['exists', 'boolean'],
  number: ['exists', 'number-range'],
  instant: ['exists', 'instant-range'],
};

function resolvedTypeOf({ type: { kind } }: FieldDefinition): ResolvedCondition['type'] {
  return kind === 'keyword' ? 'text' : kind;
}

/** Every number and every text of a test, wherever it stands. */
function listValues(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listValues) : [value];
}

describe('whatever the values are', () => {
  const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const field = fc.constantFrom(
    ...Object.keys(testSchema.fields),
    'user_metadata.a',
    'identities.profileData.b',
  );
  const word = fc.constantFrom(
    '5',
    '-4.50',
    '1e2',
    '2017',
    '2017-12',
    '2017-12-15T10:30:00Z',
    'true',
    'False',
    'Jane',
    'j*',
    '*Jane*',
  );
  const end = fc.oneof(fc.constantFrom('5', '-1', '2017', '2018-01', 'a', 'Z', '*'), anyText.map(quote));
  const range = fc.tuple(fc.constantFrom('[', '{'), end, end, fc.constantFrom(']', '}'));
  const value = fc.oneof(
    word,
    anyText.map(quote),
    range.map(([open, low, high, close]) => `${open}${low} TO ${high}${close}`),
  );
  const condition = fc.oneof(
    { arbitrary: fc.tuple(field, value).map(([name, text]) => `${name}:${text}`), weight: 8 },
    { arbitrary: fc.oneof(word, anyText.map(quote)), weight: 1 },
  );

  const rarelyGenerated = ['user_metadata.a:[1 TO 5]', 'identities.profileData.b:[1 TO 5]'];

  it("what is accepted has values of its field's type, in lower case where case does not count", () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(' AND ', ' OR ', ' -'),
        (parts, glue) => {
          const parsed = parseQuery(parts.join(glue));
          if (!parsed.isValid) throw new Error(parsed.problem.message);
          const resolved = resolveQuery(parsed.value, testSchema);
          if (!resolved.isValid) return;
          for (const { field: name, type, collection, test } of listConditions(resolved.value)) {
            kinds.add(`${type} ${test.kind}`);
            expect(kindsOfType[type]).toContain(test.kind);
            const definition = testSchema.fields[name];
            if (definition)
              expect([resolvedTypeOf(definition), definition.collection]).toEqual([type, collection]);
            const isFolded =
              type === 'free' || (definition?.type.kind === 'text' && definition.type.isFolded);
            const values = listValues(test);
            for (const found of values)
              if (typeof found === 'number') expect(Number.isFinite(found)).toBe(true);
            if (isFolded)
              for (const found of values)
                if (typeof found === 'string') expect(found).toBe(found.toLowerCase());
          }
          const again = parseQuery(printQuery(parsed.value));
          const meaning = again.isValid ? resolveQuery(again.value, testSchema) : undefined;
          const bare = (node: ResolvedNode) =>
            JSON.stringify(node, (key, inner: unknown) => (key === 'span' ? undefined : inner));
          expect(meaning?.isValid && bare(meaning.value)).toBe(bare(resolved.value));
        },
      ),
      { numRuns: 2_000, examples: rarelyGenerated.map((text) => [[text], ' AND ']) },
    );
    // The generator reaches every kind of test that there is; the rare ones by the examples.
    for (const [type, possible] of Object.entries(kindsOfType))
      for (const kind of possible.filter((name) => name !== 'exists'))
        expect(kinds).toContain(`${type} ${kind}`);
  });
});
