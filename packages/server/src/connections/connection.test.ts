import { describe, expect, it } from 'vitest';
import { kindOfConnection, parseConnectionOptions } from './connection.ts';

const policyOf = (options: Record<string, unknown>) => parseConnectionOptions(options).passwordPolicy;

describe('options that are missing or of a wrong shape', () => {
  it('take the documented defaults', () => {
    const defaults = parseConnectionOptions({});
    expect(defaults).toEqual({
      requiresEmail: true,
      requiresUsername: false,
      requiresPhoneNumber: false,
      requiresPassword: true,
      allowsUsername: false,
      isEmailUnique: true,
      usernameLength: { min: 1, max: 15 },
      passwordPolicy: {
        minimumLength: 1,
        characterTypes: [],
        requiredCharacterTypes: 0,
        refusesIdenticalCharacters: false,
        refusesSequentialCharacters: false,
        historySize: 0,
        refusesPersonalData: false,
      },
      setUserRootAttributes: 'on_each_login',
      identifiers: {
        atSignUp: { email: 'required', phone_number: 'inactive', username: 'inactive' },
        forSignIn: ['email'],
        usernameForms: { email: false, phoneNumber: true },
      },
      disablesPasswordReset: false,
      importMode: false,
      disablesSignup: false,
      protectsFromBruteForce: true,
    });
    expect(
      parseConnectionOptions({
        attributes: null,
        validation: [],
        password_history: 'yes',
        passwordPolicy: null,
        password_dictionary: { enable: 'yes' },
        set_user_root_attributes: 1,
        import_mode: 'true',
        authentication_methods: null,
      }),
    ).toEqual(defaults);
  });
});

describe('the levels of passwordPolicy', () => {
  it.each([
    ['none', 1, 0, 0, false],
    ['low', 6, 0, 0, false],
    ['fair', 8, 3, 3, false],
    ['good', 8, 4, 3, false],
    ['excellent', 10, 4, 3, true],
  ])('%s: at least %i characters, of %i types %i', (passwordPolicy, length, types, required, identical) => {
    const policy = policyOf({ passwordPolicy });
    expect(policy.minimumLength).toBe(length);
    expect(policy.characterTypes).toHaveLength(types);
    expect(policy.requiredCharacterTypes).toBe(required);
    expect(policy.refusesIdenticalCharacters).toBe(identical);
    expect(policy).not.toHaveProperty('maximumBytes');
  });

  it('have their length overridden, upwards and downwards', () => {
    for (const min_length of [1, 40])
      expect(
        policyOf({ passwordPolicy: 'good', password_complexity_options: { min_length } }).minimumLength,
      ).toBe(min_length);
  });

  it('are joined by history, dictionary and personal data only where these are on', () => {
    const parts = {
      password_history: { enable: true, size: 7 },
      password_dictionary: { enable: true, dictionary: ['acme'] },
      password_no_personal_info: { enable: true },
    };
    expect(policyOf(parts)).toMatchObject({
      historySize: 7,
      dictionary: { size: 10_000, words: ['acme'] },
      refusesPersonalData: true,
    });
    expect(policyOf({ password_history: { enable: true } }).historySize).toBe(5);
    const off = policyOf({
      password_history: { enable: false, size: 7 },
      password_dictionary: { enable: false, dictionary: ['acme'] },
      password_no_personal_info: { enable: false },
    });
    expect(off).toMatchObject({ historySize: 0, refusesPersonalData: false });
    expect(off).not.toHaveProperty('dictionary');
  });
});

describe('password_options', () => {
  it('stand instead of passwordPolicy and what belongs to it', () => {
    const policy = policyOf({
      passwordPolicy: 'excellent',
      password_history: { enable: true },
      password_options: {},
    });
    expect(policy).toMatchObject({
      minimumLength: 1,
      characterTypes: [],
      requiredCharacterTypes: 0,
      historySize: 0,
      refusesIdenticalCharacters: false,
    });
  });

  it('ask for all the types they name, or for three of four', () => {
    const complexity = {
      min_length: 12,
      character_types: ['number', 'uppercase'],
      identical_characters: 'block',
    };
    expect(policyOf({ password_options: { complexity } })).toMatchObject({
      minimumLength: 12,
      characterTypes: ['uppercase', 'number'],
      requiredCharacterTypes: 2,
      refusesIdenticalCharacters: true,
      refusesSequentialCharacters: false,
    });
    const three = {
      character_type_rule: 'three_of_four',
      sequential_characters: 'block',
      max_length_exceeded: 'error',
    };
    expect(policyOf({ password_options: { complexity: three } })).toMatchObject({
      characterTypes: ['lowercase', 'uppercase', 'number', 'special'],
      requiredCharacterTypes: 3,
      refusesSequentialCharacters: true,
      maximumBytes: 72,
    });
  });

  it('have a dictionary, a history and personal data where these are active', () => {
    const policy = policyOf({
      password_options: {
        dictionary: { active: true, default: 'en_100k', custom: ['acme'] },
        history: { active: true },
        profile_data: { active: true },
      },
    });
    expect(policy).toMatchObject({
      dictionary: { size: 100_000, words: ['acme'] },
      historySize: 3,
      refusesPersonalData: true,
    });
  });
});

