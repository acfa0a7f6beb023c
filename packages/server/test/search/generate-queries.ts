import type { QueryNode } from '@muster/query';
import fc from 'fast-check';
import {
  anyField,
  conditionOn,
  identityField,
  makeGroup,
  makeJunction,
  makeNot,
  type Vocabulary,
} from './generate-conditions.ts';

type Nodes = { leaf: QueryNode; node: QueryNode };

const junctionKind = fc.constantFrom('and', 'and', 'or');

/** Queries of every form over the users' own values, nested up to four deep. */
export function queriesOver(vocabulary: Vocabulary): fc.Arbitrary<QueryNode> {
  const field = anyField(vocabulary);
  const condition = conditionOn(field, vocabulary);
  const freeCondition = conditionOn(fc.constant(undefined), vocabulary);
  const ofIdentity = conditionOn(identityField(vocabulary), vocabulary);
  return fc.letrec<Nodes>((tie) => ({
    leaf: fc.oneof(
      { weight: 10, arbitrary: condition },
      { weight: 2, arbitrary: freeCondition },
      { weight: 2, arbitrary: fieldGroup(field, vocabulary, { maxLength: 4 }) },
      { weight: 1, arbitrary: fieldGroup(field, vocabulary, { minLength: 20, maxLength: 40, onlyOr: true }) },
      { weight: 3, arbitrary: sameIdentity(ofIdentity, vocabulary) },
    ),
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 2, arbitrary: tie('leaf') },
      {
        weight: 3,
        arbitrary: fc.tuple(junctionKind, fc.array(tie('node'), { minLength: 2, maxLength: 4 })).map(join),
      },
      { weight: 1, arbitrary: tie('node').map(makeNot) },
      { weight: 1, arbitrary: tie('node').map((child) => makeGroup(child)) },
    ),
  })).node;
}

function join([kind, children]: [kind: 'and' | 'or', children: QueryNode[]]): QueryNode {
  return makeJunction(kind, children);
}

/** `field:(a OR b)`, also with AND and NOT. */
function fieldGroup(
  field: ReturnType<typeof anyField>,
  vocabulary: Vocabulary,
  size: { readonly minLength?: number; readonly maxLength: number; readonly onlyOr?: boolean },
): fc.Arbitrary<QueryNode> {
  const { minLength = 2, maxLength, onlyOr = false } = size;
  return field.chain((asked) => {
    const condition = conditionOn(fc.constant(asked), vocabulary);
    const child = onlyOr
      ? condition
      : fc.oneof({ weight: 4, arbitrary: condition }, { weight: 1, arbitrary: condition.map(makeNot) });
    return fc
      .tuple(
        onlyOr ? fc.constant<'or'>('or') : junctionKind,
        fc.array(child, { minLength, maxLength, size: 'max' }),
      )
      .map(([kind, children]) => makeGroup(makeJunction(kind, children), asked.path));
  });
}

/** Two or three conditions on identities side by side, field groups among them. */
function sameIdentity(
  condition: ReturnType<typeof conditionOn>,
  vocabulary: Vocabulary,
): fc.Arbitrary<QueryNode> {
  const alternatives = fieldGroup(identityField(vocabulary), vocabulary, { maxLength: 3, onlyOr: true });
  const line = fc.oneof(
    { weight: 4, arbitrary: condition },
    { weight: 1, arbitrary: alternatives },
    { weight: 1, arbitrary: condition.map(makeNot) },
  );
  return fc.array(line, { minLength: 2, maxLength: 3 }).map((lines) => makeJunction('and', lines));
}

const sortableRoots = [
  ...[
    'user_id',
    'created_at',
    'updated_at',
    'identities.connection',
    'connection',
    'name',
    'email',
    'given_name',
  ],
  ...['family_name', 'nickname', 'username', 'phone_number', 'last_ip', 'last_login', 'logins_count'],
];

export interface AskedSort {
  readonly field: string;
  readonly direction: 1 | -1;
}

/** Every root field and every path of metadata that can be sorted by. */
export function sortsOver(vocabulary: Vocabulary): fc.Arbitrary<AskedSort> {
  const paths = [...vocabulary.keys()].filter((path) => /^(user|app)_metadata\./.test(path));
  const shallow = paths.filter((path) => path.split('.').length === 2);
  const field = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...sortableRoots) },
    { weight: 2, arbitrary: fc.constantFrom(...shallow) },
    { weight: 1, arbitrary: fc.constantFrom(...paths) },
  );
  return fc.record({ field, direction: fc.constantFrom(1, -1) });
}
