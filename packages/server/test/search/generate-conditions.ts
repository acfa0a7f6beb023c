import type { ConditionNode, QueryNode, Span, Test } from '@muster/query';
import fc from 'fast-check';
import { compareText, type WireUser } from './evaluate.ts';
import { type Scalar, scalarsOf } from './scalars-of.ts';

/** What the users hold, by path: where conditions take their values from, so that they often match. */
export type Vocabulary = ReadonlyMap<string, readonly Scalar[]>;

/** Collects what users hold, each value of a path once. */
export function collectVocabulary(users: readonly WireUser[]): Vocabulary {
  const found = new Map<string, Set<Scalar>>();
  for (const user of users) {
    for (const [path, values] of scalarsOf(user)) {
      const known = found.get(path) ?? new Set();
      for (const value of values) known.add(value);
      found.set(path, known);
    }
  }
  return new Map([...found].map(([path, values]) => [path, [...values]]));
}

type FieldKind = 'text' | 'short-text' | 'keyword' | 'boolean' | 'number' | 'instant' | 'scalar';

/** Every field of the root, with what it can be asked for. */
const rootFields: Readonly<Record<string, FieldKind>> = {
  user_id: 'text',
  email: 'text',
  'email.domain': 'short-text',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  nickname: 'text',
  username: 'text',
  phone_number: 'text',
  last_ip: 'text',
  organization_id: 'keyword',
  role: 'short-text',
  role_id: 'short-text',
  email_verified: 'boolean',
  phone_verified: 'boolean',
  blocked: 'boolean',
  logins_count: 'number',
  created_at: 'instant',
  updated_at: 'instant',
  last_login: 'instant',
};
const identityFields: Readonly<Record<string, FieldKind>> = {
  connection: 'short-text',
  'identities.connection': 'short-text',
  'identities.provider': 'short-text',
  'identities.user_id': 'short-text',
  'identities.isSocial': 'boolean',
};

export interface AskedField {
  readonly path: string;
  readonly kind: FieldKind;
}

const listFields = (fields: Readonly<Record<string, FieldKind>>): AskedField[] =>
  Object.entries(fields).map(([path, kind]) => ({ path, kind }));

/** A field of the root, of an identity, or a path of metadata. */
export function anyField(vocabulary: Vocabulary): fc.Arbitrary<AskedField> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...listFields(rootFields)) },
    { weight: 5, arbitrary: metadataField(vocabulary, /^(user|app)_metadata\./) },
    { weight: 2, arbitrary: identityField(vocabulary) },
  );
}

/** A field of which one identity can have several. */
export function identityField(vocabulary: Vocabulary): fc.Arbitrary<AskedField> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...listFields(identityFields)) },
    { weight: 2, arbitrary: metadataField(vocabulary, /^identities\.profileData\./) },
  );
}

/** The keys that most users have come up more often than all the others. */
function metadataField(vocabulary: Vocabulary, roots: RegExp): fc.Arbitrary<AskedField> {
  const paths = [...vocabulary.keys()].filter((path) => roots.test(path));
  const shallow = paths.filter((path) => path.replace(roots, '').split('.').length === 1);
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom(...shallow) },
      { weight: 1, arbitrary: fc.constantFrom(...paths) },
    )
    .map((path) => ({ path, kind: 'scalar' }));
}

/** Free choices that a condition is made of; all of them shrink to plain ones. */
const choices = fc.record({
  kind: fc.nat({ max: 19 }),
  first: fc.nat(),
  second: fc.nat(),
  from: fc.nat({ max: 12 }),
  length: fc.integer({ min: 0, max: 6 }),
  form: fc.nat({ max: 11 }),
  isQuoted: fc.boolean(),
  opens: fc.boolean(),
  closes: fc.boolean(),
});
export type Choices = typeof choices extends fc.Arbitrary<infer Value> ? Value : never;

/** A condition on a field of the arbitrary's, or on none. */
export function conditionOn(
  field: fc.Arbitrary<AskedField | undefined>,
  vocabulary: Vocabulary,
): fc.Arbitrary<ConditionNode> {
  return fc.tuple(field, choices).map(([asked, chosen]) => makeCondition(asked, chosen, vocabulary));
}

const nowhere: Span = { start: 0, end: 0 };

/** A tree without its places in a text. */
export function makeCondition(
  field: AskedField | undefined,
  chosen: Choices,
  vocabulary: Vocabulary,
): ConditionNode {
  return {
    kind: 'condition',
    ...(field ? { field: { path: field.path, span: nowhere } } : {}),
    test: makeTest(field, chosen, vocabulary),
    span: nowhere,
    valueSpan: nowhere,
  };
}

/** Joins trees. */
export function makeJunction(kind: 'and' | 'or', children: readonly QueryNode[]): QueryNode {
  return { kind, children, span: nowhere };
}

/** Everything but the tree. */
export function makeNot(child: QueryNode): QueryNode {
  return { kind: 'not', child, span: nowhere };
}

