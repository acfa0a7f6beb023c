import { describe, expect, it } from 'vitest';
import { parse, problemIn, resolve } from '../test/support/outcomes.ts';
import { defaultLimits, parseQuery, printQuery, type QueryNode } from './index.ts';

/** Repetitions in the texts below: enough to end every recursion that is not bounded. */
const many = 100_000;

function countConditions(node: QueryNode): number {
  switch (node.kind) {
    case 'all':
      return 0;
    case 'condition':
      return 1;
    case 'not':
    case 'group':
      return countConditions(node.child);
    case 'and':
    case 'or':
      return node.children.reduce((sum, child) => sum + countConditions(child), 0);
  }
}

describe('a text of one thing over and over', () => {
  it.each([
    ['opening parentheses', '('.repeat(many), 'too_deep', defaultLimits.depth],
    ['closing parentheses', ')'.repeat(many), 'syntax', 0],
    ['field groups within each other', 'name:('.repeat(many), 'syntax', 6],
    ['groups beside each other', '(a)'.repeat(many), 'too_many', 3 * defaultLimits.conditions + 1],
    ['fields without values', 'a:'.repeat(many), 'syntax', 3],
    ['colons', ':'.repeat(many), 'syntax', 0],
    ['brackets', '['.repeat(many), 'syntax', 1],
    ['operators', 'AND '.repeat(many), 'syntax', 0],
    ['operands', 'a AND '.repeat(many), 'too_many', 6 * defaultLimits.conditions],
    ['phrases', '""'.repeat(many), 'too_many', 2 * defaultLimits.conditions],
    ['backslashes, the last escaping nothing', '\\'.repeat(many + 1), 'syntax', many],
    ['an open quote', `"${'a'.repeat(many)}`, 'syntax', 0],
    ['a long unknown field', `${'a'.repeat(many)}:x`, 'unknown_field', 0],
    ['a long path of nothing', `user_metadata${'.'.repeat(many)}:x`, 'syntax', 0],
    ['a long comparison', `name:>${'a'.repeat(many)}`, 'unsupported', 5],
    ['a long number', `logins_count:${'1'.repeat(many)}`, 'wrong_type', 13],
    ['a long date', `created_at:${'2017-'.repeat(many)}`, 'wrong_type', 11],
    ['a pattern of many pieces', `name:${'abc*'.repeat(many)}`, 'too_long', 5],
    ['NOT and then nothing', 'NOT '.repeat(many), 'syntax', 0],
  ])('is refused where it goes wrong: %s', (_, text, code, start) => {
    const problem = problemIn(text);
    expect([problem.code, problem.span.start]).toEqual([code, start]);
    expect(problem.message.length).toBeLessThan(300);
    expect(problem.suggestion?.length ?? 0).toBeLessThan(150);
  });

  it.each([
    ['NOT', `${'NOT '.repeat(many)}a`, 'a'],
    ['NOT once more', `${'NOT '.repeat(many + 1)}a`, 'NOT a'],
    ['- with spaces', `${'- '.repeat(many)}a`, 'a'],
    ['!', `${'!'.repeat(many + 1)}a`, 'NOT a'],
    ['+', `${'+ '.repeat(many)}a`, 'a'],
    ['wildcards', '*'.repeat(many), '*'],
    ['wildcards of a field', `name:${'*'.repeat(many)}`, '_exists_:name'],
    ['spaces', `${' '.repeat(many)}a${' '.repeat(many)}`, 'a'],
    ['escapes', '\\a'.repeat(many), 'a'.repeat(many)],
    ['a long path', `user_metadata${'.a'.repeat(many)}:x`, `user_metadata${'.a'.repeat(many)}:x`],
  ])('is read to its end: %s', (_, text, printed) => {
    expect(printQuery(parse(text))).toBe(printed);
    resolve(text);
  });

  it('has its length checked before anything else', () => {
    const text = '('.repeat(defaultLimits.length + 1);
    expect(problemIn(text)).toMatchObject({
      code: 'too_long',
      span: { start: defaultLimits.length, end: defaultLimits.length + 1 },
    });
  });
});

describe('a query of as many conditions as there may be', () => {
  const conditions = defaultLimits.conditions;
  const list = (glue: string, make: (index: number) => string) =>
    Array.from({ length: conditions }, (_, index) => make(index)).join(glue);

  it.each([
    ['values of one field', list(' OR ', (index) => `user_id:"auth0|${index}"`)],
    ['a field group', `user_id:(${list(' ', (index) => `u${index}`)})`],
    ['negations', list(' AND ', (index) => `NOT name:n${index}`)],
    ['groups within groups', list(' ', (index) => `${'('.repeat(3)}a${index}${')'.repeat(3)}`)],
  ])('is parsed, printed and resolved whole: %s', (_, text) => {
    const tree = parse(text);
    expect(countConditions(tree)).toBe(conditions);
    expect(countConditions(parse(printQuery(tree)))).toBe(conditions);
    resolve(text);
  });

  it.each([
    ['signs', list(' ', (index) => `${index % 2 === 0 ? '+' : '-'}name:n${index}`)],
    ['different paths', list(' OR ', (index) => `user_metadata.a${index}:b`)],
    ['conditions on one element', list(' AND ', (index) => `connection:c${index}`)],
  ])('is parsed and printed whole, and refused where it has too many lists: %s', (_, text) => {
    const tree = parse(text);
    expect(countConditions(tree)).toBe(conditions);
    expect(countConditions(parse(printQuery(tree)))).toBe(conditions);
    expect(problemIn(text)).toMatchObject({
      code: 'too_many',
      message: expect.stringContaining('at most 200'),
    });
  });

  it('is refused with one more', () => {
    expect(parseQuery(`${list(' OR ', String)} OR one`)).toMatchObject({ problem: { code: 'too_many' } });
  });

  it('may be as deep as the limit', () => {
    const deep = '('.repeat(defaultLimits.depth) + 'NOT a'.concat(')'.repeat(defaultLimits.depth));
    expect(printQuery(parse(deep))).toBe(deep);
    resolve(deep);
  });
});
