/**
 * An API's identifier may be any text, a resource indicator must be an absolute URI (RFC 8707 §2): inside
 * `oidc-provider` every audience travels as a URN.
 */
const prefix = 'urn:muster:api:';

export function toResource(audience: string): string {
  return prefix + Buffer.from(audience).toString('base64url');
}

export function fromResource(resource: string): string {
  return resource.startsWith(prefix)
    ? Buffer.from(resource.slice(prefix.length), 'base64url').toString('utf8')
    : resource;
}
