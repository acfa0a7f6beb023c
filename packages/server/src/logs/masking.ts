const mask = '*****';

/** Names of properties whose text is a secret wherever it stands in a request or a record. */
const secretName =
  /(^|_)(password|passwd|secret|token|otp|pin)$|secret|passw|private_?key|api_?key|access_?key|signing_?key|storageAccessKey|sasKey|^hash$|_hash$|^pem$|^key$|credential|authorization|_token$|p12|assertion/i;

/** Names that match the pattern above but hold a choice or a setting, not a secret. */
const harmlessNames = new Set([
  'passwordPolicy',
  'token_endpoint_auth_method',
  'token_dialect',
  'disable_self_service_change_password',
  'credential_type',
]);

/**
 * A copy in which every text under a secret's name is `*****`, at any depth. Numbers and booleans stay: a
 * token's lifetime is no secret. Values of a `configuration` object (script settings) are all masked.
 */
export function maskSecrets(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return secretName.test(name) && !harmlessNames.has(name) && value !== '' ? mask : value;
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, maskSecrets(inner, name === 'configuration' && typeof inner === 'string' ? 'secret' : key)]),
  );
}
