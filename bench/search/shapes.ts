/** How much of the directory a shape finds. */
export type Selectivity = 'selective' | 'about 1 %' | '20–30 %' | 'most' | 'none';

export interface Shape {
  /** What kind of condition it is, for the table. */
  readonly form: string;
  readonly selectivity: Selectivity;
  /** Asked in turn, so that no single answer is served from a warm cache. */
  readonly queries: readonly string[];
  /** Parts of values: they have bars of their own. */
  readonly isInfix?: boolean;
}

/** Values that exist in the directory under test, read from it at the start. */
export interface Samples {
  readonly userIds: readonly string[];
  readonly emails: readonly string[];
  readonly identityIds: readonly string[];
}

const numbers = (count: number, step = 1) => Array.from({ length: count }, (_, index) => index * step);
const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/**
 * The shapes of queries; the shares are those of demo users (packages/server/src/demo). Organizations, beginnings of postal codes and
 * ranges of scores are chosen by the number of users, so that a selective search finds about as many in a small directory as in a large one.
 */
export function listShapes(samples: Samples, users: number): Shape[] {
  // The k-th organization has one user in 2 √(5,000 k): 100 to 200 of a million for these, and as many of fewer users.
  const organizations = numbers(40, 97).map(
    (index) => `app_metadata.organization:"org-${Math.round((1_000 + index) * (users / 1_000_000) ** 2)}"`,
  );
  // Codes have five digits: four of them are of a hundred users in a million, three of them in a tenth of that.
  const digits = Math.max(1, Math.round(Math.log10(users)) - 2);
  return [
    {
      form: 'exact address',
      selectivity: 'selective',
      queries: samples.emails.map((email) => `email:${quote(email)}`),
    },
    {
      form: 'exact address',
      selectivity: 'none',
      queries: numbers(40).map((index) => `email:"nobody${index}@example.com"`),
    },
    {
      form: 'exact id',
      selectivity: 'selective',
      queries: samples.userIds.map((id) => `user_id:${quote(id)}`),
    },
    {
      form: 'exact name',
      selectivity: 'selective',
      queries: ['name:"Ruth Young"', 'name:"Poppy Wright"', 'name:"Mia Weiß"', 'name:"Inès Mercier"'],
    },
    { form: 'exact flag', selectivity: 'about 1 %', queries: ['blocked:true'] },
    { form: 'exact domain', selectivity: '20–30 %', queries: ['email.domain:"example.com"'] },
    {
      form: 'prefix of an address',
      selectivity: 'selective',
      queries: samples.emails.map(
        (email) => `email:${email.slice(0, -14).replaceAll(/[^a-z0-9.]/g, '\\$&')}*`,
      ),
    },
    {
      form: 'prefix of a name',
      selectivity: 'about 1 %',
      queries: ['name:oscar*', 'name:freya*', 'name:elif*'],
    },
    { form: 'prefix of an address', selectivity: '20–30 %', queries: ['email:[a TO d}', 'email:[m TO p}'] },
    {
      form: 'prefix of metadata',
      selectivity: 'selective',
      queries: numbers(40, 113).map(
        (index) => `user_metadata.address.zip:${String(1000 + index).slice(0, digits)}*`,
      ),
    },
    {
      form: 'prefix of metadata',
      selectivity: 'about 1 %',
      queries: numbers(10).map((index) => `user_metadata.address.zip:${12 + index}*`),
    },
    {
      form: 'prefix of metadata',
      selectivity: 'none',
      queries: ['user_metadata.address.zip:0*', 'user_metadata.address.zip:x*'],
    },
    {
      form: 'suffix of an address',
      selectivity: 'selective',
      isInfix: true,
      queries: numbers(40, 7).map((index) => `email:*@corp${index}.example`),
    },
    {
      form: 'infix of a name',
      selectivity: 'about 1 %',
      isInfix: true,
      queries: ['name:*chmid*', 'name:*ernar*', 'name:*ubois*'],
    },
    {
      form: 'infix of a name',
      selectivity: '20–30 %',
      isInfix: true,
      queries: ['email:*.com', 'email:*xample.com*'],
    },
    { form: 'infix of a name', selectivity: 'none', isInfix: true, queries: ['name:*zzzq*', 'name:*qqxy*'] },
    {
      form: 'infix of metadata',
      selectivity: 'about 1 %',
      isInfix: true,
      queries: ['user_metadata.address.city:*nchen*', 'user_metadata.address.city:*eipzi*'],
    },
    {
      form: 'infix of metadata',
      selectivity: 'none',
      isInfix: true,
      queries: ['user_metadata.address.city:*zzzq*', 'user_metadata.address.city:*qqxy*'],
    },
    {
      form: 'date range',
      selectivity: 'selective',
      queries: numbers(28).map((index) => `created_at:2026-06-${String(index + 1).padStart(2, '0')}`),
    },
    {
      form: 'date range',
      selectivity: '20–30 %',
      queries: ['created_at:[2026-03 TO 2026-09]', 'last_login:[2026-06 TO 2026-09]'],
    },
    {
      form: 'number range',
      selectivity: 'about 1 %',
      queries: ['logins_count:[790 TO *]', 'logins_count:[700 TO 710]'],
    },
    {
      form: 'number range',
      selectivity: '20–30 %',
      queries: ['logins_count:[300 TO *]', 'logins_count:[200 TO 700]'],
    },
    {
      form: 'number range in metadata',
      selectivity: 'about 1 %',
      queries: ['app_metadata.score:[10 TO 11]', 'app_metadata.score:{50 TO 51}'],
    },
    {
      form: 'number range in metadata',
      selectivity: '20–30 %',
      queries: ['user_metadata.age:[30 TO 44]', 'app_metadata.score:[20 TO 45]'],
    },
    { form: 'number range in metadata', selectivity: 'none', queries: ['user_metadata.age:[200 TO *]'] },
    {
      form: 'text range in metadata',
      selectivity: '20–30 %',
      queries: [
        'user_metadata.address.city:[Berlin TO Denver]',
        'user_metadata.address.zip:["20000" TO "45000"]',
      ],
    },
    {
      form: 'nested identity',
      selectivity: 'selective',
      queries: samples.identityIds.map(
        (id) => `identities.connection:"google-oauth2" AND identities.user_id:${quote(id)}`,
      ),
    },
    {
      form: 'nested identity',
      selectivity: '20–30 %',
      queries: ['identities.provider:"google-oauth2" AND identities.isSocial:true'],
    },
    {
      form: 'array element',
      selectivity: 'about 1 %',
      queries: [
        'app_metadata.roles:"admin" AND user_metadata.address.country:"TR"',
        'app_metadata.roles:"billing" AND user_metadata.address.country:"PL"',
      ],
    },
    {
      form: 'array element',
      selectivity: '20–30 %',
      queries: ['app_metadata.roles:("admin" OR "billing")'],
    },
    {
      form: 'metadata at depth 3',
      selectivity: 'selective',
      queries: numbers(40, 311).map((index) => `user_metadata.address.zip:"${10_000 + index}"`),
    },
    {
      form: 'metadata at depth 3',
      selectivity: 'about 1 %',
      queries: ['user_metadata.address.city:"Leipzig"', 'user_metadata.address.city:"Gdańsk"'],
    },
    {
      form: 'metadata at depth 3',
      selectivity: '20–30 %',
      queries: ['user_metadata.address.country:"US"', 'user_metadata.locale:"en-US"'],
    },
    { form: 'metadata, depth 2', selectivity: 'selective', queries: organizations },
    {
      form: 'metadata, depth 2',
      selectivity: '20–30 %',
      queries: ['app_metadata.plan:("pro" OR "enterprise")', 'app_metadata.plan:("pro" OR "team")'],
    },
    { form: 'NOT', selectivity: 'most', queries: ['NOT blocked:true'] },
    { form: 'NOT', selectivity: '20–30 %', queries: ['NOT email_verified:true'] },
    {
      form: 'AND NOT',
      selectivity: '20–30 %',
      queries: [
        'app_metadata.plan:("pro" OR "team") AND NOT email_verified:false',
        'app_metadata.plan:"pro" AND NOT user_metadata.age:[30 TO 40]',
      ],
    },
    { form: 'AND NOT', selectivity: 'none', queries: ['blocked:true AND NOT blocked:true'] },
    {
      form: 'AND of range and metadata',
      selectivity: 'selective',
      queries: organizations.map((query) => `${query} AND last_login:[2026-01-01 TO *]`),
    },
    {
      form: 'AND of range and metadata',
      selectivity: 'about 1 %',
      queries: [
        'app_metadata.plan:"pro" AND user_metadata.age:[30 TO 34]',
        'app_metadata.plan:"pro" AND logins_count:[500 TO *]',
      ],
    },
    {
      form: 'OR of 2,000 ids',
      selectivity: 'selective',
      queries: [samples.userIds.slice(0, 40), samples.userIds.slice(20, 60)].map(
        (found) =>
          `user_id:(${[...found, ...numbers(1_960).map((index) => `auth0|none${index}`)].map(quote).join(' OR ')})`,
      ),
    },
    {
      form: 'OR of 200 organizations',
      selectivity: '20–30 %',
      queries: [
        `app_metadata.organization:(${numbers(200)
          .map((index) => `org-${index}`)
          .join(' OR ')})`,
      ],
    },
    {
      form: 'OR of unlike conditions',
      selectivity: '20–30 %',
      queries: ['app_metadata.plan:"pro" OR user_metadata.age:[30 TO 35] OR blocked:true'],
    },
    { form: 'existence', selectivity: '20–30 %', queries: ['_exists_:username'] },
    { form: 'existence', selectivity: 'none', queries: ['_exists_:user_metadata.nothing'] },
    { form: 'free term', selectivity: 'about 1 %', queries: ['schmidt', 'moreau', 'kowalski'] },
    { form: 'free term', selectivity: 'none', queries: ['nobodyatall', '"no such person"'] },
    { form: 'everybody', selectivity: 'most', queries: ['*'] },
    ...listMissingSelectivities(users),
  ];
}

