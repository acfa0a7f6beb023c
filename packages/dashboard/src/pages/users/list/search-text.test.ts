import { parseQuery } from '@muster/query';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSearchText } from './search-text.ts';

describe('the search box', () => {
  it.each([
    ['', { kind: 'everybody' }],
    ['ada@example.com', { kind: 'query', q: 'email:"ada@example.com"' }],
    [' auth0|5f7c8ec7c33c6c004bbafe82 ', { kind: 'query', q: 'user_id:"auth0|5f7c8ec7c33c6c004bbafe82"' }],
    ['+49 (30) 1234-567', { kind: 'query', q: 'phone_number:"+49301234567"' }],
    [
      'email_verified:true AND NOT blocked:true',
      { kind: 'query', q: 'email_verified:true AND NOT blocked:true' },
    ],
    ['user_metadata.age:[30 TO *]', { kind: 'query', q: 'user_metadata.age:[30 TO *]' }],
  ])('takes %j for %j', (typed, expected) => {
    expect(readSearchText(typed)).toEqual(expected);
  });

  it('looks for the parts of a name, each of them', () => {
    expect(readSearchText("Zoë O'Neil")).toEqual({
      kind: 'query',
      q: "(email:*Zoë* OR name:*Zoë* OR nickname:*Zoë* OR username:*Zoë*) AND (email:*O\\'Neil* OR name:*O\\'Neil* OR nickname:*O\\'Neil* OR username:*O\\'Neil*)",
    });
  });

  it('says where a query is wrong', () => {
    expect(readSearchText('name:(ada')).toMatchObject({ kind: 'problem', start: 5, end: 6 });
  });

  it('makes a query of anything, or says what is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const read = readSearchText(typed);
        if (read.kind === 'query') expect(parseQuery(read.q).isValid).toBe(true);
        else expect(read.kind === 'everybody').toBe(typed.trim() === '');
      }),
      { numRuns: 2_000 },
    );
  });
});
