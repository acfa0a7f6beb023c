import { createHash, randomBytes, webcrypto } from 'node:crypto';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { loadX509 } from './load-x509.ts';
import type { KeyStatus, SigningKeyRecord } from './store.ts';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
} as const;
const certificateYears = 14;

export type NewSigningKey = Pick<
  SigningKeyRecord,
  'kid' | 'algorithm' | 'public_jwk' | 'certificate' | 'private_key' | 'status'
>;

/** The context under which a key's private part is encrypted. */
export const privateKeyContext = (kid: string) => `signing_keys:${kid}`;

/** Makes an RS256 key with a self-signed certificate for the public host; the private part leaves encrypted. */
export async function makeSigningKey(
  secrets: SecretBox,
  publicUrl: string,
  status: KeyStatus,
): Promise<NewSigningKey> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const kid = randomBytes(16).toString('base64url').slice(0, 21);
  const now = Date.now();
  const { X509CertificateGenerator } = await loadX509();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${new URL(publicUrl).hostname}`,
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(now),
      notAfter: new Date(now + certificateYears * 365.25 * 86_400_000),
      serialNumber: randomBytes(8).toString('hex'),
    },
    webcrypto,
  );
  const { kty, n, e } = await webcrypto.subtle.exportKey('jwk', keys.publicKey);
  const {
    key_ops: _operations,
    ext: _extractable,
    ...privateJwk
  } = await webcrypto.subtle.exportKey('jwk', keys.privateKey);
  const raw = Buffer.from(certificate.rawData);
  return {
    kid,
    algorithm: 'RS256',
    public_jwk: {
      kty,
      use: 'sig',
      n,
      e,
      kid,
      x5t: createHash('sha1').update(raw).digest('base64url'),
      x5c: [raw.toString('base64')],
      alg: 'RS256',
    },
    certificate: certificate.toString('pem'),
    private_key: secrets.encrypt(JSON.stringify(privateJwk), privateKeyContext(kid)),
    status,
  };
}
