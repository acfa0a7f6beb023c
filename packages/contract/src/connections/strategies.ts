/** Every provider a connection can be of, with the kind that decides how its users are treated. */
const strategiesByKind = {
  database: ['auth0'],
  passwordless: ['email', 'sms'],
  enterprise: [
    'ad',
    'adfs',
    'auth0-adldap',
    'auth0-oidc',
    'google-apps',
    'ip',
    'office365',
    'oidc',
    'okta',
    'pingfederate',
    'samlp',
    'sharepoint',
    'waad',
    'custom',
  ],
  social: [
    'amazon',
    'apple',
    'baidu',
    'bitbucket',
    'bitly',
    'box',
    'daccount',
    'dropbox',
    'dwolla',
    'evernote',
    'evernote-sandbox',
    'exact',
    'facebook',
    'fitbit',
    'github',
    'google-oauth2',
    'instagram',
    'line',
    'linkedin',
    'oauth1',
    'oauth2',
    'paypal',
    'paypal-sandbox',
    'planningcenter',
    'salesforce',
    'salesforce-community',
    'salesforce-sandbox',
    'shop',
    'shopify',
    'soundcloud',
    'thirtysevensignals',
    'twitter',
    'untappd',
    'vkontakte',
    'weibo',
    'windowslive',
    'wordpress',
    'yahoo',
    'yandex',
  ],
} as const;

export type StrategyKind = keyof typeof strategiesByKind;

export const strategies: readonly string[] = Object.values(strategiesByKind).flat().sort();

/** The kind of a strategy; `undefined` for a name that is none. */
export function kindOfStrategy(strategy: string): StrategyKind | undefined {
  if (strategiesByKind.database.some((known) => known === strategy)) return 'database';
  if (strategiesByKind.passwordless.some((known) => known === strategy)) return 'passwordless';
  if (strategiesByKind.enterprise.some((known) => known === strategy)) return 'enterprise';
  return strategiesByKind.social.some((known) => known === strategy) ? 'social' : undefined;
}
