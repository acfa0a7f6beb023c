import { SignJWT } from 'jose';
import { createSecretBox } from '../../src/platform/secrets/secret-box.ts';
import { loadSigningKeys } from '../../src/tenant/index.ts';
import { testSecretKey } from './test-config.ts';
import type { TestServer } from './test-server.ts';

/** A token for the Management API whose subject is a user, signed with the tenant's key. */
export async function signUserToken(
  server: TestServer,
  token: {
    readonly subject: string;
    readonly clientId: string;
    readonly scopes: readonly string[];
    readonly audience?: string;
  },
): Promise<string> {
  const [key] = await loadSigningKeys(server.database, createSecretBox(testSecretKey));
  if (!key) throw new Error('no signing key');
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { publicUrl } = server.config;
  return new SignJWT({ azp: token.clientId, scope: token.scopes.join(' ') })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuer(`${publicUrl}/`)
    .setAudience(token.audience ?? [`${publicUrl}/api/v2/`, `${publicUrl}/userinfo`])
    .setSubject(token.subject)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await crypto.subtle.importKey('jwk', key.privateJwk, algorithm, false, ['sign']));
}
