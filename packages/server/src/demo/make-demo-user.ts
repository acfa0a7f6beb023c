import { createHash } from 'node:crypto';
import { cultures } from './names.ts';
import { createRandom, type Random } from './random.ts';

/** A connection that demo users come from, with its share of them. */
export interface DemoConnection {
  readonly name: string;
  readonly strategy: string;
  readonly share: number;
}

export const demoConnections: readonly DemoConnection[] = [
  { name: 'Username-Password-Authentication', strategy: 'auth0', share: 0.55 },
  { name: 'google-oauth2', strategy: 'google-oauth2', share: 0.2 },
  { name: 'github', strategy: 'github', share: 0.08 },
  { name: 'acme-saml', strategy: 'samlp', share: 0.07 },
  { name: 'email', strategy: 'email', share: 0.06 },
  { name: 'sms', strategy: 'sms', share: 0.04 },
];

/** Rows of `users` and `identities`, by column name. `connection_id` is filled in at insertion. */
export interface DemoUser {
  readonly connection: string;
  readonly user: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
}

const plans = ['free', 'free', 'pro', 'team', 'enterprise'];
const roles = ['member', 'member', 'editor', 'billing', 'admin'];
const colours = ['blue', 'green', 'violet', 'amber', 'red'];
/** Now, for the data: fixed, so that a seed gives the same directory next year. */
const referenceTime = Date.UTC(2026, 10, 1);
const day = 86_400_000;

/** The `index`-th person of a seed; any one can be made without the others. */
export function makeDemoUser(seed: number, index: number): DemoUser {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const culture = random.pick(cultures);
  const given = random.pick(culture.given);
  const family = random.pick(culture.family);
  const connection = pickConnection(random);
  /** Unique over seeds, so that directories of several can be mixed. */
  const mark = `${seed.toString(36)}-${index.toString(36)}`;
  const isPhoneUser = connection.strategy === 'sms';
  const isStored = connection.strategy === 'auth0' || connection.strategy === 'email';
  const email = isPhoneUser
    ? null
    : `${toAscii(given)}.${toAscii(family)}.${mark}@${pickDomain(random, index)}`;
  const phoneNumber = isPhoneUser
    ? `+${culture.dialling}${String(10 + (seed % 90))}${String(index).padStart(8, '0')}`
    : null;
  const id = makeProviderId(connection, seed, index, email);
  const createdAt = new Date(referenceTime - Math.floor(random.next() ** 2 * 1_500 * day));
  const hasLoggedIn = random.chance(0.85);
  const lastLogin = new Date(
    createdAt.getTime() + Math.floor(random.next() * (referenceTime - createdAt.getTime())),
  );
  const isVerified = random.chance(connection.strategy === 'auth0' ? 0.7 : 0.95);
  const username =
    connection.strategy === 'auth0' && random.chance(0.4)
      ? `${toAscii(given).slice(0, 6)}${mark}`.slice(0, 15)
      : null;
  return {
    connection: connection.name,
    user: {
      user_id: `${connection.strategy}|${id}`,
      email,
      email_verified: email === null ? null : isVerified,
      username,
      phone_number: phoneNumber,
      phone_verified: phoneNumber === null ? null : true,
      name: isEastern(culture.locale) ? `${family}${given}` : `${given} ${family}`,
      given_name: given,
      family_name: family,
      nickname: random.chance(0.3) ? toAscii(given) : null,
      attributes: isStored || isPhoneUser ? null : { locale: culture.locale },
      user_metadata: {
        locale: culture.locale,
        favourite_colour: random.pick(colours),
        address: {
          city: random.pick(culture.cities),
          country: culture.country,
          zip: String(10_000 + random.integer(89_999)),
        },
        newsletter: random.chance(0.4),
        age: 18 + random.integer(70),
      },
      app_metadata: {
        plan: random.pick(plans),
        roles: [random.pick(roles)],
        organization: `org-${Math.floor(random.next() ** 2 * 5_000)}`,
        score: Math.round(random.next() * 10_000) / 100,
      },
      blocked: random.chance(0.01) ? true : null,
      last_login: hasLoggedIn ? lastLogin.toISOString() : null,
      last_ip: hasLoggedIn ? `203.0.113.${random.integer(256)}` : null,
      logins_count: hasLoggedIn ? 1 + Math.floor(random.next() ** 3 * 800) : null,
      version: 1,
      created_at: createdAt.toISOString(),
      updated_at: (hasLoggedIn ? lastLogin : createdAt).toISOString(),
    },
    identity: {
      user_id: `${connection.strategy}|${id}`,
      position: 0,
      connection: connection.name,
      provider: connection.strategy,
      provider_user_id: id,
      is_social: connection.strategy === 'google-oauth2' || connection.strategy === 'github',
      email_identifier: isStored ? email : null,
      username_identifier: username,
      phone_identifier: phoneNumber,
      profile:
        email === null
          ? { phone_number: phoneNumber, phone_verified: true }
          : { email, email_verified: isVerified },
    },
  };
}

function pickConnection(random: Random): DemoConnection {
  let remaining = random.next();
  for (const connection of demoConnections) {
    remaining -= connection.share;
    if (remaining < 0) return connection;
  }
  return { name: 'Username-Password-Authentication', strategy: 'auth0', share: 0 };
}

/** Reserved names only (RFC 2606): mail to a demo user reaches nobody. */
function pickDomain(random: Random, index: number): string {
  return random.chance(0.6)
    ? random.pick(['example.com', 'example.org', 'example.net'])
    : `corp${index % 500}.example`;
}

function makeProviderId(
  connection: DemoConnection,
  seed: number,
  index: number,
  email: string | null,
): string {
  const digest = createHash('sha256').update(`${seed}:${index}`).digest('hex');
  switch (connection.strategy) {
    case 'google-oauth2':
      return `1${BigInt(`0x${digest.slice(0, 16)}`)
        .toString()
        .padStart(20, '0')
        .slice(0, 20)}`;
    case 'github':
      return `${seed + 1}${String(index).padStart(9, '0')}`;
    case 'samlp':
      return `${connection.name}|${email}`;
    default:
      return digest.slice(0, 24);
  }
}

function isEastern(locale: string): boolean {
  return locale === 'ja-JP' || locale === 'zh-CN';
}

/** Letters for a mailbox name; scripts without Latin letters become a stand-in of the same length. */
function toAscii(name: string): string {
  const latin = name
    .replaceAll('ß', 'ss')
    .replaceAll(/[łŁ]/g, 'l')
    .replaceAll(/[ıİ]/g, 'i')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  return latin || `user${[...name].length}`;
}
