import fc from 'fast-check';
import type { Bound, ConditionNode, FieldName, QueryNode, Span, Test } from '../../src/index.ts';

/** Generated trees stand nowhere; nobody looks at their spans. */
const span: Span = { start: 0, end: 0 };

/** Any text but NUL, which no query can hold: the language's own characters often, halves of pairs now and then. */
export const anyText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(...'+-=&|><!(){}[]^"~*?:\\/ \t\u00a0aZ9'), maxLength: 8 }),
    fc
      .array(fc.integer({ min: 1, max: 0xffff }), { maxLength: 6 })
      .map((units) => String.fromCharCode(...units)),
    fc.constantFrom('AND', 'OR', 'NOT', 'TO', '&&', '||', '\u{1f600}', '2017-12 ', '-5', '*', ''),
  )
  .map((text) => text.replaceAll('\0', ''));

const someText = anyText.filter((text) => text !== '');

const anyField: fc.Arbitrary<FieldName> = someText
  .filter((path) => path !== '_exists_' && path !== '_missing_')
  .map((path) => ({ path, span }));

const anyBound: fc.Arbitrary<Bound> = fc
  .record({ text: anyText, isQuoted: fc.boolean(), isInclusive: fc.boolean() })
  .map((bound) => ({ ...bound, isQuoted: bound.isQuoted || bound.text === '', span }));

const unfieldedTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ kind: fc.constant('equals'), text: someText, isQuoted: fc.constant(false) }),
  fc.record({ kind: fc.constant('equals'), text: anyText, isQuoted: fc.constant(true) }),
  fc
    .array(anyText, { minLength: 2, maxLength: 4 })
    .filter((pieces) => pieces.some((piece) => piece !== ''))
    .map((pieces): Test => ({ kind: 'matches', pieces })),
);

const fieldedTest: fc.Arbitrary<Test> = fc.oneof(
  unfieldedTest,
  fc.constant<Test>({ kind: 'exists' }),
  fc.record({ kind: fc.constant('range') }),
  fc.record({ kind: fc.constant('range'), lower: anyBound }),
  fc.record({ kind: fc.constant('range'), upper: anyBound }),
  fc.record({ kind: fc.constant('range'), lower: anyBound, upper: anyBound }),
);

function conditionOf(test: Test, field?: FieldName): ConditionNode {
  return { kind: 'condition', ...(field ? { field } : {}), test, span, valueSpan: span };
}

const anyLeaf: fc.Arbitrary<QueryNode> = fc.oneof(
  fc.constant<QueryNode>({ kind: 'all', span }),
  unfieldedTest.map((test) => conditionOf(test)),
  fc.tuple(anyField, fieldedTest).map(([field, test]) => conditionOf(test, field)),
);

/** Any tree at all, junctions directly within junctions too. */
export const anyTree: fc.Arbitrary<QueryNode> = fc.oneof(
  { depthSize: 'small' },
  treeOver(anyLeaf),
  anyField.chain((field) =>
    treeOver(fieldedTest.map((test) => conditionOf(test, field))).map((child) => group(child, field)),
  ),
);

/** Trees as the parser makes them, every parenthesis a node of its own: printing adds none. */
export const parsedTree: fc.Arbitrary<QueryNode> = anyTree.map(addGroups);

function treeOver(leaf: fc.Arbitrary<QueryNode>): fc.Arbitrary<QueryNode> {
  return fc.letrec<{ node: QueryNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      tie('node').map((child): QueryNode => ({ kind: 'not', child, span })),
      tie('node').map((child) => group(child)),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 4 }))
        .map(([kind, children]): QueryNode => ({ kind, children, span })),
    ),
  })).node;
}

function group(child: QueryNode, field?: FieldName): QueryNode {
  return { kind: 'group', ...(field ? { field } : {}), child, span };
}

function addGroups(node: QueryNode): QueryNode {
  const wrapUnless = (child: QueryNode, ...kinds: readonly QueryNode['kind'][]) => {
    const inner = addGroups(child);
    return ['all', 'condition', 'group', ...kinds].includes(inner.kind) ? inner : group(inner);
  };
  switch (node.kind) {
    case 'all':
    case 'condition':
      return node;
    case 'group':
      return { ...node, child: addGroups(node.child) };
    case 'not':
      return { ...node, child: wrapUnless(node.child) };
    case 'and':
      return { ...node, children: node.children.map((child) => wrapUnless(child, 'not')) };
    case 'or':
      return { ...node, children: node.children.map((child) => wrapUnless(child, 'not', 'and')) };
  }
}
