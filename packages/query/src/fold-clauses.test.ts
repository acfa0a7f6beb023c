import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../test/support/outcomes.ts';
import type { QueryNode } from './index.ts';

const variables = ['a', 'b', 'c', 'd', 'e'] as const;
type Assignment = Readonly<Record<string, boolean>>;
const assignments: readonly Assignment[] = Array.from({ length: 2 ** variables.length }, (_, bits) =>
  Object.fromEntries(variables.map((name, index) => [name, ((bits >> index) & 1) === 1])),
);

/** Text together with what it ought to mean. */
interface Expression {
  readonly text: string;
  readonly holds: (values: Assignment) => boolean;
}

function evaluate(node: QueryNode, values: Assignment): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'condition':
      if (node.test.kind !== 'equals') throw new Error('a condition that is no variable');
      return values[node.test.text] ?? false;
    case 'group':
      return evaluate(node.child, values);
    case 'not':
      return !evaluate(node.child, values);
    case 'and':
      return node.children.every((child) => evaluate(child, values));
    case 'or':
      return node.children.some((child) => evaluate(child, values));
  }
}

const variable: fc.Arbitrary<Expression> = fc
  .constantFrom(...variables)
  .map((name) => ({ text: name, holds: (values) => values[name] ?? false }));
const space = fc.constantFrom(' ', '  ', '\t');

const { or: logic } = fc.letrec<{ or: Expression; and: Expression; not: Expression; atom: Expression }>(
  (tie) => ({
    atom: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      variable,
      tie('or').map(({ text, holds }) => ({ text: `(${text})`, holds })),
    ),
    not: fc
      .tuple(fc.array(fc.constantFrom('NOT ', '!', '-'), { maxLength: 3 }), tie('atom'))
      .map(([signs, inner]) => ({
        text: signs.join('') + inner.text,
        holds: (values) => inner.holds(values) !== (signs.length % 2 === 1),
      })),
    and: fc
      .tuple(fc.array(tie('not'), { minLength: 1, maxLength: 3 }), space, fc.constantFrom('AND', '&&'))
      .map(([operands, gap, operator]) => ({
        text: operands.map(({ text }) => text).join(`${gap}${operator}${gap}`),
        holds: (values) => operands.every((operand) => operand.holds(values)),
      })),
    or: fc
      .tuple(fc.array(tie('and'), { minLength: 1, maxLength: 3 }), space, fc.constantFrom('OR', '||'))
      .map(([operands, gap, operator]) => ({
        text: operands.map(({ text }) => text).join(`${gap}${operator}${gap}`),
        holds: (values) => operands.some((operand) => operand.holds(values)),
      })),
  }),
);

const atom: fc.Arbitrary<Expression> = fc.oneof(
  variable,
  logic.map(({ text, holds }) => ({ text: `(${text})`, holds })),
);

function expectSameMeaning({ text, holds }: Expression): void {
  const tree = parse(text);
  for (const values of assignments)
    expect(evaluate(tree, values), JSON.stringify(values)).toBe(holds(values));
}

describe('what a query means', () => {
  it('follows the precedence of NOT, AND and OR as they are written', () => {
    fc.assert(fc.property(logic, expectSameMeaning), { numRuns: 500 });
  });

  it('is any of the operands that just stand side by side', () => {
    fc.assert(
      fc.property(fc.array(atom, { minLength: 1, maxLength: 5 }), (atoms) => {
        expectSameMeaning({
          text: atoms.map(({ text }) => text).join(' '),
          holds: (values) => atoms.some(({ holds }) => holds(values)),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('is all that has a +, if any has, else any without a sign, and in both cases none with a -', () => {
    const signed = fc.tuple(fc.constantFrom('+', '-', 'NOT ', '!', ''), atom);
    fc.assert(
      fc.property(fc.array(signed, { minLength: 1, maxLength: 6 }), (clauses) => {
        const required = clauses.filter(([sign]) => sign === '+');
        const prohibited = clauses.filter(([sign]) => sign !== '+' && sign !== '');
        const optional = clauses.filter(([sign]) => sign === '');
        expectSameMeaning({
          text: clauses.map(([sign, { text }]) => sign + text).join(' '),
          holds: (values) =>
            prohibited.every(([, { holds }]) => !holds(values)) &&
            (required.length > 0
              ? required.every(([, { holds }]) => holds(values))
              : optional.length === 0 || optional.some(([, { holds }]) => holds(values))),
        });
      }),
      { numRuns: 500 },
    );
  });
});
