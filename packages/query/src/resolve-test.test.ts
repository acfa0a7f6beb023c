import { describe, expect, it } from 'vitest';
import { problemIn, resolve } from '../test/support/outcomes.ts';
import type { ResolvedTest } from './index.ts';

function testOf(text: string): ResolvedTest {
  const node = resolve(text);
  if (node.kind !== 'condition') throw new Error(`${text} is not one condition`);
  return node.test;
}

const at = (text: string) => new Date(text).getTime();

describe('whole values', () => {
  it.each<[string, ResolvedTest]>([
    ['name:JANE', { kind: 'equals', text: 'jane' }],
    ['name:"Jane SMITH"', { kind: 'equals', text: 'jane smith' }],
    ['ÉMILE', { kind: 'equals', text: 'émile' }],
    ['username:JSmith', { kind: 'equals', text: 'JSmith' }],
    ['connection:Acme', { kind: 'equals', text: 'Acme' }],
    ['name:""', { kind: 'equals', text: '' }],
    ['name:*', { kind: 'exists' }],
    ['_exists_:logins_count', { kind: 'exists' }],
    ['blocked:TRUE', { kind: 'boolean', value: true }],
    ['blocked:"false"', { kind: 'boolean', value: false }],
    ['user_metadata.a:Blue', { kind: 'equals', text: 'Blue' }],
    ['user_metadata.a:true', { kind: 'equals', text: 'true' }],
    ['user_metadata.a:23', { kind: 'equals', text: '23' }],
    ['user_metadata.a:-4.5', { kind: 'equals', text: '-4.5' }],
    ['user_metadata.a:1e+21', { kind: 'equals', text: '1e+21' }],
    ['user_metadata.a:4.50', { kind: 'equals', text: '4.50', number: 4.5 }],
    ['user_metadata.a:007', { kind: 'equals', text: '007', number: 7 }],
    ['user_metadata.a:+5', { kind: 'equals', text: '+5', number: 5 }],
    ['user_metadata.a:1e2', { kind: 'equals', text: '1e2', number: 100 }],
    ['user_metadata.a:1E-2', { kind: 'equals', text: '1E-2', number: 0.01 }],
    ['user_metadata.a:-0', { kind: 'equals', text: '-0', number: 0 }],
    ['user_metadata.a:"4.50"', { kind: 'equals', text: '4.50' }],
    ['user_metadata.a:.5', { kind: 'equals', text: '.5' }],
    ['user_metadata.a:0x10', { kind: 'equals', text: '0x10' }],
    ['user_metadata.a:1e999', { kind: 'equals', text: '1e999' }],
    ['user_metadata.a:2017-12', { kind: 'equals', text: '2017-12' }],
    [`user_metadata.a:"${'x'.repeat(1_000)}"`, { kind: 'equals', text: 'x'.repeat(1_000) }],
  ])('have the type of the field: %s', (text, expected) => {
    expect(testOf(text)).toStrictEqual(expected);
  });

  it.each([
    '5',
    '+5',
    '005',
    '5.0',
    '5e0',
    '"5"',
    '50e-1',
  ])('of numbers are equal in any spelling: %s', (text) => {
    const end = { value: 5, isInclusive: true };
    expect(testOf(`logins_count:${text}`)).toEqual({ kind: 'number-range', lower: end, upper: end });
  });

  it.each([
    ['2018-01-15', '2018-01-15T00:00:00.000Z', '2018-01-16T00:00:00.000Z'],
    ['"2018-01"', '2018-01-01T00:00:00.000Z', '2018-02-01T00:00:00.000Z'],
    ['"2018-01-15T10:30:00.5Z"', '2018-01-15T10:30:00.500Z', '2018-01-15T10:30:00.600Z'],
  ])('of dates are the periods they stand for: %s', (text, from, before) => {
    expect(testOf(`created_at:${text}`)).toEqual({
      kind: 'instant-range',
      from: at(from),
      before: at(before),
    });
  });
});

