import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** Encrypts what must be readable again: client secrets, signing keys, provider tokens. */
export interface SecretBox {
  /** AES-256-GCM: version byte, 12-byte nonce, 16-byte tag, ciphertext. `context` must be the same to decrypt. */
  encrypt(plaintext: string, context: string): Buffer;
  /** Throws when the key or the context is another, or the bytes were changed. */
  decrypt(sealed: Buffer, context: string): string;
  /** HMAC-SHA-256 by a key of its own for each `context`: what was handed out can be told from what was made up. */
  sign(text: string, context: string): Buffer;
  /** Tells keys apart without revealing them; kept in the database to notice a wrong `MUSTER_SECRET_KEY`. */
  readonly fingerprint: string;
}

const version = 1;

/** @param secretKey any text of 32 characters or more; stretched by HKDF-SHA-256 */
export function createSecretBox(secretKey: string): SecretBox {
  const bytes = Buffer.from(hkdfSync('sha256', secretKey, '', 'muster secret box v1', 32));
  // Made once: from bytes it would be made anew for every secret.
  const key = createSecretKey(bytes);
  return {
    encrypt(plaintext, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body]);
    },
    decrypt(sealed, context) {
      if (sealed[0] !== version) throw new Error(`unknown secret box version ${sealed[0]}`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(
        Buffer.from(context),
      );
      decipher.setAuthTag(sealed.subarray(13, 29));
      return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
    },
    sign(text, context) {
      const signingKey = Buffer.from(hkdfSync('sha256', secretKey, '', `muster signature v1 ${context}`, 32));
      return createHmac('sha256', signingKey).update(text).digest();
    },
    fingerprint: createHash('sha256').update('fingerprint').update(bytes).digest('hex').slice(0, 16),
  };
}