/** Forms above in the selectivities that they lack there. */
function listMissingSelectivities(users: number): Shape[] {
  // Scores have two decimals: one in 10,000 users has this one or that, and in a small directory more scores are asked for.
  const furtherScores = Math.round(1_000_000 / users - 1) / 100;
  return [
    { form: 'exact name', selectivity: 'none', queries: ['name:"Nobody Atall"'] },
    { form: 'prefix of a name', selectivity: 'none', queries: ['name:zzzq*'] },
    {
      form: 'suffix of an address',
      selectivity: 'none',
      isInfix: true,
      queries: ['email:*@nowhere.example'],
    },
    { form: 'date range', selectivity: 'none', queries: ['created_at:1999'] },
    { form: 'number range', selectivity: 'none', queries: ['logins_count:[1000000 TO *]'] },
    {
      form: 'number range in metadata',
      selectivity: 'selective',
      queries: numbers(40).map(
        (index) => `app_metadata.score:[${index + 0.5} TO ${index + 0.5 + furtherScores}]`,
      ),
    },
    { form: 'text range in metadata', selectivity: 'none', queries: ['user_metadata.address.city:[0 TO 1]'] },
    {
      form: 'nested identity',
      selectivity: 'none',
      queries: ['identities.connection:"google-oauth2" AND identities.user_id:"nobody"'],
    },
    { form: 'array element', selectivity: 'none', queries: ['app_metadata.roles:"nobody"'] },
    { form: 'metadata at depth 3', selectivity: 'none', queries: ['user_metadata.address.zip:"none"'] },
    {
      form: 'OR of 2,000 ids',
      selectivity: 'none',
      queries: [
        `user_id:(${numbers(2_000)
          .map((index) => quote(`auth0|none${index}`))
          .join(' OR ')})`,
      ],
    },
    {
      form: 'OR of unlike conditions',
      selectivity: 'none',
      queries: ['app_metadata.plan:"none" OR user_metadata.age:[200 TO *] OR name:"Nobody Atall"'],
    },
    {
      form: 'free term',
      selectivity: 'selective',
      queries: ['"ruth young"', '"poppy wright"', '"inès mercier"'],
    },
  ];
}

/** The slowest totals there are: what two clients ask for while others look for one user. */
export const expensiveQueries = [
  'email_verified:true AND NOT blocked:true',
  'app_metadata.plan:"pro" AND user_metadata.age:[20 TO 60]',
];
