const mask = '*****';

/** Words that make what they name a secret, wherever they stand in a name: `client_secret`, `passwordConfirmation`. */
const secretAnywhere =
  /secret|passw(?!ordless)|passphrase|passcode|private_?key|api_?key|authorization|assertion|credential|connection_string/;

/** Words that do so at a name's end: `access_token`, `sasKey`, `smtp_pass`, `pem`. */
const secretAtEnd =
  /(^|_)(pass|pwd|tokens?|jwt|otp|totp|pin|cvv|ssn|seed|salt|hash|pem|p12|pfx|pkcs12|keys?|cookies?|dsn)$|(access|refresh|id|auth|bearer)tokens?$/;

/** One-time codes; a country's or a status' code is none. */
const oneTimeCode =
  /(^|_)(recovery|verification|confirmation|activation|backup|binding|user|device|oob|mfa|auth)_?codes?$/;

/** Links that act for whoever opens them. */
const liveLink = /^(ticket|ticket_url|invitation_url|reset_url|verification_url|link)$/;

/** Names that hold a choice, a place or a time although a word of theirs says secret. */
const harmless =
  /_(at|date|reset|type|method|policy|endpoint|urls?|uris?|alg|algorithm|enc|format|dialect|lifetime|expiry|id|mode)$|^(public|site|partition|sort|primary|foreign)_keys?$/;

/** Everything below these is a secret: `custom_password_hash.hash.value`, the settings of a user's scripts. */
const secretObject = /(^|_)(hash|salt|secrets|configuration)$/;

/** A number under these names is a secret as well; a token's lifetime is none. */
const secretNumber = /(^|_)(otp|totp|pin|cvv|ssn|pass|pwd|passw[a-z]*|passcode|secret|code)$/;

/** Members of a JSON Web Key that are its private part (RFC 7518 §6). */
const privateKeyMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']);

/** Signed tokens, private keys and password hashes (crypt(5) formats), whatever they are called. */
const secretText =
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----|^\$(2[abxy]?|argon2\w*|pbkdf2[\w-]*|scrypt|1|5|6|7|y)\$/;

/** What labels the `value` beside it: `{ header: 'Authorization', value: … }`. */
const labelNames = ['name', 'header', 'key', 'field'];

interface Verdict {
  readonly text: boolean;
  readonly number: boolean;
  readonly everything: boolean;
}

/**
 * A copy in which every text under a secret's name is `*****`, at any depth; so are private parts of JSON Web
 * Keys, and signed tokens, PEM private keys and password hashes under any name. Booleans stay, and numbers
 * unless they can only be a code or a password: a token's lifetime is no secret. `''` stays: it says that there
 * is none. Where a body's property names are the caller's own and all values secret, do not log the body.
 */
export function maskSecrets(value: unknown, name = ''): unknown {
  return maskValue(value, judgeName(name));
}

function maskValue(value: unknown, verdict: Verdict): unknown {
  if (typeof value === 'string')
    return value !== '' && (verdict.text || secretText.test(value)) ? mask : value;
  if (typeof value === 'number') return verdict.number ? mask : value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, verdict));
  if (typeof value !== 'object' || value === null) return value;
  const isSecret = verdict.everything ? () => true : findSecretMembers(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      maskValue(inner, isSecret(key) ? secretEverything : judgeName(key)),
    ]),
  );
}

/** Members that the shape of their object makes secret, rather than their name. */
function findSecretMembers(object: object): (key: string) => boolean {
  if ('kty' in object && typeof object.kty === 'string') return (key) => privateKeyMembers.has(key);
  if (!('value' in object)) return () => false;
  const isLabelledSecret = labelNames.some((name) => {
    const label: unknown = Reflect.get(object, name);
    return typeof label === 'string' && label.length < 200 && judgeName(label).text;
  });
  return (key) => key === 'value' && isLabelledSecret;
}

const secretEverything: Verdict = { text: true, number: true, everything: true };

/** Names repeat from write to write; beyond this many (metadata can have any) they are judged afresh. */
const rememberedNames = 5000;
const verdicts = new Map<string, Verdict>();

function judgeName(name: string): Verdict {
  const known = verdicts.get(name);
  if (known) return known;
  const verdict = judge(toSnakeCase(name));
  if (verdicts.size < rememberedNames) verdicts.set(name, verdict);
  return verdict;
}

function judge(name: string): Verdict {
  if (secretObject.test(name)) return secretEverything;
  if (harmless.test(name) && !liveLink.test(name)) return { text: false, number: false, everything: false };
  const text =
    secretAnywhere.test(name) || secretAtEnd.test(name) || oneTimeCode.test(name) || liveLink.test(name);
  return { text, number: text && secretNumber.test(name), everything: false };
}

/** `storageAccessKey`, `X-Api-Key`, `MFACode` → `storage_access_key`, `x_api_key`, `mfa_code`. */
function toSnakeCase(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}
