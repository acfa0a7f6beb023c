import type { CustomHash, Salt } from './stored-hash.ts';

/** Bytes of a text in one of the encodings of import files. */
export function decode(text: { readonly value: string; readonly encoding?: string | undefined }): Buffer {
  switch (text.encoding) {
    case 'hex':
      return Buffer.from(text.value, 'hex');
    case 'base64':
      return Buffer.from(text.value, 'base64');
    default:
      return Buffer.from(text.value, 'utf8');
  }
}

/** Whether the text is what its encoding says; Node reads the good part of a bad one. */
export function isEncoded(text: { readonly value: string; readonly encoding?: string | undefined }): boolean {
  switch (text.encoding) {
    case 'hex':
      return /^([0-9a-f]{2})+$/i.test(text.value);
    case 'base64':
      return isBase64(text.value);
    default:
      return true;
  }
}

/** Either alphabet, padded or not. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
}

/** What is hashed: the password's bytes with the salt before or behind them. */
export function toHashedBytes(password: string, { password: options, salt }: CustomHash): Buffer {
  return withSalt(Buffer.from(password, options?.encoding ?? 'utf8'), salt);
}

function withSalt(bytes: Buffer, salt: Salt | undefined): Buffer {
  if (!salt) return bytes;
  const added = decode(salt);
  return Buffer.concat(salt.position === 'suffix' ? [bytes, added] : [added, bytes]);
}

/** The alphabet of phpass and Drupal, whose bits are in another order than base64's. */
const cryptAlphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The number that a character of the crypt alphabet stands for; -1 for others. */
export function cryptNumber(character: string | undefined): number {
  return character === undefined || character === '' ? -1 : cryptAlphabet.indexOf(character);
}

/** Bytes in the crypt alphabet, low bits first. */
export function toCryptText(bytes: Buffer): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const bits = first | (second << 8) | (third << 16);
    const length = Math.min(4, Math.ceil(((bytes.length - index) * 8) / 6));
    for (let place = 0; place < length; place++) text += cryptAlphabet[(bits >> (6 * place)) & 0x3f] ?? '';
  }
  return text;
}
