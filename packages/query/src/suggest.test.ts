import { describe, expect, it } from 'vitest';
import { problemIn } from '../test/support/outcomes.ts';
import { parseQuery, resolveQuery } from './index.ts';
import { suggestName, suggestPath } from './suggest.ts';

const known = ['user_id', 'email', 'email.domain', 'name', 'nickname', 'created_at', 'logins_count'];

describe('suggestName', () => {
  it.each([
    ['nmae', 'name'],
    ['Name', 'name'],
    ['EMAIL', 'email'],
    ['e-mail', 'email'],
    ['emial', 'email'],
    ['userid', 'user_id'],
    ['createdAt', 'created_at'],
    ['login_count', 'logins_count'],
    ['email.domian', 'email.domain'],
    ['nam', 'name'],
  ])('takes %s for %s', (typed, expected) => {
    expect(suggestName(typed, known)).toBe(expected);
  });

  it.each([
    '',
    'x',
    'ip',
    'colour',
    'email.address',
    'phone',
    'q'.repeat(60),
    `name${'e'.repeat(100)}`,
  ])('finds nothing near %j', (typed) => {
    expect(suggestName(typed, known)).toBeUndefined();
  });

  it('finds nothing where nothing is known', () => {
    expect(suggestName('name', [])).toBeUndefined();
  });
});

describe('suggestPath', () => {
  const roots = ['identities.profileData', 'user_metadata', 'app_metadata'];

  it.each([
    ['usermetadata.plan', 'user_metadata.plan'],
    ['userMetadata.a.b', 'user_metadata.a.b'],
    ['metadata.plan', 'user_metadata.plan'],
    ['appmetadata.a b', 'app_metadata.a\\ b'],
    ['identities.profile_data.email', 'identities.profileData.email'],
  ])('takes %j for %j', (typed, expected) => {
    expect(suggestPath(typed, roots)).toBe(expected);
  });

  it.each([
    'user_metadata',
    'colour.plan',
    '.a',
    'usermetadata.',
    'usermetadata..a',
    `metadata.${'k'.repeat(200)}`,
  ])('finds nothing near %j', (typed) => {
    expect(suggestPath(typed, roots)).toBeUndefined();
  });
});

describe('an unknown field', () => {
  it.each([
    [
      'colour:red',
      'There is no field colour; metadata is searched as user_metadata.colour or app_metadata.colour',
    ],
    ['nmae:x', 'There is no field nmae, did you mean name?'],
    ['a AND (b OR emali:x)', 'There is no field emali, did you mean email?'],
    ['_exists_:nicknam', 'There is no field nicknam, did you mean nickname?'],
    ['user_metadata2:x', 'There is no field user_metadata2, did you mean user_metadata?'],
    ['user_metadata2.a:x', 'There is no field user_metadata2.a, did you mean user_metadata.a?'],
    ['user_metadat:x', 'There is no field user_metadat, did you mean user_metadata?'],
    ['identities.conection:x', 'There is no field identities.conection, did you mean identities.connection?'],
    [
      'email.foo:x',
      'There is no field email.foo; metadata is searched as user_metadata.email.foo or app_metadata.email.foo',
    ],
    [
      '__proto__:x',
      'There is no field __proto__; metadata is searched as user_metadata.__proto__ or app_metadata.__proto__',
    ],
    [
      'constructor:x',
      'There is no field constructor; metadata is searched as user_metadata.constructor or app_metadata.constructor',
    ],
  ])('%s: %s', (text, message) => {
    expect(problemIn(text)).toMatchObject({ code: 'unknown_field', message });
  });

  it('of a schema without objects is not looked for in metadata', () => {
    const parsed = parseQuery('colour:red');
    const schema = { fields: {}, openFields: {}, refusedFields: {} };
    expect(parsed.isValid && resolveQuery(parsed.value, schema)).toMatchObject({
      problem: { message: 'There is no field colour' },
    });
  });

  it.each([
    ['picture:x', 'picture', 'picture cannot be searched: pictures are shown, not indexed'],
    [
      '_exists_:multifactor',
      'multifactor',
      'multifactor cannot be searched: it is read from the user itself',
    ],
    [
      'identities:x',
      'identities',
      'identities cannot be searched: name one of its fields, such as identities.connection',
    ],
  ])('differs from one that cannot be searched: %s', (text, at, message) => {
    expect(problemIn(text)).toMatchObject({ code: 'not_searchable', at, message });
  });
});