describe('wildcards', () => {
  it.each([
    ['name:J*', ['j', '']],
    ['J*', ['j', '']],
    ['username:J*', ['J', '']],
    ['name:j*H', ['j', 'h']],
    ['name:*USA', ['', 'usa']],
    ['name:*usa*', ['', 'usa', '']],
    ['name:*ab*usa*c', ['', 'ab', 'usa', 'c']],
    ['name:*a\u{1f600}b', ['', 'a\u{1f600}b']],
    ['name:a**b', ['a', 'b']],
    ['name:**usa', ['', 'usa']],
    ['name:usa***', ['usa', '']],
    ['connection:auth*', ['auth', '']],
    ['identities.profileData.a:*com', ['', 'com']],
    ['user_metadata.a:John*', ['John', '']],
    ['email.domain:*Example.com', ['', 'example.com']],
  ])('are in text of every kind: %s', (text, pieces) => {
    expect(testOf(text)).toEqual({ kind: 'matches', pieces });
  });

  it.each([
    'name:*sa',
    'name:*ab*',
    '*ab',
    'name:**a',
    'user_metadata.a:*xy*z',
    'name:*a*b*c*',
    'name:*\u{1f600}\u{1f600}',
  ])('at the beginning need three characters in a row: %s', (text) => {
    const [, value = ''] = /([^:]*)$/.exec(text) ?? [];
    expect(problemIn(text)).toMatchObject({
      code: 'wildcard_too_short',
      at: value,
      message: 'A pattern that begins with * needs at least 3 characters in a row',
    });
  });

  it.each([
    ['x', 399],
    ['\u00e9', 199],
    ['\u{1f600}', 99],
  ])('have at most 400 bytes: %s, %i times', (character, count) => {
    const longest = `${character.repeat(count)}*`;
    expect(testOf(`name:${longest}`)).toMatchObject({ kind: 'matches' });
    const tooLong = `${character.repeat(count + 1)}*`;
    expect(problemIn(`user_metadata.a:${tooLong}`)).toMatchObject({ code: 'too_long', at: tooLong });
  });

  it('are limited as a whole, not piece by piece', () => {
    expect(problemIn(`name:${'ab*'.repeat(200)}`)).toMatchObject({ code: 'too_long' });
  });
});

