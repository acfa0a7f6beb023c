import { type Static, Type } from 'typebox';
import { CreateUserBody } from '../users/user-schemas.ts';

const { email, phone_number, username, password, given_name, family_name, name, nickname, picture } =
  CreateUserBody.properties;

const clientId = Type.String({ minLength: 1, maxLength: 128, description: 'The application.' });
const connection = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Name of the database connection.',
});

/** What people may store about themselves while they sign up: few, short texts. */
export const signUpMetadataLimits = { keys: 10, keyLength: 100, valueLength: 500 } as const;

/** `POST /dbconnections/signup`. */
export const SignUpBody = Type.Object(
  {
    client_id: clientId,
    connection,
    email,
    phone_number,
    username,
    password,
    given_name,
    family_name,
    name,
    nickname,
    picture,
    user_metadata: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        type: 'object',
        maxProperties: signUpMetadataLimits.keys,
        propertyNames: { maxLength: signUpMetadataLimits.keyLength },
        additionalProperties: { type: 'string', maxLength: signUpMetadataLimits.valueLength },
        description: 'User metadata: at most 10 keys of up to 100 characters with texts of up to 500.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type SignUpBody = Static<typeof SignUpBody>;

/** `POST /dbconnections/change_password`. Further properties, which old clients send, do not count. */
export const ChangePasswordBody = Type.Object(
  {
    client_id: Type.Optional(clientId),
    connection,
    email: Type.Optional(
      Type.String({ minLength: 1, maxLength: 320, description: 'Email address of the user.' }),
    ),
    username: Type.Optional(
      Type.String({ minLength: 1, maxLength: 320, description: 'Username, where the connection has them.' }),
    ),
    organization: Type.Optional(Type.String({ maxLength: 128, description: 'Accepted.' })),
  },
  { additionalProperties: true },
);
export type ChangePasswordBody = Static<typeof ChangePasswordBody>;
