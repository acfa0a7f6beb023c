import { parseQuery } from '@muster/query';
import { describe, expect, it } from 'vitest';
import { completeQuery, gatherVocabulary, quoteValue } from './completion.ts';

const vocabulary = gatherVocabulary([
  {
    user_id: 'auth0|1',
    app_metadata: { plan: 'gold', deep: { level: 3 }, 'not a word': 1 },
    user_metadata: { tags: ['new', 'two words'] },
    identities: [{ connection: 'Staff', provider: 'auth0', user_id: '1', isSocial: false }],
  },
]);
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
    expect(completeQuery('user_metadata.tags:"t', vocabulary)[0]?.text).toBe(
      'user_metadata.tags:"two words" ',
    );
  });

  it('is silent where nothing is known', () => {
    for (const text of ['', 'xyz', 'name:a', 'name:(a', 'name:(a OR em', 'blocked:true ', '"quoted'])
      expect(shown(text), text).toEqual([]);
  });

  it('makes values that the language reads as they are', () => {
    for (const value of ['a b', 'OR', '-x', 'say "hi"', String.raw`back\slash`, 'ünï', '(x', '2024-01-01'])
      expect(parseQuery(`name:${quoteValue(value)}`).isValid, value).toBe(true);
  });
});