describe('identifiers', () => {
  it('are e-mail and, if required, username without attributes', () => {
    const options = { requires_username: true, validation: { username: { min: 3, max: 500 } } };
    expect(parseConnectionOptions(options)).toMatchObject({
      requiresEmail: true,
      requiresUsername: true,
      allowsUsername: true,
      usernameLength: { min: 3, max: 128 },
    });
  });

  it('are what the attributes say, once there are any', () => {
    const options = {
      requires_username: true,
      attributes: {
        email: { identifier: { active: false }, profile_required: false, unique: false },
        phone_number: { identifier: { active: true }, signup: { status: 'required' } },
        username: { identifier: { active: true }, validation: { min_length: 2, max_length: 30 } },
      },
    };
    expect(parseConnectionOptions(options)).toMatchObject({
      requiresEmail: false,
      requiresUsername: false,
      requiresPhoneNumber: true,
      allowsUsername: true,
      isEmailUnique: false,
      usernameLength: { min: 2, max: 30 },
    });
  });

  it.each([
    [{}, true],
    [{ password: { enabled: true } }, true],
    [{ password: { enabled: false } }, false],
    [{ password: { enabled: true, api_behavior: 'optional' } }, false],
  ])('need a password with %j: %s', (authentication_methods, expected) => {
    expect(parseConnectionOptions({ authentication_methods }).requiresPassword).toBe(expected);
  });
});

describe('the kind of a connection', () => {
  it.each([
    ['auth0', {}, 'database'],
    ['auth0', { enabledDatabaseCustomization: true }, 'custom-database'],
    ['sms', {}, 'passwordless'],
    ['samlp', { enabledDatabaseCustomization: true }, 'enterprise'],
    ['google-oauth2', {}, 'social'],
  ])('of %s with %j is %s', (strategy, options, kind) => {
    expect(kindOfConnection(strategy, options)).toBe(kind);
  });
});

describe('identifiers', () => {
  const rules = (options: Record<string, unknown>) => parseConnectionOptions(options).identifiers;

  it('are the address, and the username where the connection requires one', () => {
    expect(rules({ requires_username: true })).toMatchObject({
      atSignUp: { email: 'required', username: 'required', phone_number: 'inactive' },
      forSignIn: ['email', 'username'],
    });
  });

  it('are those that attributes make active, in the order of precedence', () => {
    const attributes = {
      email: { identifier: { active: true }, profile_required: true },
      phone_number: { identifier: { active: true }, signup: { status: 'inactive' } },
      username: { identifier: { active: false }, signup: { status: 'required' } },
    };
    expect(rules({ attributes })).toEqual({
      atSignUp: { email: 'required', phone_number: 'inactive', username: 'required' },
      forSignIn: ['email', 'phone_number'],
      usernameForms: { email: false, phoneNumber: false },
    });
    const precedence = ['username', 'phone_number', 'email'];
    expect(rules({ attributes, precedence }).forSignIn).toEqual(['phone_number', 'email']);
  });

  it('are not asked for at sign-up where attributes leave them out', () => {
    const attributes = { username: { identifier: { active: true } } };
    expect(rules({ attributes }).atSignUp).toEqual({
      email: 'inactive',
      phone_number: 'inactive',
      username: 'optional',
    });
  });

  it('of a wrong shape take the defaults', () => {
    for (const attributes of [null, 5, 'x', []]) expect(rules({ attributes })).toEqual(rules({}));
    expect(rules({ attributes: { email: 'x' }, precedence: 'email' })).toMatchObject({ forSignIn: [] });
  });
});
