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
    ['organization_id:Org_1', { kind: 'equals', text: 'Org_1' }],
    ['_exists_:organization_id', { kind: 'exists' }],
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
    ['locale:[a TO b]', '[a TO b]', 'locale has no ranges: write a value or a wildcard'],
    [
      'organization_id:org_*',
      'org_*',
      'organization_id is compared as a whole: write a value without wildcards',
    ],
    [
      'organization_id:[a TO b]',
      '[a TO b]',
      'organization_id is compared as a whole: write a value without wildcards',
    ],
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
