/**
 * The named string formats of the contract, as predicates. The server's validator and any form that wants
 * the same verdict before sending use these.
 */
export const formats: Readonly<Record<string, (value: string) => boolean>> = {
  email: isEmail,
  'email-or-empty': (value) => value === '' || isEmail(value),
  uri: isAbsoluteUri,
  url: isHttpUrl,
  'url-or-null': isHttpUrl,
  'strict-uri': isAbsoluteUri,
  'absolute-uri-or-empty': (value) => value === '' || isAbsoluteUri(value),
  'absolute-https-uri-or-empty': (value) =>
    value === '' || (value.startsWith('https://') && isHttpUrl(value)),
  'absolute-https-uri-with-placeholders-or-empty': (value) =>
    value === '' || (value.startsWith('https://') && isHttpUrl(withoutPlaceholders(value))),
  'callback-url': isCallbackUrl,
  'url-with-placeholders': (value) => isCallbackUrl(value),
  'client-id': (value) => /^[A-Za-z0-9_-]{1,64}$/.test(value),
  'user-id': (value) => /^[^|]+\|.+$/.test(value),
  'connection-realm': (value) => value.length > 0 && value.length <= 255 && !/\s/.test(value),
  'date-time': (value) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  'host-name': isHostName,
  // An address as well; IPv6 without brackets.
  host: (value) =>
    isHostName(value) || (/^[0-9a-f:.]{2,45}$/i.test(value) && URL.canParse(`http://[${value}]`)),
  'ip-or-network': isAddressOrNetwork,
  'https-url': (value) => value.startsWith('https://') && isHttpUrl(value),
  'html-color': (value) => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value),
  acr: (value) => value.length > 0 && !/\s/.test(value),
};

/** RFC 5321 §4.5.3.1 lengths (local part 64, address 254) around a plain address: no comments, no quoted parts. */
function isEmail(value: string): boolean {
  if (value.length > 254) return false;
  const at = value.lastIndexOf('@');
  const local = value.slice(0, at);
  const domain = value.slice(at + 1);
  if (at < 1 || local.length > 64) return false;
  if (
    !/^[^\s@"(),:;<>[\\\]]+$/u.test(local) ||
    local.startsWith('.') ||
    local.endsWith('.') ||
    local.includes('..')
  )
    return false;
  return /^(?!-)[\p{L}\p{N}-]{1,63}(?<!-)(\.(?!-)[\p{L}\p{N}-]{1,63}(?<!-))+$/u.test(domain);
}

/** RFC 2181 §11 lengths; letters, digits and hyphens. Dotted IPv4 addresses fit as well. */
function isHostName(value: string): boolean {
  return value.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(value);
}

/** IPv4, IPv6, or either with a prefix length (RFC 4632). */
function isAddressOrNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const isVersion4 =
    /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address) && !/(^|\.)0\d/.test(address);
  const isVersion6 =
    /^[0-9a-f:.]{2,45}$/i.test(address) && address.includes(':') && URL.canParse(`http://[${address}]`);
  if (rest.length > 0 || (!isVersion4 && !isVersion6)) return false;
  return (
    prefix === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (isVersion4 ? 32 : 128))
  );
}

function isAbsoluteUri(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(value) && !/[\s<>"{}|\\^`]/.test(value) && URL.canParse(value);
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^/]/i.test(value) && URL.canParse(value);
}

/** A callback may be a custom scheme and carry one `*` label or an `{organization_name}` placeholder. */
function isCallbackUrl(value: string): boolean {
  const plain = withoutPlaceholders(value).replace('*', 'wildcard');
  return (
    /^[a-z][a-z0-9+.-]*:/i.test(plain) &&
    !/^(javascript|data|vbscript):/i.test(plain) &&
    !/\s/.test(plain) &&
    URL.canParse(plain)
  );
}

function withoutPlaceholders(value: string): string {
  return value.replaceAll(/\{[a-z_.]+\}/g, 'placeholder');
}