/** Parentheses, those of a field where one is given. */
export function makeGroup(child: QueryNode, path?: string): QueryNode {
  return {
    kind: 'group',
    ...(path === undefined ? {} : { field: { path, span: nowhere } }),
    child,
    span: nowhere,
  };
}

function makeTest(field: AskedField | undefined, chosen: Choices, vocabulary: Vocabulary): Test {
  const kind = field?.kind ?? 'free';
  const values = valuesOf(field, vocabulary);
  if (field && chosen.kind === 0) return { kind: 'exists' };
  const value = pick(values, chosen.first);
  const other = pick(values, chosen.second);
  switch (kind) {
    case 'keyword':
    case 'boolean':
      return { kind: 'equals', text: String(value), isQuoted: chosen.isQuoted };
    case 'number':
      return chosen.kind < 8 ? makeRange(value, other, chosen) : makeEquals(value, chosen);
    case 'instant':
      return chosen.kind < 8
        ? makeRange(shortenDate(value, chosen), shortenDate(other, chosen), chosen)
        : { kind: 'equals', text: shortenDate(value, chosen), isQuoted: true };
    case 'free':
    case 'short-text':
      return chosen.kind < 8 ? makePattern(String(value), chosen) : makeEquals(value, chosen);
    case 'text':
    case 'scalar':
      if (chosen.kind < 6) return makePattern(String(value), chosen);
      return chosen.kind < 12 ? makeRange(value, other, chosen) : makeEquals(value, chosen);
  }
}

function valuesOf(field: AskedField | undefined, vocabulary: Vocabulary): readonly Scalar[] {
  if (!field)
    return ['email', 'name', 'given_name', 'nickname'].flatMap((name) => vocabulary.get(name) ?? []);
  if (field.path === 'email.domain')
    return (vocabulary.get('email') ?? []).map((email) => String(email).replace(/^.*@/s, ''));
  return vocabulary.get(field.path === 'connection' ? 'identities.connection' : field.path) ?? [];
}

function pick(values: readonly Scalar[], index: number): Scalar {
  return values[index % values.length] ?? '';
}

/** The value as it is, in another case, or as another spelling of the number. */
function makeEquals(value: Scalar, { form, isQuoted }: Choices): Test {
  const text = String(value);
  if (form === 0) return { kind: 'equals', text: text.toUpperCase(), isQuoted };
  if (form === 1) return { kind: 'equals', text: text.toLowerCase(), isQuoted };
  if (typeof value === 'number' && form === 2)
    return { kind: 'equals', text: value.toExponential(), isQuoted };
  if (typeof value === 'number' && form === 3) return { kind: 'equals', text: value.toFixed(3), isQuoted };
  return { kind: 'equals', text, isQuoted };
}

/** Characters, so that longer values are not refused as operands of patterns and ranges. */
const longestOperand = 90;

/** Keeps some stretches of the text and puts wildcards between them. */
function makePattern(text: string, { kind, from, length, form }: Choices): Test {
  const characters = [...text].slice(0, longestOperand);
  const start = from % Math.max(1, characters.length - 2);
  const slice = (begin: number, end?: number) => characters.slice(begin, end).join('');
  /** Now and then all the same: such a pattern is refused when it begins with a wildcard. */
  const isTooShort = characters.length < 3 && kind !== 1;
  const pieces = [
    [slice(0, Math.max(1, length)), ''],
    [slice(0, start), slice(start + length)],
    ['', slice(start, start + Math.max(3, length)), ''],
    ['', slice(-Math.max(3, length))],
    [slice(0, 1), slice(start, start + 2), slice(-1)],
    [slice(0, 2).toUpperCase(), ''],
  ][isTooShort ? 0 : form % 6];
  return { kind: 'matches', pieces: pieces ?? [text, ''] };
}

/** Between two values, an end of which may be open; now and then the wrong way round. */
function makeRange(value: Scalar, other: Scalar, chosen: Choices): Test {
  const { kind, form, isQuoted, opens, closes } = chosen;
  const isReversed = kind === 6 && form === 11;
  const [low, high] = isAbove(value, other) === isReversed ? [value, other] : [other, value];
  const toBound = (end: Scalar, isInclusive: boolean) => ({
    text: [...String(end)].slice(0, longestOperand).join(''),
    isQuoted: isQuoted && typeof end === 'string',
    isInclusive,
    span: nowhere,
  });
  return {
    kind: 'range',
    ...(form === 0 ? {} : { lower: toBound(low, opens) }),
    ...(form === 1 ? {} : { upper: toBound(high, closes) }),
  };
}

/** By number where both can be read so, as the language does for ends without quotes. */
function isAbove(left: Scalar, right: Scalar): boolean {
  const areNumbers = [left, right].every((end) => /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(String(end)));
  return areNumbers ? Number(left) > Number(right) : compareText(String(left), String(right)) > 0;
}

/** A year, month, day, minute, second or the instant itself. */
function shortenDate(value: Scalar, { form }: Choices): string {
  return String(value).slice(0, [24, 4, 7, 10, 16, 19][form % 6]);
}
