import { parseQuery } from '@muster/query';
import { describe, expect, it } from 'vitest';
import { completeQuery, gatherVocabulary, quoteValue } from './completion.ts';

const users = [
  {
    user_id: 'auth0|1',
    app_metadata: { plan: 'gold', deep: { level: 3 }, 'not a word': 1 },
    user_metadata: { tags: ['new', 'two words'] },
    identities: [{ connection: 'Staff', provider: 'auth0', user_id: '1', isSocial: false }],
  },
];
const vocabulary = gatherVocabulary(users, ['Billing admin', 'Editor']);
const shown = (text: string) => completeQuery(text, vocabulary).map((completion) => completion.shown);

describe('the completion of a query', () => {
  it('offers fields that begin with the word', () => {
    expect(shown('las')).toEqual(['last_login:', 'last_ip:']);
    expect(shown('name:x AND (app')).toEqual(['app_metadata.deep.level:', 'app_metadata.plan:']);
    expect(completeQuery('blocked:true AND log', vocabulary)).toEqual([
      { text: 'blocked:true AND logins_count:', shown: 'logins_count:' },
    ]);
  });

  it('offers the values that were seen, quoted where they must be', () => {
    expect(shown('connection:')).toEqual(['connection:Staff']);
    expect(shown('blocked:t')).toEqual(['blocked:true']);
    expect(shown('user_metadata.tags:t')).toEqual(['user_metadata.tags:"two words"']);
    expect(shown('NOT role:')).toEqual(['role:"Billing admin"', 'role:Editor']);
    expect(shown('role:"bill')).toEqual(['role:"Billing admin"']);
    expect(completeQuery('user_metadata.tags:"t', vocabulary)[0]?.text).toBe(
      'user_metadata.tags:"two words" ',
    );
  });

  it('offers what joins conditions, behind one that is complete', () => {
    for (const text of ['blocked:true ', 'name:"a b" ', 'name:(a OR b) ', 'logins_count:[1 TO 5] '])
      expect(shown(text), text).toEqual(['AND', 'OR', 'AND NOT']);
    expect(shown('blocked:true o')).toEqual(['OR']);
    expect(shown('no')).toEqual(['NOT']);
    expect(completeQuery('blocked:true a', vocabulary).map(({ text }) => text)).toContain(
      'blocked:true AND ',
    );
  });

  it('offers fields that have a value', () => {
    expect(shown('_ex')).toEqual(['_exists_:']);
    expect(shown('_exists_:pho')).toEqual(['_exists_:phone_number', '_exists_:phone_verified']);
  });

  it('is silent where nothing is known', () => {
    for (const text of ['', 'xyz', 'ada ', 'name:a', 'name:(a', 'name:(a OR em', 'name:"a ', '"quoted'])
      expect(shown(text), text).toEqual([]);
  });

  it('makes values that the language reads as they are', () => {
    for (const value of ['a b', 'OR', '-x', 'say "hi"', String.raw`back\slash`, 'ünï', '(x', '2024-01-01'])
      expect(parseQuery(`name:${quoteValue(value)}`).isValid, value).toBe(true);
  });
});
