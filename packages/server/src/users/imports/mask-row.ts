/** Characters of JSON that are kept of a failed row; beyond, only what tells who it is about. */
const keptSize = 16_384;

const identifying = ['email', 'user_id', 'username', 'phone_number'];

/** A failed row as it may be shown: hashes and factors as `*****` (spec users-and-search §9.6). */
export function maskRow(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const masked = Object.fromEntries(
    Object.entries(source).map(([name, value]) => [name, isSecret(name) ? '*****' : value]),
  );
  if (JSON.stringify(masked).length <= keptSize) return masked;
  return Object.fromEntries(
    Object.entries(masked).filter(
      ([name, value]) => identifying.includes(name) && String(value).length <= 1000,
    ),
  );
}

function isSecret(name: string): boolean {
  return /password|hash|secret|mfa_factors|token/i.test(name);
}