describe('ranges', () => {
  it.each<[string, ResolvedTest]>([
    [
      'logins_count:[1 TO 5}',
      {
        kind: 'number-range',
        lower: { value: 1, isInclusive: true },
        upper: { value: 5, isInclusive: false },
      },
    ],
    ['logins_count:{-1.5 TO *]', { kind: 'number-range', lower: { value: -1.5, isInclusive: false } }],
    ['logins_count:["1" TO *]', { kind: 'number-range', lower: { value: 1, isInclusive: true } }],
    ['logins_count:[* TO *]', { kind: 'exists' }],
    [
      'name:[A TO F}',
      {
        kind: 'text-range',
        lower: { text: 'a', isInclusive: true },
        upper: { text: 'f', isInclusive: false },
      },
    ],
    ['username:[A TO *]', { kind: 'text-range', lower: { text: 'A', isInclusive: true } }],
    ['name:[* TO *]', { kind: 'exists' }],
    ['created_at:[* TO *]', { kind: 'exists' }],
  ])('have ends of the type of the field: %s', (text, expected) => {
    expect(testOf(text)).toEqual(expected);
  });

  it.each([
    ['[2017-12-01 TO 2017-12-31]', '2017-12-01', '2018-01-01'],
    ['{2017-11 TO 2017-12]', '2017-12-01', '2018-01-01'],
    ['[2017 TO 2018}', '2017-01-01', '2018-01-01'],
    ['[2017-12-15 TO 2017-12]', '2017-12-15', '2018-01-01'],
    ['[2017-12 TO 2017-12-15]', '2017-12-01', '2017-12-16'],
    ['{2016-02-28 TO 2016-02-29]', '2016-02-29', '2016-03-01'],
    ['["2017-12-15T10:30:00+01:00" TO 2017-12-15T09:30:59Z}', '2017-12-15T09:30:00Z', '2017-12-15T09:30:59Z'],
    ['[2018-01-15 TO *]', '2018-01-15', undefined],
    ['{2018-01-15 TO *]', '2018-01-16', undefined],
    ['[* TO 2018-01-15}', undefined, '2018-01-15'],
    ['[* TO 2018-01-15]', undefined, '2018-01-16'],
  ])('of dates reach from the beginning of a period to its end: %s', (text, from, before) => {
    expect(testOf(`created_at:${text}`)).toEqual({
      kind: 'instant-range',
      ...(from === undefined ? {} : { from: at(from) }),
      ...(before === undefined ? {} : { before: at(before) }),
    });
  });

  it.each<[string, ResolvedTest]>([
    [
      '[20 TO 30]',
      {
        kind: 'number-range',
        lower: { value: 20, isInclusive: true },
        upper: { value: 30, isInclusive: true },
      },
    ],
    ['{4.50 TO *}', { kind: 'number-range', lower: { value: 4.5, isInclusive: false } }],
    [
      '["20" TO 30]',
      {
        kind: 'text-range',
        lower: { text: '20', isInclusive: true },
        upper: { text: '30', isInclusive: true },
      },
    ],
    [
      '[A TO b]',
      {
        kind: 'text-range',
        lower: { text: 'A', isInclusive: true },
        upper: { text: 'b', isInclusive: true },
      },
    ],
    [
      '[20 TO b]',
      {
        kind: 'text-range',
        lower: { text: '20', isInclusive: true },
        upper: { text: 'b', isInclusive: true },
      },
    ],
    [
      '[2017-12-01 TO 2017-12-31]',
      {
        kind: 'text-range',
        lower: { text: '2017-12-01', isInclusive: true },
        upper: { text: '2018-01-01', isInclusive: false },
      },
    ],
    [
      '{2017-11 TO 2017-12}',
      {
        kind: 'text-range',
        lower: { text: '2017-12', isInclusive: true },
        upper: { text: '2017-12', isInclusive: false },
      },
    ],
    [
      '[2017 TO 2018-06]',
      {
        kind: 'text-range',
        lower: { text: '2017', isInclusive: true },
        upper: { text: '2018-07', isInclusive: false },
      },
    ],
    [
      '[2017-12-15 TO 2017-12]',
      {
        kind: 'text-range',
        lower: { text: '2017-12-15', isInclusive: true },
        upper: { text: '2018-01', isInclusive: false },
      },
    ],
    [
      '[2017-12-15T10:30:00Z TO *]',
      { kind: 'text-range', lower: { text: '2017-12-15T10:30:00Z', isInclusive: true } },
    ],
    ['[* TO "2017-12-31"]', { kind: 'text-range', upper: { text: '2017-12-31', isInclusive: true } }],
    ['[* TO *]', { kind: 'exists' }],
  ])('of metadata are of what the ends look like: %s', (text, expected) => {
    expect(testOf(`user_metadata.a:${text}`)).toEqual(expected);
    expect(testOf(`identities.profileData.a:${text}`)).toEqual(expected);
  });

  it.each([
    ['logins_count:[5 TO 1]', '[5 TO 1]'],
    ['logins_count:{5 TO 4.99}', '{5 TO 4.99}'],
    ['name:[f TO A]', '[f TO A]'],
    ['username:[a TO F]', '[a TO F]'],
    ['username:[\u{1f600} TO \uffee]', '[\u{1f600} TO \uffee]'],
    ['created_at:[2018 TO 2017]', '[2018 TO 2017]'],
    ['created_at:[2017-12-16 TO 2017-12-15]', '[2017-12-16 TO 2017-12-15]'],
    [
      'created_at:[2017-12-15T10:30:00Z TO 2017-12-15T11:00:00+01:00]',
      '[2017-12-15T10:30:00Z TO 2017-12-15T11:00:00+01:00]',
    ],
    ['user_metadata.a:[30 TO 20]', '[30 TO 20]'],
    ['user_metadata.a:[2018-01 TO 2017-12]', '[2018-01 TO 2017-12]'],
    ['user_metadata.a:["30" TO "20"]', '["30" TO "20"]'],
    ['a OR logins_count:([5 TO 1])', '[5 TO 1]'],
  ])('that end before they begin are refused: %s', (text, place) => {
    const message = 'The lower end of this range is above its upper end';
    expect(problemIn(text)).toMatchObject({ code: 'reversed_range', at: place, message });
  });

  it.each([
    'logins_count:{5 TO 5}',
    'name:[a TO A]',
    'username:[\uffee TO \u{1f600}]',
    'created_at:{2017 TO 2017}',
  ])('with ends in order are accepted, though nothing may lie between them: %s', (text) => {
    expect(testOf(text).kind).toMatch(/-range$/);
  });

  it('of text have short ends', () => {
    expect(problemIn(`name:[a TO ${'b'.repeat(401)}]`)).toMatchObject({ code: 'too_long' });
    expect(problemIn(`user_metadata.a:[* TO ${'é'.repeat(201)}]`)).toMatchObject({ code: 'too_long' });
  });
});

