import { type TObject, type TProperties, Type } from 'typebox';
import { closed, oneOf, optional } from '../schema-parts.ts';

/*
 * `custom_password_hash` of import files (spec users-and-search §9.3): one schema for each algorithm. What stands in
 * `hash.value` is checked by the importer.
 */

const longest = 4096;
const text = (description: string) => Type.String({ minLength: 1, maxLength: longest, description });

const anyEncoding = oneOf(['base64', 'hex', 'utf8'] as const);
const binaryEncoding = oneOf(
  ['base64', 'hex'] as const,
  'Either case; base64 may be url-safe, with padding or without.',
);
const utf8 = optional(oneOf(['utf8'] as const));

const password = optional(
  Type.Object(
    { encoding: optional(oneOf(['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary'] as const)) },
    { ...closed, description: 'How the typed password becomes bytes; default utf8.' },
  ),
);
const salt = Type.Object(
  {
    value: Type.String({ maxLength: longest }),
    encoding: optional(anyEncoding),
    position: optional(oneOf(['prefix', 'suffix'] as const, 'Default prefix.')),
  },
  closed,
);
/** A hash that is a text with its own parameters in it. */
const textHash = Type.Object({ value: text('The hash with its parameters.'), encoding: utf8 }, closed);
const binaryHash = Type.Object({ value: text('The digest.'), encoding: binaryEncoding }, closed);

const hmacDigests = [
  'md4',
  'md5',
  'ripemd160',
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'whirlpool',
] as const;

function define<P extends TProperties>(algorithm: string, properties: P, description: string): TObject {
  return Type.Object(
    { algorithm: oneOf([algorithm] as const), ...properties, password },
    { ...closed, description },
  );
}

const plainDigest = (algorithm: string) =>
  define(
    algorithm,
    { hash: binaryHash, salt: optional(salt) },
    `${algorithm} of the password, with the salt before or behind it.`,
  );

/** By name of the algorithm; those behind `scrypt` are beyond the reference. */
export const customPasswordHashes: Readonly<Record<string, TObject>> = {
  argon2: define('argon2', { hash: textHash }, 'A PHC string of argon2i, argon2d or argon2id.'),
  bcrypt: define(
    'bcrypt',
    { hash: textHash, salt: optional(salt) },
    'A `$2a$`, `$2b$` or `$2y$` string; a salt is put before or behind the password and counts to its 72 bytes.',
  ),
  hmac: define(
    'hmac',
    {
      hash: Type.Object(
        {
          value: text('The code.'),
          encoding: binaryEncoding,
          digest: oneOf(hmacDigests),
          key: Type.Object({ value: text('The key.'), encoding: optional(anyEncoding) }, closed),
        },
        closed,
      ),
      salt: optional(salt),
    },
    'An HMAC of the password.',
  ),
  ldap: define(
    'ldap',
    { hash: textHash },
    'An RFC 2307 string: {MD5}, {SMD5}, {SHA}, {SSHA}, {SHA256}, {SSHA256}, {SHA384}, {SSHA384}, {SHA512}, {SSHA512}.',
  ),
  md4: plainDigest('md4'),
  md5: plainDigest('md5'),
  sha1: plainDigest('sha1'),
  sha256: plainDigest('sha256'),
  sha512: plainDigest('sha512'),
  pbkdf2: define(
    'pbkdf2',
    { hash: textHash },
    'A PHC string `$pbkdf2-<digest>$i=<iterations>,l=<bytes>$<salt>$<hash>`, base64 without padding.',
  ),
  scrypt: define(
    'scrypt',
    {
      hash: binaryHash,
      salt: optional(salt),
      keylen: Type.Integer({ minimum: 1, maximum: 1024 }),
      cost: optional(Type.Integer({ minimum: 2, description: 'A power of 2; default 16384.' })),
      blockSize: optional(Type.Integer({ minimum: 1, description: 'Default 8.' })),
      parallelization: optional(Type.Integer({ minimum: 1, description: 'Default 1.' })),
    },
    'scrypt; `salt` is its salt.',
  ),
  'firebase-scrypt': define(
    'firebase-scrypt',
    {
      hash: binaryHash,
      salt: Type.Object({ value: text('Salt of the user.'), encoding: optional(anyEncoding) }, closed),
      signer_key: text('Key of the project, base64.'),
      salt_separator: Type.String({ maxLength: longest, description: 'Of the project, base64.' }),
      rounds: Type.Integer({ minimum: 1, maximum: 32 }),
      mem_cost: Type.Integer({ minimum: 1, maximum: 32, description: 'log2 of the cost.' }),
    },
    'As Firebase Authentication exports it; the parameters are those of its project.',
  ),
  phpass: define('phpass', { hash: textHash }, 'A `$P$` or `$H$` string: phpBB and other PHP systems.'),
  wordpress: define(
    'wordpress',
    { hash: textHash },
    'Any string of WordPress: `$wp$2y$` (6.8 and later), `$P$`, or plain bcrypt.',
  ),
  drupal: define('drupal', { hash: textHash }, 'A `$S$` or `U$S$` string of Drupal 7 and later.'),
  django: define(
    'django',
    { hash: textHash },
    'A string of Django: pbkdf2_sha256, pbkdf2_sha1, argon2, bcrypt_sha256, bcrypt, scrypt, sha1, md5.',
  ),
};

/** Any of them, for the documents. */
export const CustomPasswordHash = Type.Union(Object.values(customPasswordHashes));
