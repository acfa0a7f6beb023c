import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';

export const SigningKey = Type.Object(
  {
    kid: Type.String({ description: 'The id of the key, as in the header of tokens.' }),
    cert: Type.String({ description: 'Self-signed certificate with the public key, PEM.' }),
    pkcs7: Type.String({ description: 'The same certificate as PKCS #7, PEM.' }),
    current: Type.Optional(Type.Boolean()),
    next: Type.Optional(Type.Boolean()),
    previous: Type.Optional(Type.Boolean()),
    current_since: Type.Optional(Type.String({ format: 'date-time' })),
    current_until: Type.Optional(Type.String({ format: 'date-time' })),
    fingerprint: Type.String({ description: 'SHA-1 of the certificate, colon-separated upper-case hex.' }),
    thumbprint: Type.String({ description: 'SHA-1 of the certificate, upper-case hex.' }),
    revoked: Type.Optional(Type.Boolean()),
    revoked_at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);

const KeyReference = Type.Object(
  { cert: Type.String(), kid: Type.String() },
  { additionalProperties: false },
);
const KeyId = Type.Object({ kid: Type.String({ maxLength: 200, description: 'Key id of the key' }) });

export const listSigningKeys = defineOperation({
  id: 'get_signing_keys',
  method: 'GET',
  path: '/keys/signing',
  tag: 'keys',
  summary: 'Get all application signing keys',
  scopes: ['read:signing_keys'],
  responses: { 200: Type.Array(SigningKey) },
});

export const getSigningKey = defineOperation({
  id: 'get_signing_key',
  method: 'GET',
  path: '/keys/signing/{kid}',
  tag: 'keys',
  summary: 'Get an application signing key by its key id',
  scopes: ['read:signing_keys'],
  parameters: KeyId,
  responses: { 200: SigningKey },
  errors: [404],
});

export const rotateSigningKeys = defineOperation({
  id: 'post_signing_keys',
  method: 'POST',
  path: '/keys/signing/rotate',
  tag: 'keys',
  summary: 'Rotate the application signing key',
  scopes: ['create:signing_keys'],
  requiredScopes: ['update:signing_keys'],
  responses: { 201: KeyReference },
});

export const revokeSigningKey = defineOperation({
  id: 'put_signing_keys',
  method: 'PUT',
  path: '/keys/signing/{kid}/revoke',
  tag: 'keys',
  summary: 'Revoke an application signing key by its key id',
  description: 'Only a key that is neither current nor next; tokens signed by it are refused from then on.',
  scopes: ['update:signing_keys'],
  parameters: KeyId,
  responses: { 200: KeyReference },
  errors: [404],
});
