import { parseQuery } from '@muster/query';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSearchText } from './search-text.ts';

const queryOf = (typed: string) => {
  const read = readSearchText(typed);
  return read.kind === 'query' ? read.q : read.kind;
};
const partOf = (word: string) =>
  `(email:*${word}* OR name:*${word}* OR nickname:*${word}* OR username:*${word}*)`;

describe('the search box', () => {
  it.each([
    ['', 'everybody'],
    ['ada@example.com', 'email:"ada@example.com" OR identities.profileData.email:"ada@example.com"'],
    [
      ' auth0|5f7c8ec7c33c6c004bbafe82 ',
      'user_id:"auth0|5f7c8ec7c33c6c004bbafe82" OR (identities.provider:"auth0" AND identities.user_id:"5f7c8ec7c33c6c004bbafe82")',
    ],
    [
      'samlp|acme|42',
      'user_id:"samlp|acme|42" OR (identities.provider:"samlp" AND identities.user_id:"acme|42")',
    ],
    ['127.0.0.1', 'last_ip:"127.0.0.1"'],
    ['2001:db8::7', 'last_ip:"2001:db8::7"'],
    ['email_verified:true AND NOT blocked:true', 'email_verified:true AND NOT blocked:true'],
    ['user_metadata.age:[30 TO *]', 'user_metadata.age:[30 TO *]'],
  ])('takes %j for %j', (typed, expected) => {
    expect(queryOf(typed)).toBe(expected);
  });

  it.each([
    ['+49 (30) 1234-567', 'phone_number:"+49301234567"'],
    ['+49 (0)30 1234567', 'phone_number:"+49301234567"'],
    ['+49 30/123456', 'phone_number:"+4930123456"'],
    ['0049 30 123456', 'phone_number:"+4930123456"'],
    ['030 1234567', 'phone_number:*301234567'],
    ['4930123456', 'phone_number:*4930123456'],
  ])('takes %j for a phone number: %j', (typed, expected) => {
    expect(queryOf(typed).split(' OR ')).toContain(expected);
  });

  it('takes digits for what else they may be: a part of a name or address, and the id of a provider', () => {
    expect(queryOf('1234567890')).toBe(
      `phone_number:*1234567890 OR ${partOf('1234567890')} OR identities.user_id:"1234567890"`,
    );
    expect(queryOf('115766299876543210123')).not.toContain('phone_number');
    expect(queryOf('5f7c8ec7c33c6c004bbafe82')).toContain(
      ' OR identities.user_id:"5f7c8ec7c33c6c004bbafe82"',
    );
  });

  it('looks for the parts of a name, each of them', () => {
    expect(queryOf("Zoë O'Neil")).toBe(`(${partOf('Zoë')} AND ${partOf("O\\'Neil")})`);
    expect(queryOf('Lovelace, Ada')).toBe(`(${partOf('Lovelace')} AND ${partOf('Ada')})`);
  });

  it('finds short words: at the start of a value, inside of a name, and beside another word', () => {
    expect(queryOf('Li').split(' OR ')).toEqual(
      expect.arrayContaining(['name:Li*', 'family_name:Li*', String.raw`name:*\ Li*)`]),
    );
    expect(queryOf('Chen Li')).toContain(String.raw`name:*Chen\ Li*`);
    expect(queryOf('Li, Chen')).toContain(String.raw`name:*Chen\ Li*`);
    expect(queryOf('Person 1')).toContain(String.raw`name:*Person\ 1*`);
    expect(queryOf('Person, 3')).toContain(String.raw`name:*Person\ 3*`);
  });

  it('says where a query is wrong', () => {
    expect(readSearchText(' name:(ada')).toMatchObject({ kind: 'problem', start: 5, end: 6 });
  });

  it('makes a query of anything, or says what is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const read = readSearchText(typed);
        if (read.kind === 'query') expect(parseQuery(read.q).isValid, read.q).toBe(true);
        else expect(read.kind === 'everybody').toBe(typed.trim() === '');
      }),
      { numRuns: 2_000 },
    );
  });
});
