import { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type SigningKey, toPkcs7, toRawPem } from '../tenant/index.ts';

/** Registers the downloads of the certificate that tokens are verified by now (spec authentication §1.13). */
export function registerCertificate(
  server: FastifyInstance,
  getKeys: () => Promise<readonly SigningKey[]>,
): void {
  const forms: Readonly<Record<string, (certificate: X509Certificate, reply: FastifyReply) => unknown>> = {
    '/pem': (certificate, reply) => reply.type('application/x-pem-file').send(certificate.toString()),
    '/cer': (certificate, reply) => reply.type('application/x-x509-ca-cert').send(certificate.raw),
    '/rawpem': (certificate, reply) => reply.type('text/plain').send(toRawPem(certificate)),
    '/pb7': async (certificate, reply) =>
      reply.type('application/x-pkcs7-certificates').send(await toPkcs7(certificate)),
    '/fingerprint': (certificate, reply) => reply.type('text/plain').send(certificate.fingerprint),
  };
  for (const [path, send] of Object.entries(forms)) {
    server.get(path, async (_request, reply) => {
      const current = (await getKeys()).find(({ status }) => status === 'current');
      const [encoded] = current?.publicJwk.x5c ?? [];
      if (encoded === undefined) throw new Error('the current key has no certificate');
      return send(new X509Certificate(Buffer.from(encoded, 'base64')), reply);
    });
  }
}
