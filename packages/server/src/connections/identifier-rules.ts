/** What a database connection can know a person by. */
export const identifierKinds = ['email', 'phone_number', 'username'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** Whether people who sign up give it. */
export type SignUpRule = 'required' | 'optional' | 'inactive';

/** How a database connection treats identifiers (spec authentication-and-extensibility §3.6). */
export interface IdentifierRules {
  readonly atSignUp: Readonly<Record<IdentifierKind, SignUpRule>>;
  /** Those that people sign in with; where one text fits two users' different ones, the earlier kind wins. */
  readonly forSignIn: readonly IdentifierKind[];
  /** Whether a username may have the form of an e-mail address, and of a phone number. */
  readonly usernameForms: { readonly email: boolean; readonly phoneNumber: boolean };
}

type Options = Readonly<Record<string, unknown>>;

/** Reads both ways to say it: `requires_username`, and the newer `attributes` with `precedence`. Pure. */
export function parseIdentifierRules(options: Options): IdentifierRules {
  const attributes = object(options['attributes']);
  if (Object.keys(attributes).length === 0) {
    const hasUsername = options['requires_username'] === true;
    return {
      atSignUp: {
        email: 'required',
        username: hasUsername ? 'required' : 'inactive',
        phone_number: 'inactive',
      },
      forSignIn: hasUsername ? ['email', 'username'] : ['email'],
      usernameForms: { email: false, phoneNumber: true },
    };
  }
  const rule = (kind: IdentifierKind) => parseSignUpRule(attributes[kind]);
  const types = object(object(object(attributes['username'])['validation'])['allowed_types']);
  return {
    atSignUp: { email: rule('email'), username: rule('username'), phone_number: rule('phone_number') },
    forSignIn: parsePrecedence(options['precedence']).filter(
      (kind) => object(object(attributes[kind])['identifier'])['active'] === true,
    ),
    usernameForms: { email: types['email'] === true, phoneNumber: types['phone_number'] === true },
  };
}

function parseSignUpRule(attribute: unknown): SignUpRule {
  if (typeof attribute !== 'object' || attribute === null) return 'inactive';
  const { profile_required: isRequired, signup } = object(attribute);
  const status = object(signup)['status'];
  if (isRequired === true || status === 'required') return 'required';
  return status === 'inactive' ? 'inactive' : 'optional';
}

function parsePrecedence(value: unknown): readonly IdentifierKind[] {
  const named: readonly unknown[] = Array.isArray(value) ? value : [];
  const known = named.flatMap((name) => identifierKinds.filter((kind) => kind === name));
  return [...new Set([...known, ...identifierKinds])];
}

function object(value: unknown): Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
