import { type Presentation, presentUser, type User } from '../users/index.ts';

/** Claims by the scope that opens them (spec authentication §2.2). */
export const claimsByScope: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** The one place where a user becomes claims: ID tokens and /userinfo say the same. What the profile lacks is absent. */
export function claimsOfUser(
  user: User,
  scopes: ReadonlySet<string>,
  presentation: Presentation,
): Record<string, unknown> {
  const profile = presentUser(user, presentation);
  const available = new Map(
    Object.entries({ ...profile, phone_number_verified: profile['phone_verified'] }).filter(
      ([, value]) => value !== undefined && value !== null,
    ),
  );
  const claims: Record<string, unknown> = { sub: user.userId };
  for (const [scope, names] of Object.entries(claimsByScope)) {
    if (!scopes.has(scope)) continue;
    for (const name of names) if (available.has(name)) claims[name] = available.get(name);
  }
  return claims;
}

/** Names that scripts cannot set; ignored silently (spec authentication §2.3). */
const reserved = new Set(
  `acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf cty dest entitlements events exp
  groups gty htm htu iat internalService iss jcard jku jti jwe jwk kid may_act mky nbf nonce object_id org_id org_name orig origid
  permissions roles rph s_hash sid sub sub_jwk toe txn typ uuid vot vtm x5t#S256`.split(/\s+/),
);
/** Bytes of JSON of all custom claims of one token. */
const customLimit = 100_000;

/** The custom claims of one token are too many to carry. */
export class TooManyClaimsError extends Error {
  constructor() {
    super(`Custom claims must not take more than ${customLimit} bytes.`);
    this.name = 'TooManyClaimsError';
  }
}

/**
 * Custom claims that may stand in a token: no reserved names, no profile claim whose scope was not granted, and
 * for our own API names in a namespace alone.
 * @throws TooManyClaimsError
 */
export function selectCustomClaims(
  claims: Readonly<Record<string, unknown>>,
  options: {
    readonly scopes: ReadonlySet<string>;
    readonly issuer: string;
    readonly namespacedOnly: boolean;
  },
): Record<string, unknown> {
  const selected = Object.fromEntries(
    Object.entries(claims).filter(([name, value]) => {
      if (value === undefined || value === null || reserved.has(name) || name.startsWith('sip_'))
        return false;
      const isNamespaced = /^https?:\/\//.test(name) && !name.startsWith(options.issuer);
      if (isNamespaced) return true;
      if (/^https?:\/\//.test(name) || options.namespacedOnly) return false;
      const opener = Object.entries(claimsByScope).find(([, names]) => names.includes(name));
      return opener === undefined || options.scopes.has(opener[0]);
    }),
  );
  if (Buffer.byteLength(JSON.stringify(selected)) > customLimit) throw new TooManyClaimsError();
  return selected;
}
