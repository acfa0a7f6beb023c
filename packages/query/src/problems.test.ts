import { describe, expect, it } from 'vitest';
import { parse, problemIn } from '../test/support/outcomes.ts';
import { describeProblem, parseQuery, type QueryLimits } from './index.ts';

/** The text with its problem's stretch replaced by the suggestion. */
function mend(text: string): string {
  const { span, suggestion = '' } = problemIn(text);
  return text.slice(0, span.start) + suggestion + text.slice(span.end);
}

describe('What cannot be read is refused where it is wrong', () => {
  it.each([
    ['name:"jane', '"jane', 'The quote that opens here is never closed'],
    ['name:(jane OR', 'OR', 'OR needs a condition after it'],
    ['(a OR b', '(', 'The parenthesis that opens here is never closed'],
    ['name:(', '(', 'The parenthesis that opens here is never closed'],
    ['((a) ', '(', 'The parenthesis that opens here is never closed'],
    ['(a] b)', ']', 'There is nothing here for ] to close'],
    ['a)', ')', 'There is nothing here for ) to close'],
    ['a}', '}', 'There is nothing here for } to close'],
    ['()', ')', 'A condition is expected here'],
    ['name:( )', ')', 'A condition is expected here'],
    ['-]', ']', 'A condition is expected here'],
    ['AND name:jane', 'AND', 'AND needs a condition before it'],
    ['|| a', '||', '|| needs a condition before it'],
    ['(OR a)', 'OR', 'OR needs a condition before it'],
    ['a AND', 'AND', 'AND needs a condition after it'],
    ['a && || b', '&&', '&& needs a condition after it'],
    ['a AND OR b', 'AND', 'AND needs a condition after it'],
    ['a NOT&&b', 'NOT', 'NOT needs a condition after it'],
    ['a OR||b', 'OR', 'OR needs a condition after it'],
    ['NOT', 'NOT', 'NOT needs a condition after it'],
    ['a AND NOT', 'NOT', 'NOT needs a condition after it'],
    ['(a -)', '-', '- needs a condition after it'],
    ['!', '!', '! needs a condition after it'],
    ['+ ', '+ ', '+ needs a condition after it'],
    ['name:', 'name:', 'A value is expected after name:'],
    ['name: AND b', 'name:', 'A value is expected after name:'],
    ['(name:)', 'name:', 'A value is expected after name:'],
    [
      'name:NOT jane',
      'name:NOT ',
      'NOT stands before the field: NOT field:value; the word itself is escaped as \\NOT',
    ],
    [
      ':jane',
      ':',
      'The name of a field is expected right before the colon: a literal colon is escaped as \\:',
    ],
    [
      'name :jane',
      ':',
      'The name of a field is expected right before the colon: a literal colon is escaped as \\:',
    ],
    ['a:b:c', 'b:c', 'A colon inside a value is escaped as \\:, or the value is put in quotes'],
    ['na*e:x', 'na*e', 'The name of a field cannot contain a wildcard'],
    ['*:*', '*', 'The name of a field cannot contain a wildcard'],
    ['_exists_:na*', 'na*', 'The name of a field cannot contain a wildcard'],
    ['_exists_:', '_exists_:', 'The name of a field is expected after _exists_:'],
    ['_exists_:""', '_exists_:', 'The name of a field is expected after _exists_:'],
    ['_exists_:(a b)', '_exists_:', 'The name of a field is expected after _exists_:'],
    ['a\\', '\\', 'A backslash must be followed by the character that it escapes'],
    ['"a\\', '\\', 'A backslash must be followed by the character that it escapes'],
    ['a\0', '\0', 'A query cannot contain the character NUL'],
    ['a\\\0', '\\', 'A query cannot contain the character NUL'],
    ['"\\\0"', '\\', 'A query cannot contain the character NUL'],
    ['"\0"', '\0', 'A query cannot contain the character NUL'],
    [
      'user_metadata.a..b:x',
      'user_metadata.a..b',
      'The path user_metadata.a..b has an empty key: keys are joined by single dots',
    ],
    [
      'name:(a email:b)',
      'email',
      'Inside name:( … ) only values are expected: escape the colon as \\: or close the group first',
    ],
    [
      'name:(_exists_:b)',
      '_exists_',
      'Inside name:( … ) only values are expected: escape the colon as \\: or close the group first',
    ],
    ['[1 TO 5]', '[1 TO 5]', 'A range belongs to a field: write field:[lower TO upper]'],
    ['f:[1 TO', '[1 TO', 'A range is written [lower TO upper]; an open end is *'],
    ['f:[]', '[', 'A range is written [lower TO upper]; an open end is *'],
    ['f:[1 TO ]', '[1 TO ', 'A range is written [lower TO upper]; an open end is *'],
    ['f:[1 TO]', '[1 TO', 'A range is written [lower TO upper]; an open end is *'],
    ['f:[1 TOO 5]', 'TOO', 'A range is written [lower TO upper], with TO in capitals'],
    ['f:[1]', ']', 'A range is written [lower TO upper], with TO in capitals'],
    ['f:[1', '', 'A range is written [lower TO upper], with TO in capitals'],
    ['f:[1 to 5]', 'to', 'A range is written [lower TO upper], with TO in capitals'],
    ['f:[1,5]', ']', 'A range is written [lower TO upper], with TO in capitals'],
    ['f:[TO 5]', 'TO', 'The lower end of this range is missing: an open end is *'],
    ['f:[1 TO 5', '[1 TO 5', 'The range that opens here is never closed by ] or }'],
    [
      'f:[1 TO 5 6]',
      '6',
      'The upper end of a range is followed by ] or }: put an end that has spaces in quotes',
    ],
    ['f:[1 TO 5)', ')', 'The end of a range cannot contain ): put it in quotes'],
    ['f:[a\0 TO b]', '\0', 'The end of a range cannot contain NUL: put it in quotes'],
    ['f:[a* TO b]', 'a*', 'The end of a range is a whole value or * alone: a literal * is escaped as \\*'],
  ])('%j at %j', (text, at, message) => {
    expect(problemIn(text)).toMatchObject({ code: 'syntax', at, message });
  });

  it.each([
    ['name:jo?n', '?', 'The wildcard ? is not supported: use *, or escape it as \\?'],
    ['name:john~', '~', 'Fuzzy and proximity search (~) is not supported: escape it as \\~'],
    ['"a b"~2', '~', 'Fuzzy and proximity search (~) is not supported: escape it as \\~'],
    ['name:john^2', '^', 'Boosting (^) is not supported: escape it as \\^'],
    ['name:/joh?n/', '/', 'Regular expressions are not supported: escape / as \\/'],
    ['/a/', '/', 'Regular expressions are not supported: escape / as \\/'],
    ['_missing_:email', '_missing_', '_missing_ is not supported: write NOT _exists_:field'],
    ['logins_count:>100', '>100', 'Comparisons are written as ranges, such as {100 TO *]'],
    ['created_at:<', '<', 'Comparisons are written as ranges, such as [* TO 10}'],
    ['name:>(a)', '>', 'Comparisons are written as ranges, such as {10 TO *]'],
  ])('%j at %j, which other dialects have', (text, at, message) => {
    expect(problemIn(text)).toMatchObject({ code: 'unsupported', at, message });
  });
});

