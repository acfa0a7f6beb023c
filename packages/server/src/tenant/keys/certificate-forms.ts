import type { X509Certificate } from 'node:crypto';
import { loadX509 } from './load-x509.ts';

/** A certificate as programs that take a setting of one line want it: its base64 alone. */
export function toRawPem(certificate: X509Certificate): string {
  return certificate.raw.toString('base64');
}

/** PKCS #7 with the certificate and nothing signed (RFC 2315 §9.1), in PEM. */
export async function toPkcs7(certificate: X509Certificate): Promise<string> {
  const x509 = await loadX509();
  const bundle = new x509.X509Certificates(new x509.X509Certificate(certificate.raw));
  const encoded = Buffer.from(bundle.export('raw')).toString('base64');
  const lines = encoded.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PKCS7-----', ...lines, '-----END PKCS7-----', ''].join('\n');
}
