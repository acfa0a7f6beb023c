import { Type } from 'typebox';

const Nullable = <S extends ReturnType<typeof Type.String>>(schema: S) => Type.Union([schema, Type.Null()]);

/** `user_metadata` and `app_metadata`: any JSON below a root object. Key rules are the server's (`metadata.ts`). */
const Metadata = (description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description });

const userMetadata = Metadata('User metadata to which this user has read/write access.');
const appMetadata = Metadata('User metadata to which this user has read-only access.');
const email = { format: 'email', description: 'Email address of this user.' };
const phoneNumber = {
  pattern: '^\\+[0-9]{1,15}$',
  description: 'Phone number of this user, in E.164: a plus sign and up to 15 digits.',
};
const picture = { format: 'strict-uri', maxLength: 2048, description: "URI to the user's picture." };
const username = { minLength: 1, maxLength: 128, description: 'Username of this user.' };
const password = { minLength: 1, maxLength: 4096, description: 'New password for this user.' };
const nameLimits = { minLength: 1, maxLength: 300 };
const personNameLimits = { minLength: 1, maxLength: 150 };

export const Identity = Type.Object(
  {
    connection: Type.String({ description: 'Name of the connection this identity belongs to.' }),
    user_id: Type.String({ description: 'Id inside the provider, without prefix.' }),
    provider: Type.String({ description: "The connection's strategy." }),
    isSocial: Type.Boolean(),
    access_token: Type.Optional(Type.String()),
    access_token_secret: Type.Optional(Type.String()),
    refresh_token: Type.Optional(Type.String()),
    expires_in: Type.Optional(Type.Integer()),
    profileData: Type.Optional(Type.Object({}, { additionalProperties: true })),
  },
  { additionalProperties: false },
);

export const User = Type.Object(
  {
    user_id: Type.Optional(Type.String({ description: '`{provider}|{id}`, unique and immutable.' })),
    email: Type.Optional(Type.String()),
    email_verified: Type.Optional(Type.Boolean()),
    username: Type.Optional(Type.String()),
    phone_number: Type.Optional(Type.String()),
    phone_verified: Type.Optional(Type.Boolean()),
    created_at: Type.Optional(Type.String({ format: 'date-time' })),
    updated_at: Type.Optional(Type.String({ format: 'date-time' })),
    identities: Type.Optional(
      Type.Array(Identity, { description: 'The first one is the primary identity.' }),
    ),
    app_metadata: Type.Optional(appMetadata),
    user_metadata: Type.Optional(userMetadata),
    picture: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    nickname: Type.Optional(Type.String()),
    given_name: Type.Optional(Type.String()),
    family_name: Type.Optional(Type.String()),
    multifactor: Type.Optional(Type.Array(Type.String())),
    multifactor_last_modified: Type.Optional(Type.String({ format: 'date-time' })),
    last_ip: Type.Optional(Type.String()),
    last_login: Type.Optional(Type.String({ format: 'date-time' })),
    last_password_reset: Type.Optional(Type.String({ format: 'date-time' })),
    logins_count: Type.Optional(Type.Integer()),
    blocked: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true, description: 'Further root attributes are what the identity provider sent.' },
);

export const CreateUserBody = Type.Object(
  {
    connection: Type.String({
      minLength: 1,
      description: 'Name of the connection this user should be created in.',
    }),
    email: Type.Optional(Type.String(email)),
    phone_number: Type.Optional(Type.String(phoneNumber)),
    username: Type.Optional(Type.String(username)),
    password: Type.Optional(Type.String({ ...password, description: 'Initial password for this user.' })),
    user_id: Type.Optional(
      Type.String({
        maxLength: 255,
        pattern: '^\\S*$',
        description: 'The external user id, without the provider prefix.',
      }),
    ),
    email_verified: Type.Optional(Type.Boolean({ description: 'Whether this email address is verified.' })),
    verify_email: Type.Optional(
      Type.Boolean({ description: 'Whether the user will receive a verification email after creation.' }),
    ),
    phone_verified: Type.Optional(
      Type.Boolean({ description: 'Whether this phone number has been verified.' }),
    ),
    blocked: Type.Optional(
      Type.Boolean({ description: 'Whether this user was blocked by an administrator.' }),
    ),
    given_name: Type.Optional(Type.String({ ...personNameLimits, description: "The user's given name(s)." })),
    family_name: Type.Optional(
      Type.String({ ...personNameLimits, description: "The user's family name(s)." }),
    ),
    name: Type.Optional(Type.String({ ...nameLimits, description: "The user's full name." })),
    nickname: Type.Optional(Type.String({ ...nameLimits, description: "The user's nickname." })),
    picture: Type.Optional(Type.String(picture)),
    user_metadata: Type.Optional(userMetadata),
    app_metadata: Type.Optional(appMetadata),
  },
  { additionalProperties: false },
);

export const UpdateUserBody = Type.Object(
  {
    blocked: Type.Optional(
      Type.Boolean({ description: 'Whether this user was blocked by an administrator.' }),
    ),
    email: Type.Optional(Nullable(Type.String(email))),
    email_verified: Type.Optional(Type.Boolean({ description: 'Whether this email address is verified.' })),
    verify_email: Type.Optional(
      Type.Boolean({ description: 'Whether this user will receive a verification email after the change.' }),
    ),
    phone_number: Type.Optional(Nullable(Type.String(phoneNumber))),
    phone_verified: Type.Optional(
      Type.Boolean({ description: 'Whether this phone number has been verified.' }),
    ),
    verify_phone_number: Type.Optional(Type.Boolean({ description: 'Accepted on SMS connections.' })),
    verify_password: Type.Optional(
      Type.Boolean({ description: 'Accepted for old callers, without effect.' }),
    ),
    username: Type.Optional(Nullable(Type.String(username))),
    password: Type.Optional(Nullable(Type.String(password))),
    given_name: Type.Optional(
      Nullable(Type.String({ ...personNameLimits, description: "The user's given name(s)." })),
    ),
    family_name: Type.Optional(
      Nullable(Type.String({ ...personNameLimits, description: "The user's family name(s)." })),
    ),
    name: Type.Optional(Nullable(Type.String({ ...nameLimits, description: "The user's full name." }))),
    nickname: Type.Optional(Nullable(Type.String({ ...nameLimits, description: "The user's nickname." }))),
    picture: Type.Optional(Nullable(Type.String(picture))),
    user_metadata: Type.Optional(userMetadata),
    app_metadata: Type.Optional(appMetadata),
    connection: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Name of the identity's connection to change. Defaults to the primary one.",
      }),
    ),
    client_id: Type.Optional(
      Type.String({ minLength: 1, description: 'Client whose message templates apply to an e-mail change.' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
