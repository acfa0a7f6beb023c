import { Type } from 'typebox';
import { mostNamedAtOnce } from '../access/role-operations.ts';

/** Any JSON below a root object; key rules are the server's. */
const Metadata = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true });
const instant = { format: 'date-time' };

/** A second factor of an imported user (spec users-and-search §9.2): exactly one kind each. */
export const ImportedFactor = Type.Object(
  {
    totp: Type.Optional(
      Type.Object(
        {
          secret: Type.String({
            pattern: '^[A-Z2-7]+$',
            maxLength: 1024,
            description: 'Base32 without padding.',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    phone: Type.Optional(
      Type.Object({ value: Type.String({ pattern: '^\\+[0-9]{1,15}$' }) }, { additionalProperties: false }),
    ),
    email: Type.Optional(
      Type.Object({ value: Type.String({ format: 'email' }) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

/** An identity as an export shows it; the first one says which connection the user belongs to. */
const ImportedIdentity = Type.Object(
  {
    connection: Type.String({ minLength: 1, maxLength: 128 }),
    user_id: Type.String({ minLength: 1, maxLength: 255 }),
    provider: Type.String({ minLength: 1, maxLength: 128 }),
    isSocial: Type.Optional(Type.Boolean()),
    profileData: Type.Optional(Metadata),
  },
  { additionalProperties: false },
);

/**
 * One user of an import file. Up to `mfa_factors` it is the reference's schema; what follows are the attributes that
 * an export has beyond it, so that an export can be imported as it is.
 */
export const ImportedUser = Type.Object(
  {
    email: Type.Optional(Type.String({ format: 'email' })),
    email_verified: Type.Optional(Type.Boolean()),
    user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255, pattern: '^\\S+$' })),
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    given_name: Type.Optional(Type.String({ minLength: 1, maxLength: 150 })),
    family_name: Type.Optional(Type.String({ minLength: 1, maxLength: 150 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    nickname: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    picture: Type.Optional(Type.String({ format: 'strict-uri', maxLength: 2048 })),
    blocked: Type.Optional(Type.Boolean()),
    password_hash: Type.Optional(Type.String({ maxLength: 4096 })),
    // Held against `customPasswordHashes` of its own algorithm, which says what is wrong better than a union.
    custom_password_hash: Type.Optional(Type.Unsafe<unknown>({ type: 'object' })),
    app_metadata: Type.Optional(Metadata),
    user_metadata: Type.Optional(Metadata),
    phone_number: Type.Optional(Type.String({ pattern: '^\\+[0-9]{1,15}$' })),
    phone_verified: Type.Optional(Type.Boolean()),
    mfa_factors: Type.Optional(Type.Array(ImportedFactor, { minItems: 1, maxItems: 10 })),
    created_at: Type.Optional(Type.String(instant)),
    updated_at: Type.Optional(Type.String(instant)),
    last_login: Type.Optional(Type.String(instant)),
    last_ip: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    logins_count: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    last_password_reset: Type.Optional(Type.String(instant)),
    identities: Type.Optional(Type.Array(ImportedIdentity, { minItems: 1, maxItems: 50 })),
    roles: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
        maxItems: mostNamedAtOnce,
        description: 'Names of the roles that the user then has, no others.',
      }),
    ),
  },
  { additionalProperties: false },
);
