import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toShape, withoutGroups } from '../test/support/normalise.ts';
import { parse } from '../test/support/outcomes.ts';
import { createRandom, randomQuery } from '../test/support/random-query.ts';
import { anyTree, parsedTree } from '../test/support/trees.ts';
import { parseQuery, printQuery, type QueryNode, type Span } from './index.ts';

const span: Span = { start: 0, end: 0 };
const term = (text: string): QueryNode => ({
  ...{ kind: 'condition', span, valueSpan: span },
  test: { kind: 'equals', text, isQuoted: false },
});

describe('printing', () => {
  it.each([
    ['', '*'],
    ['a   b', 'a OR b'],
    ['a && !b || c', 'a AND NOT b OR c'],
    ['(a OR b) AND c', '(a OR b) AND c'],
    ['+a -b c', 'a AND NOT b'],
    ['+a AND b +c', '(a AND b) AND c'],
    ['NOT NOT a', 'a'],
    ['- (a b)', 'NOT (a OR b)'],
    ['name: ( a  "b" )', 'name:(a OR "b")'],
    ['name:*', '_exists_:name'],
    ['name:(* OR a*b)', 'name:(* OR a*b)'],
    ['\\AND "AND" \\a', '\\AND OR "AND" OR a'],
    ['name:\\NOT AND:x', 'name:\\NOT OR AND:x'],
    ['name:New\\ York', 'name:New\\ York'],
    ['user_metadata.a\\ b\\:c:"C:\\\\tmp"', 'user_metadata.a\\ b\\:c:"C:\\\\tmp"'],
    ['f:{1 TO *}', 'f:{1 TO *]'],
    ['f:[* TO "a b"}', 'f:[* TO "a b"}'],
    ['f:[2017-12-15\\ 10:30 TO *]', 'f:[2017-12-15\\ 10:30 TO *]'],
    ['f:[\\* TO \\\\]', 'f:[\\* TO \\\\]'],
    ['phone:\\+1425*', 'phone:\\+1425*'],
  ])('writes %j as %j', (text, expected) => {
    expect(printQuery(parse(text))).toBe(expected);
    expect(printQuery(parse(expected))).toBe(expected);
  });

  it('keeps a bare end of a range bare, so that it is still read as a date', () => {
    const printed = printQuery(parse('f:[2017-12-15\\ 10:30 TO *]'));
    expect(parse(printed)).toMatchObject({ test: { lower: { text: '2017-12-15 10:30', isQuoted: false } } });
  });

  it.each<[QueryNode, string]>([
    [{ kind: 'not', child: { kind: 'not', child: term('a'), span }, span }, 'NOT (NOT a)'],
    [{ kind: 'not', child: { kind: 'and', children: [term('a'), term('b')], span }, span }, 'NOT (a AND b)'],
    [
      { kind: 'and', children: [term('a'), { kind: 'or', children: [term('b'), term('c')], span }], span },
      'a AND (b OR c)',
    ],
    [
      { kind: 'or', children: [term('a'), { kind: 'or', children: [term('b'), term('c')], span }], span },
      'a OR (b OR c)',
    ],
    [term(''), '""'],
  ])('puts what was built without parentheses in parentheses (%#)', (tree, expected) => {
    expect(printQuery(tree)).toBe(expected);
  });

  it('is undone by parsing, for every tree that parsing can give', () => {
    fc.assert(
      fc.property(parsedTree, (tree) => {
        expect(toShape(parse(printQuery(tree)))).toEqual(toShape(tree));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is undone by parsing but for the parentheses that it adds, for every tree there is', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(withoutGroups(toShape(parse(printQuery(tree))))).toEqual(withoutGroups(toShape(tree)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing the second time', () => {
    const random = createRandom(7);
    let accepted = 0;
    for (let run = 0; run < 2_000; run++) {
      const outcome = parseQuery(randomQuery(random));
      if (!outcome.isValid) continue;
      accepted++;
      const printed = printQuery(outcome.value);
      expect(printQuery(parse(printed))).toBe(printed);
    }
    expect(accepted).toBeGreaterThan(200);
  });
});
