import type { NewUser } from './insert-users.ts';

const database = 'Username-Password-Authentication';

type Fields = Omit<NewUser, 'identities'>;

/** A user of the database connection whose id is its name here. */
function person(name: string, fields: Fields = {}): Readonly<Record<string, NewUser>> {
  return { [name]: { identities: [{ connection: database, userId: name }], ...fields } };
}

/** One user for each value, which it has as `user_metadata.{key}`. */
function holders(key: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, NewUser>> {
  const users = Object.entries(values).map(([name, value]) =>
    person(name, { user_metadata: { [key]: value } }),
  );
  return Object.assign({}, ...users);
}

/** The claims of a SAML response are named by URLs. */
export const roleClaim = 'http://schemas.example/claims/role';

/** Users with one unusual thing each, named for it. */
export const edgeUsers: Readonly<Record<string, NewUser>> = {
  linked: {
    identities: [
      {
        connection: database,
        userId: 'linked',
        profile: { locale: 'en', email: 'linked@work.example', groups: 'helpdesk' },
      },
      {
        connection: 'google-oauth2',
        userId: 'shared',
        profile: {
          locale: 'de',
          age: 30,
          verified: true,
          groups: [['staff'], [['night', 7]], [[[['shift', 'early']]]]],
          address: [{ city: 'Paris' }, { city: 'Rome' }],
          [roleClaim]: 'auditor',
        },
      },
    ],
  },
  swapped: {
    identities: [
      {
        connection: 'google-oauth2',
        userId: 'swapped',
        profile: { locale: 'en', age: '30', [roleClaim]: 'clerk' },
      },
      { connection: 'facebook', userId: 'shared', profile: { locale: 'de', groups: 'staff' } },
    ],
  },
  unlinked: {
    identities: [{ connection: 'google-oauth2', userId: 'unlinked', profile: { locale: 'de' } }],
  },
  ...person('mixedCase', {
    email: 'Mixed.Case@Mail.EXAMPLE',
    username: 'MixedCase',
    name: 'ÅSA ÖBERG',
    given_name: 'Åsa',
    family_name: "O'Neil-Öberg",
    nickname: 'Straße',
    last_ip: '2001:DB8::1',
  }),
  ...person('cjk', { name: '山田太郎', nickname: '😀😃' }),
  ...person('twoAts', { email: '"a@b"@two.example', name: '' }),
  ...person('plus', { email: 'a+b_c%d@like.example', blocked: false, phone_verified: false }),
  ...person('likeOfPlus', { email: 'aXbXcXd@like.example', phone_number: '+15550100' }),
  ...person('billing', { roles: ['Billing admin', 'Reader'] }),
  ...person('reader', { roles: ['reader'] }),
  ...person('doctor', { roles: ['Ärztin 100%', 'a_b'] }),
  ...person('organized', { attributes: { organization_id: 'Org_1', department: 'sales' } }),
  ...person('countedZero', { logins_count: 0, last_login: '2020-02-29T23:59:59.999Z' }),
  ...person('countedMany', { logins_count: 2_000_000_000, last_login: '2020-03-01T00:00:00.000Z' }),

  ...holders('number', {
    thousand: 1000,
    thousandText: '1000',
    exponentText: '1e3',
    half: 4.5,
    halfText: '4.50',
    zero: 0,
    minusZeroText: '-0',
    minus: -7,
    tiny: 5e-324,
    huge: 1.5e308,
    sextillion: 1e21,
    yes: true,
    yesText: 'true',
    no: false,
    nullText: 'null',
  }),
  ...holders('text', {
    empty: '',
    blank: ' ',
    quotes: 'say "hi"',
    backslash: 'a\\b',
    star: '5*',
    starless: '5x',
    percent: '100%',
    percentless: '100x',
    underscore: 'a_b',
    underscoreless: 'axb',
    question: 'why?',
    lines: 'line1\nline2',
    tab: 'a\tb',
    operator: 'AND',
    lowerCase: 'zürich',
    titleCase: 'Zürich',
    decomposed: 'Zu\u0308rich',
    controls: '\u0001\u001f',
  }),
  // U+FF5E comes before the emoji by code point and after it by UTF-16 unit.
  ...holders('mark', { letter: 'z', tilde: '\uFF5E', emoji: '😀', emojiPair: '😀😃' }),
  ...holders('at', {
    december: '2017-12-31',
    lastSecond: '2017-12-31T23:59:59Z',
    january: '2018-01-01',
    dateNumber: 20171231,
  }),
  ...holders('long', {
    long: `${'x'.repeat(700)}end`,
    longOther: `${'x'.repeat(700)}END`,
    longer: `${'é'.repeat(1_500)}end`,
  }),
  ...holders('deep', {
    nested: [[{ a: [{ b: 'x' }, { b: 1 }] }, { a: { b: ['y', ['z']] } }], []],
    pairs: [
      { key: 'one', value: 1 },
      { key: 'two', value: 2 },
    ],
    mixed: ['text', 5, true, null, {}, []],
    hollow: [null, [], {}, [[{}]], { a: null }],
    falsy: [false],
  }),
  ...person('keys', {
    app_metadata: {
      'first name': 'Ann',
      AND: 1,
      'a-b': 2,
      'x:y': 3,
      'quote"d': 4,
      ключ: 5,
      '*': 6,
      constructor: 7,
      ['__proto__']: 8,
      a: { b: { c: 9 } },
    },
  }),
  ...person('emptyMetadata', { user_metadata: {}, app_metadata: {} }),
  ...person('hollowMetadata', { user_metadata: { a: null, b: [], c: {} } }),
};
