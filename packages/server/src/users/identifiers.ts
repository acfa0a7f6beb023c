import { formats } from '@muster/contract';
import type { Connection } from '../connections/index.ts';
import { InvalidBodyError } from '../platform/http/errors.ts';

/** E-mail, username and phone as a connection stores them and tells people apart by them. */
export interface Identifiers {
  readonly email?: string;
  readonly username?: string;
  readonly phoneNumber?: string;
}

/** Stores kept by us compare without case, so they keep lower case; others keep what the provider sent. */
export function normalizeEmail(email: string, connection: Connection): string {
  return connection.kind === 'database' || connection.kind === 'passwordless' ? email.toLowerCase() : email;
}

/**
 * Lower-cases a username and holds it against the connection's rules: length window, plain ASCII letters,
 * digits and the documented punctuation, and not what would be ambiguous at sign-in: an e-mail address or, where phone
 * numbers are identifiers too, one of those, unless the connection allows it.
 * @throws InvalidBodyError
 */
export function normalizeUsername(username: string, connection: Connection): string {
  const { min, max } = connection.options.usernameLength;
  const length = [...username].length;
  if (length < min) throw refuseUsername(`String is too short (${length} chars), minimum ${min}`);
  if (length > max) throw refuseUsername(`String is too long (${length} chars), maximum ${max}`);
  const folded = username.toLowerCase();
  if (!/^[a-z0-9@^$.!`\-#+'~_]+$/.test(folded)) {
    throw refuseUsername("Username can only contain letters, digits and @ ^ $ . ! ` - # + ' ~ _");
  }
  const { usernameForms } = connection.options.identifiers;
  if (!usernameForms.email && formats['email']?.(folded))
    throw refuseUsername('Username must not be an email address');
  if (!usernameForms.phoneNumber && /^\+\d{1,15}$/.test(folded))
    throw refuseUsername('Username must not be a phone number');
  return folded;
}

/** What an identity is known by in its connection: the unique keys. */
export function uniqueIdentifiers(
  identifiers: Identifiers,
  connection: Connection,
): { emailIdentifier?: string; usernameIdentifier?: string; phoneIdentifier?: string } {
  // Social and enterprise providers vouch for their own ids; two of their accounts may share an address.
  if (connection.kind === 'social' || connection.kind === 'enterprise') return {};
  const isEmailUnique = connection.options.isEmailUnique && connection.strategy !== 'sms';
  return {
    ...(identifiers.email !== undefined && isEmailUnique
      ? { emailIdentifier: identifiers.email.toLowerCase() }
      : {}),
    ...(identifiers.username === undefined ? {} : { usernameIdentifier: identifiers.username.toLowerCase() }),
    ...(identifiers.phoneNumber === undefined ? {} : { phoneIdentifier: identifiers.phoneNumber }),
  };
}

function refuseUsername(detail: string): InvalidBodyError {
  return new InvalidBodyError(
    `Payload validation error: '${detail}' on property username (Username of this user).`,
  );
}