describe('A suggestion in the place of what is wrong', () => {
  it.each([
    ['name:jo?n', 'name:jo\\?n'],
    ['john~', 'john\\~'],
    ['a^2', 'a\\^2'],
    ['name:/a', 'name:\\/a'],
    ['_missing_:email', 'NOT _exists_:email'],
    ['logins_count:>100', 'logins_count:{100 TO *]'],
    ['logins_count:>=100', 'logins_count:[100 TO *]'],
    ['logins_count:<100', 'logins_count:[* TO 100}'],
    ['logins_count:<=100', 'logins_count:[* TO 100]'],
    ['logins_count:>= 100 AND blocked:true', 'logins_count:[100 TO *] AND blocked:true'],
    ['(created_at:>2018-01-15T10:30:00Z)', '(created_at:{2018-01-15T10:30:00Z TO *])'],
    ['created_at:<"2018-01-15"', 'created_at:[* TO "2018-01-15"}'],
    ['name:"jane smith', 'name:"jane smith"'],
    ['logins_count:[1 TO 5', 'logins_count:[1 TO 5]'],
    ['logins_count:{1 to 5}', 'logins_count:{1 TO 5}'],
    ['logins_count:[TO 5]', 'logins_count:[* TO 5]'],
    ['a)', 'a\\)'],
    ['name:a]', 'name:a\\]'],
    ['a\\', 'a\\\\'],
    ['name:a:b', 'name:"a:b"'],
    ['name:https://example.com/a AND b', 'name:"https://example.com/a" AND b'],
    ['(name:a:b:c)', '(name:"a:b:c")'],
    ['name:a*:b', 'name:a*\\:b'],
    ['name:a: b', 'name:a\\: b'],
    [`name:a:${'b'.repeat(200)}`, `name:a\\:${'b'.repeat(200)}`],
    ['a AND name:NOT jane', 'a AND NOT name:jane'],
    ['name: NOT "jane"', 'NOT name: "jane"'],
    ['name:NOT(jane)', 'NOT name:(jane)'],
    ['nmae:jane', 'name:jane'],
    ['Email:jane', 'email:jane'],
    ['userMetadata.plan:x', 'user_metadata.plan:x'],
    ['metadata.a\\ b:x', 'user_metadata.a\\ b:x'],
    ['identities.profiledata.email:x', 'identities.profileData.email:x'],
    ['usermetadata.a:x', 'user_metadata.a:x'],
    ['email_verified:yes', 'email_verified:true'],
    ['email_verified:(0)', 'email_verified:(false)'],
  ])('makes %j to %j, which is accepted', (text, mended) => {
    expect(mend(text)).toBe(mended);
    parse(mended);
    expect(() => problemIn(mended)).toThrow('accepted');
  });

  it.each([
    'name:>a\\"b',
    'name:>"a',
    'name:>a(b',
    `${'n'.repeat(200)}:NOT x`,
    'f:[1]',
    'f:[1 TO)',
    `name:"${'x'.repeat(200)}`,
    `logins_count:>${'9'.repeat(200)}`,
    'email.foo:x',
    'colour:red',
    `${'n'.repeat(200)}:x`,
    'blocked:maybe',
    'blocked:t*',
  ])('is left out where nothing is obvious: %s', (text) => {
    expect(problemIn(text)).not.toHaveProperty('suggestion');
  });
});

