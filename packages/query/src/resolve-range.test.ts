import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemIn, resolve } from '../test/support/outcomes.ts';
import { compareCodePoints, type ResolvedTest } from './index.ts';

function testOf(text: string): ResolvedTest {
  const node = resolve(text);
  if (node.kind !== 'condition') throw new Error(`${text} is not one condition`);
  return node.test;
}

const at = (text: string) => new Date(text).getTime();

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
    [
      '{2017-12-15T10:30:00Z TO 2017-12-15T11:00:00Z]',
      {
        kind: 'text-range',
        lower: { text: '2017-12-15T10:30:00Z', isInclusive: false },
        upper: { text: '2017-12-15T11:00:00Z', isInclusive: true },
      },
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

describe('compareCodePoints', () => {
  it('orders text as its UTF-8 bytes are ordered', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('a', 'b', '\uffee', '\u{1f600}', '\ud7ff'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareCodePoints(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', '', 0],
    ['a', 'a', 0],
    ['a', 'ab', -1],
    ['b', 'ab', 1],
    ['\uffee', '\u{1f600}', -1],
    ['\u{1f600}', '\u{1f601}', -1],
  ])('%j and %j give %i', (left, right, expected) => {
    expect(Math.sign(compareCodePoints(left, right))).toBe(expected);
  });
});
