import { describe, expect, it } from 'vitest';
import { outline } from '../test/support/normalise.ts';
import { parse } from '../test/support/outcomes.ts';
import type { ConditionNode } from './index.ts';

function condition(text: string): ConditionNode {
  const tree = parse(text);
  if (tree.kind !== 'condition') throw new Error(`${text} is not one condition`);
  return tree;
}

describe('operators', () => {
  it.each([
    ['a AND b OR c', 'or(and(a, b), c)'],
    ['a OR b AND c', 'or(a, and(b, c))'],
    ['a AND b OR c AND d', 'or(and(a, b), and(c, d))'],
    ['(a OR b) AND c', 'and(<or(a, b)>, c)'],
    ['NOT a AND b', 'and(not(a), b)'],
    ['NOT (a OR b)', 'not(<or(a, b)>)'],
    ['a && b || c', 'or(and(a, b), c)'],
    ['a&&b||c', 'or(and(a, b), c)'],
    ['"a"AND"b"', 'and("a", "b")'],
    ['(a)AND(b)', 'and(<a>, <b>)'],
    ['!a', 'not(a)'],
    ['NOT NOT a', 'a'],
    ['!-NOT a', 'not(a)'],
    ['- - - -a', 'a'],
    ['a AND - b', 'and(a, not(b))'],
    ['a&b|c', 'a&b|c'],
  ])('bind NOT before AND before OR: %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });

  it.each([
    ['a b c', 'or(a, b, c)'],
    ['a b AND c', 'or(a, and(b, c))'],
    ['name:John Doe', 'or(name:John, Doe)'],
    ['"a" "b"', 'or("a", "b")'],
    ['(a)(b)', 'or(<a>, <b>)'],
    ['name:(1+1)=2', 'or(name:<name:1+1>, =2)'],
  ])('join what just stands side by side by OR: %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });

  it.each([
    ['a and b', 'or(a, and, b)'],
    ['a or b', 'or(a, or, b)'],
    ['not a', 'or(not, a)'],
    ['And Or Not', 'or(And, Or, Not)'],
    ['ANDREW ORSON NOTE', 'or(ANDREW, ORSON, NOTE)'],
    ['\\AND \\OR \\NOT', 'or(AND, OR, NOT)'],
    ['"AND" "NOT"', 'or("AND", "NOT")'],
    ['AND:x', 'AND:x'],
    ['a AND OR:x', 'and(a, OR:x)'],
    ['NOT NOT:x', 'not(NOT:x)'],
  ])('are capital words that name no field, all else is a term: %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });

  it.each([
    ['a -b', 'and(a, not(b))'],
    ['a NOT b', 'and(a, not(b))'],
    ['a b !c', 'and(or(a, b), not(c))'],
    ['-a', 'not(a)'],
    ['-a -b', 'and(not(a), not(b))'],
    ['a -b -c', 'and(a, not(b), not(c))'],
    ['-a b', 'and(b, not(a))'],
    ['a -(b c)', 'and(a, not(<or(b, c)>))'],
    ['+a', 'a'],
    ['+a b', 'a'],
    ['+a +b c', 'and(a, b)'],
    ['a +b -c', 'and(b, not(c))'],
    ['+a -b', 'and(a, not(b))'],
    ['+-a b', 'not(a)'],
    ['+a AND b c', 'and(a, b)'],
    ['a AND +b c', 'and(a, b)'],
    ['c +a AND b +d', 'and(and(a, b), d)'],
    ['+ a b', 'a'],
    ['name:(+a b)', 'name:<name:a>'],
    ['name:(a -b)', 'name:<and(name:a, not(name:b))>'],
    ['(+a b) c', 'or(<a>, c)'],
  ])('require with + and prohibit with -: %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });

  it.each([
    ['NOT a OR b', 'or(not(a), b)'],
    ['a OR NOT b', 'or(a, not(b))'],
    ['a OR -b', 'or(a, not(b))'],
    ['a OR NOT b OR c', 'or(a, not(b), c)'],
    ['a b OR NOT c', 'or(a, b, not(c))'],
    ['a OR b -c', 'and(or(a, b), not(c))'],
    ['-a b OR c', 'and(or(b, c), not(a))'],
    ['NOT a AND NOT b OR c', 'or(and(not(a), not(b)), c)'],
    ['NOT a AND b c', 'or(and(not(a), b), c)'],
    ['NOT _exists_:n OR n:0', 'or(not(n:exists), n:0)'],
  ])('read a NOT beside a written OR as plain logic: %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });
});

describe('fields and groups', () => {
  it.each([
    ['name:(a OR "b c")', 'name:<or(name:a, name:"b c")>'],
    ['name:(a (b AND NOT c))', 'name:<or(name:a, <and(name:b, not(name:c))>)>'],
    ['name:(a* OR [b TO c])', 'name:<or(name:a*, name:[b..c])>'],
    ['name:(*)', 'name:<name:exists>'],
    ['2017-12-15T10:30 a', 'or(2017-12-15T10:30, a)'],
    ['at:(2017-12-15T10:30Z OR 2017)', 'at:<or(at:2017-12-15T10:30Z, at:2017)>'],
    ['name: jane', 'name:jane'],
    ['name: (jane)', 'name:<name:jane>'],
    ['( name:a ) AND ( b )', 'and(<name:a>, <b>)'],
    ['((a))', '<<a>>'],
    ['name:(a) b', 'or(name:<name:a>, b)'],
    ['user_metadata.a\\ b:x', 'user_metadata.a b:x'],
    ['user_metadata.a\\:b:x', 'user_metadata.a:b:x'],
    ['über:x', 'über:x'],
  ])('are read in %s', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });

  it.each([
    ['*', '*'],
    ['**', '*'],
    ['', '*'],
    [' \t\n\u3000\ufeff', '*'],
    ['NOT *', 'not(*)'],
    ['* AND a', 'and(*, a)'],
    ['name:*', 'name:exists'],
    ['name:**', 'name:exists'],
    ['_exists_:name', 'name:exists'],
    ['_exists_: name', 'name:exists'],
    ['_exists_:"user_metadata.a b"', 'user_metadata.a b:exists'],
    ['_exists_:user_metadata.a\\ b', 'user_metadata.a b:exists'],
    ['-_exists_:name', 'not(name:exists)'],
  ])('tell everything from anything in a field: %j', (text, expected) => {
    expect(outline(parse(text))).toBe(expected);
  });
});

describe('values', () => {
  it.each([
    ['John\\ Doe', 'John Doe'],
    ['\\(1\\+1\\)=2', '(1+1)=2'],
    ['weird\\+tag@example.com', 'weird+tag@example.com'],
    ['weird+tag@example.com', 'weird+tag@example.com'],
    ['a-b', 'a-b'],
    ['a\\:b', 'a:b'],
    ['\\\\', '\\'],
    ['\\a\\b', 'ab'],
    ['\\\u{1f600}x', '\u{1f600}x'],
    ['\\*\\?', '*?'],
    ['\\+\\-\\=\\&\\|\\>\\<\\!\\(\\)\\{\\}\\[\\]\\^\\"\\~\\*\\?\\:\\\\\\/', '+-=&|><!(){}[]^"~*?:\\/'],
    ['auth0|u1', 'auth0|u1'],
    ['a/b', 'a/b'],
    ["o'neil,#;%$@_.", "o'neil,#;%$@_."],
    ['\u200b', '\u200b'],
    ['\ud83d', '\ud83d'],
  ])('of the term %s have their escapes taken off', (text, expected) => {
    expect(condition(text).test).toEqual({ kind: 'equals', text: expected, isQuoted: false });
  });

  it.each([
    ['phone_number:+1425', '+1425'],
    ['app_metadata.score:-4.5', '-4.5'],
    ['name:=x', '=x'],
    ['created_at:2017-12-15T10:30', '2017-12-15T10:30'],
    ['created_at:2017-12-15T10:30:00.123Z', '2017-12-15T10:30:00.123Z'],
    ['created_at:2017-12-15t10:30:00+02:00', '2017-12-15t10:30:00+02:00'],
  ])('keep a sign after the colon, and the colons of a time: %s', (text, expected) => {
    expect(condition(text).test).toEqual({ kind: 'equals', text: expected, isQuoted: false });
  });

  it.each([
    ['"Jane Smith"', 'Jane Smith'],
    ['""', ''],
    ['"C:\\\\tmp"', 'C:\\tmp'],
    ['"say \\"hi\\""', 'say "hi"'],
    ['"a\\b"', 'ab'],
    ['"* ? ~ ^ / ( [ { : AND"', '* ? ~ ^ / ( [ { : AND'],
    ['"\\\u{1f600}"', '\u{1f600}'],
    ['"two\nlines"', 'two\nlines'],
  ])('of the phrase %s need only " and \\ escaped', (text, expected) => {
    expect(condition(text).test).toEqual({ kind: 'equals', text: expected, isQuoted: true });
  });

  it.each([
    ['j*', ['j', '']],
    ['*usa', ['', 'usa']],
    ['jane*smith', ['jane', 'smith']],
    ['*a*b*', ['', 'a', 'b', '']],
    ['a**b', ['a', '', 'b']],
    ['\\**', ['*', '']],
    ['a\\*b*', ['a*b', '']],
  ])('of the pattern %s are the pieces between its wildcards', (text, pieces) => {
    expect(condition(`name:${text}`).test).toEqual({ kind: 'matches', pieces });
    expect(condition(text).test).toEqual({ kind: 'matches', pieces });
  });
});

describe('ranges', () => {
  const bound = (text: string, isInclusive: boolean, isQuoted = false) => ({
    ...{ text, isInclusive, isQuoted },
    span: expect.anything(),
  });

  it.each([
    ['[1 TO 5]', bound('1', true), bound('5', true)],
    ['{1 TO 5}', bound('1', false), bound('5', false)],
    ['[1 TO 5}', bound('1', true), bound('5', false)],
    ['{1 TO 5]', bound('1', false), bound('5', true)],
    ['[ 1   TO\t5 ]', bound('1', true), bound('5', true)],
    ['[-4.5 TO +3]', bound('-4.5', true), bound('+3', true)],
    ['["a b" TO "c ]"]', bound('a b', true, true), bound('c ]', true, true)],
    ['["*" TO "TO"]', bound('*', true, true), bound('TO', true, true)],
    ['[TO TO TO]', bound('TO', true), bound('TO', true)],
    ['[\\* TO a\\]\\ b]', bound('*', true), bound('a] b', true)],
    ['[2017-12-15T10:30:00Z TO a:b]', bound('2017-12-15T10:30:00Z', true), bound('a:b', true)],
    ['[a? TO b~]', bound('a?', true), bound('b~', true)],
    ['["a"TO"b"]', bound('a', true, true), bound('b', true, true)],
    ['["" TO z]', bound('', true, true), bound('z', true)],
  ])('have two ends, each with or without its own value: %s', (text, lower, upper) => {
    expect(condition(`f:${text}`).test).toEqual({ kind: 'range', lower, upper });
    expect(outline(parse(`f:(${text})`))).toBe(`f:<${outline(parse(`f:${text}`))}>`);
  });

  it.each([
    ['[5 TO *]', { kind: 'range', lower: bound('5', true) }],
    ['{5 TO *}', { kind: 'range', lower: bound('5', false) }],
    ['[* TO 5}', { kind: 'range', upper: bound('5', false) }],
    ['[* TO *]', { kind: 'range' }],
  ])('are open at an end that is *: %s', (text, test) => {
    expect(condition(`f:${text}`).test).toEqual(test);
  });
});

describe('positions', () => {
  it('of a condition are those of its field, its value and the whole', () => {
    const { field, span, valueSpan } = condition('  name: "Jane Smith"  ');
    expect([field?.span, valueSpan, span]).toEqual([
      { start: 2, end: 6 },
      { start: 8, end: 20 },
      { start: 2, end: 20 },
    ]);
  });

  it('of a junction, a NOT and a group reach from their first character to their last', () => {
    expect(parse(' a AND NOT (b OR c) ')).toMatchObject({
      span: { start: 1, end: 19 },
      children: [
        { span: { start: 1, end: 2 } },
        { kind: 'not', span: { start: 7, end: 19 }, child: { span: { start: 11, end: 19 } } },
      ],
    });
  });

  it('of operands that the signs put in another order still reach over all of them', () => {
    expect(parse(' -a b +c ')).toMatchObject({ kind: 'and', span: { start: 1, end: 8 } });
    expect(parse('-a b')).toMatchObject({
      span: { start: 0, end: 4 },
      children: [{}, { span: { start: 0, end: 2 } }],
    });
  });

  it('count UTF-16 units, as editors do', () => {
    expect(condition('"\u{1f600}"').span).toEqual({ start: 0, end: 4 });
  });

  it("of a range's ends leave out the brackets", () => {
    expect(condition('f:[10 TO "b c"}').test).toMatchObject({
      lower: { span: { start: 3, end: 5 } },
      upper: { span: { start: 9, end: 14 } },
    });
  });

  it('of the conditions in a field group point at the values, and at the one name', () => {
    expect(parse('name:(a b)')).toMatchObject({
      field: { span: { start: 0, end: 4 } },
      span: { start: 0, end: 10 },
      child: {
        children: [
          { field: { span: { start: 0, end: 4 } }, span: { start: 6, end: 7 } },
          { field: { span: { start: 0, end: 4 } }, span: { start: 8, end: 9 } },
        ],
      },
    });
  });
});
