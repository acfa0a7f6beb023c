import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, newEmail } from '../../test/support/accounts-fixture.ts';
import { type SignUpFixture, startSignUpFixture } from '../../test/support/sign-up-fixture.ts';
import type { TestServer } from '../../test/support/test-server.ts';

let server: TestServer;
let clientId: string;
let signUp: SignUpFixture['signUp'];

beforeAll(async () => {
  ({ server, clientId, signUp } = await startSignUpFixture());
});
afterAll(() => server.close());

describe('the password policy', () => {
  it('names every rule that a weak password was held against', async () => {
    const { status, body } = await signUp({ email: newEmail(), password: 'abc' });
    expect(status).toBe(400);
    const item = (message: string, code: string, verified: boolean) => ({ message, code, verified });
    expect(body).toEqual({
      name: 'PasswordStrengthError',
      code: 'invalid_password',
      message: 'Password is too weak',
      description: {
        rules: [
          {
            message: 'At least %d characters in length',
            format: [8],
            code: 'lengthAtLeast',
            verified: false,
          },
          {
            message: 'Contain at least %d of the following %d types of characters:',
            format: [3, 4],
            code: 'containsAtLeast',
            verified: false,
            items: [
              item('lower case letters (a-z)', 'lowerCase', true),
              item('upper case letters (A-Z)', 'upperCase', false),
              item('numbers (i.e. 0-9)', 'numbers', false),
              item('special characters (e.g. !@#$%^&*)', 'specialCharacters', false),
            ],
          },
        ],
        verified: false,
      },
      policy: [
        '* At least 8 characters in length',
        '* Contain at least 3 of the following 4 types of characters:',
        ' * lower case letters (a-z)',
        ' * upper case letters (A-Z)',
        ' * numbers (i.e. 0-9)',
        ' * special characters (e.g. !@#$%^&*)',
      ].join('\n'),
      statusCode: 400,
    });
  });

  it('refuses common words, own words and what is about the person', async () => {
    const connection = 'strict';
    await createDatabase(server, connection, clientId, {
      passwordPolicy: 'low',
      password_dictionary: { enable: true, dictionary: ['Muster-house-1'] },
      password_no_personal_info: { enable: true },
    });
    const of = async (password: string, more: Record<string, unknown> = {}) =>
      (await signUp({ connection, email: newEmail(), password, ...more })).body;
    for (const password of ['password1', 'MUSTER-HOUSE-1'])
      expect(await of(password)).toEqual({
        name: 'PasswordDictionaryError',
        code: 'password_dictionary_error',
        message: 'Password is too common',
        description: 'Password is too common',
        statusCode: 400,
      });
    const personal = {
      name: 'PasswordNoUserInfoError',
      code: 'password_no_user_info_error',
      message: 'Password contains user information',
      description: 'Password contains user information',
      statusCode: 400,
    };
    expect(await of('my-lovelace-7', { email: 'lovelace@example.com' })).toEqual(personal);
    expect(await of('my-LOVELACE-7', { name: 'lovelace' })).toEqual(personal);
    expect(await of('my-lovelace-7', { user_metadata: { last: 'Lovelace' } })).toEqual(personal);
    expect(await of('my-lovelace-7', { user_metadata: { pet: 'Lovelace' } })).toHaveProperty('_id');
  });

  it('looks at the fields that profile_data names, in place of the usual ones', async () => {
    const connection = 'own-fields';
    await createDatabase(server, connection, clientId, {
      password_options: {
        complexity: { min_length: 6 },
        profile_data: { active: true, blocked_fields: ['family_name', 'user_metadata.pet'] },
      },
    });
    const of = async (more: Record<string, unknown>) =>
      (await signUp({ connection, email: newEmail(), password: 'my-lovelace-7', ...more })).body;
    expect((await of({ family_name: 'Lovelace' })).code).toBe('password_no_user_info_error');
    expect((await of({ user_metadata: { pet: 'lovelace' } })).code).toBe('password_no_user_info_error');
    expect(await of({ nickname: 'lovelace' })).toHaveProperty('_id');
  });

  it.each([
    ['none', 'a', ''],
    ['low', 'abcdef', 'abcde'],
    ['fair', 'Abcdefg1', 'abcdefg1'],
    ['good', 'abcdefg-1', 'abcdefg1'],
    ['excellent', 'abcdefgh-1', 'aaabcdef-1'],
  ])('of level %s takes %s and refuses "%s"', async (passwordPolicy, good, bad) => {
    const connection = `level-${passwordPolicy}`;
    await createDatabase(server, connection, clientId, { passwordPolicy });
    expect((await signUp({ connection, email: newEmail(), password: good })).status).toBe(200);
    const refused = await signUp({ connection, email: newEmail(), password: bad });
    expect([refused.status, refused.body.code]).toEqual([
      400,
      bad === '' ? 'invalid_signup' : 'invalid_password',
    ]);
  });
});
