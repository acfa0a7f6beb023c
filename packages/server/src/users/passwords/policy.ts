import type { PasswordPolicy } from '../../connections/index.ts';

/** One line of the verdict, as sign-up widgets show it (spec extensions-and-protection §5.8). */
export interface PasswordRule {
  readonly code: string;
  /** A template; `format` fills its placeholders in order. */
  readonly message: string;
  readonly format?: readonly (number | string)[];
  readonly verified: boolean;
  readonly items?: readonly PasswordRule[];
}

export interface StrengthVerdict {
  readonly rules: readonly PasswordRule[];
  readonly verified: boolean;
}

/** Every rule of the policy's strength, each with whether the password keeps it. Pure. */
export function judgeStrength(password: string, policy: PasswordPolicy): StrengthVerdict {
  const rules = [
    ...lengthRules(password, policy),
    ...compositionRules(password, policy),
    ...repetitionRules(password, policy),
  ];
  return { rules, verified: rules.every((rule) => rule.verified) };
}

function lengthRules(password: string, policy: PasswordPolicy): PasswordRule[] {
  const rules: PasswordRule[] = [
    policy.minimumLength <= 1
      ? { code: 'nonEmpty', message: 'Non-empty password required', verified: password.length > 0 }
      : {
          code: 'lengthAtLeast',
          message: 'At least %d characters in length',
          format: [policy.minimumLength],
          verified: password.length >= policy.minimumLength,
        },
  ];
  if (policy.maximumBytes !== undefined) {
    rules.push({
      code: 'maxLength',
      message: 'Maximum password length exceeded',
      format: [policy.maximumBytes],
      verified: Buffer.byteLength(password) <= policy.maximumBytes,
    });
  }
  return rules;
}

const characterTypes = {
  lowercase: { code: 'lowerCase', message: 'lower case letters (a-z)', pattern: /[a-z]/ },
  uppercase: { code: 'upperCase', message: 'upper case letters (A-Z)', pattern: /[A-Z]/ },
  number: { code: 'numbers', message: 'numbers (i.e. 0-9)', pattern: /[0-9]/ },
  special: {
    code: 'specialCharacters',
    message: 'special characters (e.g. !@#$%^&*)',
    pattern: /[ !-/:-@[-`{-~]/,
  },
} as const;

function compositionRules(password: string, policy: PasswordPolicy): PasswordRule[] {
  if (policy.characterTypes.length === 0) return [];
  const items = policy.characterTypes.map((type): PasswordRule => {
    const { code, message, pattern } = characterTypes[type];
    return { code, message, verified: pattern.test(password) };
  });
  const kept = items.filter((item) => item.verified).length;
  return policy.requiredCharacterTypes >= items.length
    ? [{ code: 'shouldContain', message: 'Should contain:', verified: kept === items.length, items }]
    : [
        {
          code: 'containsAtLeast',
          message: 'Contain at least %d of the following %d types of characters:',
          format: [policy.requiredCharacterTypes, items.length],
          verified: kept >= policy.requiredCharacterTypes,
          items,
        },
      ];
}

function repetitionRules(password: string, policy: PasswordPolicy): PasswordRule[] {
  const rules: PasswordRule[] = [];
  if (policy.refusesIdenticalCharacters) {
    rules.push({
      code: 'identicalChars',
      message: 'No more than %d identical characters in a row (e.g., "%s" not allowed)',
      format: [2, 'aaa'],
      verified: !/(.)\1\1/su.test(password),
    });
  }
  if (policy.refusesSequentialCharacters) {
    rules.push({
      code: 'sequentialChars',
      message: 'No more than %d sequential alphanumeric characters (e.g., "%s" not allowed)',
      format: [2, 'abc'],
      verified: !hasSequence(password),
    });
  }
  return rules;
}

/** Three ASCII letters of one case, or digits, up or down in a row; no wrap from z to a. */
function hasSequence(password: string): boolean {
  const kind = (code: number) =>
    code >= 48 && code <= 57 ? 1 : code >= 65 && code <= 90 ? 2 : code >= 97 && code <= 122 ? 3 : 0;
  for (let index = 2; index < password.length; index++) {
    const [first, second, third] = [
      password.charCodeAt(index - 2),
      password.charCodeAt(index - 1),
      password.charCodeAt(index),
    ];
    const isOneKind = kind(first) !== 0 && kind(first) === kind(second) && kind(second) === kind(third);
    const step = second - first;
    if (isOneKind && Math.abs(step) === 1 && third - second === step) return true;
  }
  return false;
}

/** What the personal-data rule looks at. */
export interface PersonalData {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly username?: string | undefined;
  readonly nickname?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly phoneNumber?: string | undefined;
  readonly userMetadata?: Readonly<Record<string, unknown>> | undefined;
}

/** The fields that the rule looks at where a connection names none (spec extensions-and-protection §5.8). */
const usualFields = [
  'name',
  'username',
  'nickname',
  'email',
  'user_metadata.name',
  'user_metadata.first',
  'user_metadata.last',
];

/**
 * Whether the password contains, whatever the case, one of the person's own values of three characters or more. Of an
 * e-mail address it is the part before the `@`.
 * @param fields names as on the wire, `user_metadata.` with a key among them; unknown ones have no value
 */
export function containsPersonalData(
  password: string,
  person: PersonalData,
  fields: readonly string[] = usualFields,
): boolean {
  const folded = password.toLowerCase();
  return fields
    .map((field) => personalValue(person, field))
    .some((value) => typeof value === 'string' && value.length >= 3 && folded.includes(value.toLowerCase()));
}

function personalValue(person: PersonalData, field: string): unknown {
  const [, key] = /^user_metadata\.(.+)$/s.exec(field) ?? [];
  if (key !== undefined)
    return person.userMetadata && Object.hasOwn(person.userMetadata, key)
      ? person.userMetadata[key]
      : undefined;
  switch (field) {
    case 'email':
      return person.email?.slice(0, person.email.lastIndexOf('@'));
    case 'name':
      return person.name;
    case 'username':
      return person.username;
    case 'nickname':
      return person.nickname;
    case 'given_name':
      return person.givenName;
    case 'family_name':
      return person.familyName;
    case 'phone_number':
      return person.phoneNumber;
    default:
      return undefined;
  }
}

/** The verdict as lines of text, for people. */
export function describeRules(rules: readonly PasswordRule[]): string {
  return rules
    .flatMap((rule) => [
      `* ${fillTemplate(rule)}`,
      ...(rule.items ?? []).map((item) => ` * ${fillTemplate(item)}`),
    ])
    .join('\n');
}

/** Fills the `%d` and `%s` of a rule's message in order. */
function fillTemplate({ message, format = [] }: PasswordRule): string {
  let next = 0;
  return message.replaceAll(/%[ds]/g, (placeholder) => String(format[next++] ?? placeholder));
}