describe('Limits', () => {
  const limits: QueryLimits = { length: 60, depth: 3, conditions: 4, patterns: 2, lists: 4 };

  it.each([
    ['too_long', `"${'x'.repeat(58)}"`, `"${'x'.repeat(59)}"`, '"', 'A query has at most 60 characters'],
    ['too_deep', '(((a)))', '((((a))))', '(', 'Parentheses are nested at most 3 deep'],
    ['too_deep', '((name:(a)))', '(((name:(a))))', '(', 'Parentheses are nested at most 3 deep'],
    ['too_many', 'a b c d', 'a b c d e', 'e', 'A query has at most 4 conditions'],
    ['too_many', '* * * *', '* * * * *', '*', 'A query has at most 4 conditions'],
    ['too_many', 'name:(a b c d)', 'name:(a b c d e)', 'e', 'A query has at most 4 conditions'],
    [
      'too_many',
      'name:a* f:[1 TO 2] b',
      'name:a* name:[1 TO 2] b*',
      'b*',
      'A query has at most 2 conditions with a wildcard, a range or a date',
    ],
  ])('%s: %j passes, %j does not', (code, good, bad, at, message) => {
    expect(parseQuery(good, limits)).toMatchObject({ isValid: true });
    expect(problemIn(bad, limits)).toMatchObject({ code, at, message });
  });

  it('give groups beside each other the whole depth each', () => {
    parse('((a)) ((b)) (((c)))', limits);
  });
});

describe('describeProblem', () => {
  const describeIn = (text: string) => describeProblem(problemIn(text), text);

  it('tells the place, counted from 1, and what stands there', () => {
    expect(describeIn('nmae:jane')).toBe('There is no field nmae, did you mean name? (character 1: nmae)');
    expect(describeIn('a AND nmae:jane')).toContain('(character 7: nmae)');
  });

  it('counts an emoji as one character', () => {
    expect(describeIn('"\u{1f600}\u{1f600}" ?')).toContain('(character 6: ?)');
  });

  it('names the place alone when nothing stands there', () => {
    expect(describeIn('f:[1')).toMatch(/ \(character 5\)$/);
  });

  it('stays one short line, whatever the query holds', () => {
    const line = describeIn(`"${'\u{1f600}\r\n\u2028'.repeat(10_000)}`);
    expect(line).toBe(
      `The quote that opens here is never closed (character 1: "${'\u{1f600}   '.repeat(9)}\u{1f600}  …)`,
    );
    expect(describeIn(`${'x'.repeat(10_000)}:x`).length).toBeLessThan(400);
    for (const text of ['name:>"a\nb"', 'a\\\nb:', 'a\\\nb:x', 'a\\\nb:(c:d)', 'user_metadata.\\\n..a:x'])
      expect(describeIn(text)).not.toContain('\n');
  });
});