describe('a value of the wrong type', () => {
  it.each([
    ['blocked:maybe', 'maybe', 'blocked is true or false'],
    ['blocked:t*', 't*', 'blocked is true or false'],
    ['blocked:[false TO true]', '[false TO true]', 'blocked is true or false'],
    ['identities.isSocial:""', '""', 'identities.isSocial is true or false'],
    ['logins_count:many', 'many', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    ['logins_count:1*', '1*', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    ['logins_count:Infinity', 'Infinity', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    ['logins_count:1e999', '1e999', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    ['logins_count:[1 TO many]', 'many', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    ['logins_count:["x" TO 5]', '"x"', 'logins_count is a number: write 5 or a range such as [5 TO *]'],
    [
      ...(['created_at:yesterday', 'yesterday'] as const),
      'created_at is a date: write 2017, 2017-12, 2017-12-15 or 2017-12-15T10:30:00Z, or a range of them',
    ],
    [
      ...(['created_at:[now-1d TO *]', 'now-1d'] as const),
      'created_at is a date: write 2017, 2017-12, 2017-12-15 or 2017-12-15T10:30:00Z, or a range of them',
    ],
    [
      ...(['created_at:[2017 TO 2017-02-29]', '2017-02-29'] as const),
      'created_at is a date: write 2017, 2017-12, 2017-12-15 or 2017-12-15T10:30:00Z, or a range of them',
    ],
    [
      'created_at:2017*',
      '2017*',
      'created_at is a date, which has no wildcards: 2017-12 stands for the whole month',
    ],
    ['organization_id:[a TO b]', '[a TO b]', 'organization_id has no ranges: write a value or a wildcard'],
    ['connection:[a TO b]', '[a TO b]', 'identities.connection has no ranges: write a value or a wildcard'],
    [
      ...(['user_metadata:x', 'x'] as const),
      'user_metadata is an object: name a key in it, such as user_metadata.plan, or ask _exists_:user_metadata',
    ],
    [
      ...(['identities.profileData:[1 TO 2]', '[1 TO 2]'] as const),
      'identities.profileData is an object: name a key in it, such as identities.profileData.plan, or ask _exists_:identities.profileData',
    ],
  ])('%s is refused at %s: %s', (text, place, message) => {
    expect(problemIn(text)).toMatchObject({ code: 'wrong_type', at: place, message });
  });
});
