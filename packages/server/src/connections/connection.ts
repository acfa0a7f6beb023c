import { kindOfStrategy, type StrategyKind } from '@muster/contract';
import { type IdentifierRules, parseIdentifierRules } from './identifier-rules.ts';

export type ConnectionKind = StrategyKind | 'custom-database';
export type CharacterType = 'lowercase' | 'uppercase' | 'number' | 'special';

/** What a new password is held against; made of the legacy options or of `password_options`. */
export interface PasswordPolicy {
  /** UTF-16 code units. */
  readonly minimumLength: number;
  /** UTF-8 bytes. */
  readonly maximumBytes?: number;
  readonly characterTypes: readonly CharacterType[];
  readonly requiredCharacterTypes: number;
  readonly refusesIdenticalCharacters: boolean;
  readonly refusesSequentialCharacters: boolean;
  readonly dictionary?: { readonly size: 10_000 | 100_000; readonly words: readonly string[] };
  /** How many of the last passwords, the current one included, are refused; 0: none. */
  readonly historySize: number;
  readonly refusesPersonalData: boolean;
  /** Whose values a password may not contain, where the connection names them: `nickname`, `user_metadata.pet`. */
  readonly personalFields?: readonly string[];
}

/** What the rest of the server reads of `options`; see `parseConnectionOptions`. */
export interface ParsedOptions {
  readonly requiresEmail: boolean;
  readonly requiresUsername: boolean;
  readonly requiresPhoneNumber: boolean;
  readonly requiresPassword: boolean;
  readonly allowsUsername: boolean;
  readonly isEmailUnique: boolean;
  readonly usernameLength: { readonly min: number; readonly max: number };
  readonly passwordPolicy: PasswordPolicy;
  readonly setUserRootAttributes: 'on_each_login' | 'on_first_login' | 'never_on_login';
  readonly importMode: boolean;
  readonly disablesSignup: boolean;
  /** Hides "forgot password" on the hosted pages. */
  readonly disablesPasswordReset: boolean;
  readonly identifiers: IdentifierRules;
  /** Whether wrong passwords are counted here, as far as the tenant's settings let them. */
  readonly protectsFromBruteForce: boolean;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly kind: ConnectionKind;
  readonly isSocial: boolean;
  /** Whether any application may use it. */
  readonly isEnabled: boolean;
  readonly options: ParsedOptions;
}

type Options = Readonly<Record<string, unknown>>;

/** Reads the options of a connection of any strategy. Pure; unknown or missing parts take the documented defaults. */
export function parseConnectionOptions(options: Options): ParsedOptions {
  const attributes = object(options['attributes']);
  const usesAttributes = Object.keys(attributes).length > 0;
  const email = object(attributes['email']);
  const username = object(attributes['username']);
  const phone = object(attributes['phone_number']);
  const isIdentifier = (attribute: Options) => object(attribute['identifier'])['active'] === true;
  const isRequired = (attribute: Options) =>
    attribute['profile_required'] === true || object(attribute['signup'])['status'] === 'required';
  const password = object(object(options['authentication_methods'])['password']);
  return {
    requiresEmail: usesAttributes ? isRequired(email) : true,
    requiresUsername: usesAttributes ? isRequired(username) : options['requires_username'] === true,
    requiresPhoneNumber: usesAttributes && isRequired(phone),
    requiresPassword: password['api_behavior'] !== 'optional' && password['enabled'] !== false,
    allowsUsername: usesAttributes
      ? isIdentifier(username) || isRequired(username)
      : options['requires_username'] === true,
    isEmailUnique: email['unique'] !== false,
    usernameLength: parseUsernameLength(options, username),
    passwordPolicy: parsePasswordPolicy(options),
    setUserRootAttributes: parseSync(options['set_user_root_attributes']),
    importMode: options['import_mode'] === true,
    disablesSignup: options['disable_signup'] === true,
    disablesPasswordReset: options['disable_self_service_change_password'] === true,
    identifiers: parseIdentifierRules(options),
    protectsFromBruteForce: options['brute_force_protection'] !== false,
  };
}

/** Databases with scripts of their own are a kind of their own: what may be edited there differs. */
export function kindOfConnection(strategy: string, options: Options): ConnectionKind {
  if (strategy === 'auth0' && options['enabledDatabaseCustomization'] === true) return 'custom-database';
  return kindOfStrategy(strategy) ?? 'enterprise';
}

const defaultUsernameLength = { min: 1, max: 15 };
const hardMaximum = 128;

function parseUsernameLength(options: Options, attribute: Options): { min: number; max: number } {
  const legacy = object(object(options['validation'])['username']);
  const validation = object(attribute['validation']);
  const min = integer(validation['min_length']) ?? integer(legacy['min']) ?? defaultUsernameLength.min;
  const max = integer(validation['max_length']) ?? integer(legacy['max']) ?? defaultUsernameLength.max;
  return { min, max: Math.min(max, hardMaximum) };
}

function parseSync(value: unknown): ParsedOptions['setUserRootAttributes'] {
  return value === 'on_first_login' || value === 'never_on_login' ? value : 'on_each_login';
}

const allTypes: readonly CharacterType[] = ['lowercase', 'uppercase', 'number', 'special'];

/** The levels of spec extensions-and-protection §5.8. */
const levels = {
  none: {
    minimumLength: 1,
    characterTypes: [],
    requiredCharacterTypes: 0,
    refusesIdenticalCharacters: false,
  },
  low: { minimumLength: 6, characterTypes: [], requiredCharacterTypes: 0, refusesIdenticalCharacters: false },
  fair: {
    minimumLength: 8,
    characterTypes: ['lowercase', 'uppercase', 'number'],
    requiredCharacterTypes: 3,
    refusesIdenticalCharacters: false,
  },
  good: {
    minimumLength: 8,
    characterTypes: allTypes,
    requiredCharacterTypes: 3,
    refusesIdenticalCharacters: false,
  },
  excellent: {
    minimumLength: 10,
    characterTypes: allTypes,
    requiredCharacterTypes: 3,
    refusesIdenticalCharacters: true,
  },
} as const;

function parsePasswordPolicy(options: Options): PasswordPolicy {
  return options['password_options'] === undefined
    ? parseLegacyPolicy(options)
    : parseModernPolicy(object(options['password_options']));
}

function parseLegacyPolicy(options: Options): PasswordPolicy {
  const name = options['passwordPolicy'];
  const level =
    name === 'low' || name === 'fair' || name === 'good' || name === 'excellent' ? levels[name] : levels.none;
  const dictionary = object(options['password_dictionary']);
  const history = object(options['password_history']);
  return {
    ...level,
    // Overrides the level's own length, also downwards.
    minimumLength:
      integer(object(options['password_complexity_options'])['min_length']) ?? level.minimumLength,
    refusesSequentialCharacters: false,
    ...(dictionary['enable'] === true
      ? { dictionary: { size: 10_000 as const, words: texts(dictionary['dictionary']) } }
      : {}),
    historySize: history['enable'] === true ? (integer(history['size']) ?? 5) : 0,
    refusesPersonalData: object(options['password_no_personal_info'])['enable'] === true,
  };
}

function parseModernPolicy(options: Options): PasswordPolicy {
  const complexity = object(options['complexity']);
  const dictionary = object(options['dictionary']);
  const history = object(options['history']);
  const isThreeOfFour = complexity['character_type_rule'] === 'three_of_four';
  const characterTypes = isThreeOfFour
    ? allTypes
    : allTypes.filter((type) => texts(complexity['character_types']).includes(type));
  return {
    minimumLength: integer(complexity['min_length']) ?? 1,
    ...(complexity['max_length_exceeded'] === 'error' ? { maximumBytes: 72 } : {}),
    characterTypes,
    requiredCharacterTypes: isThreeOfFour ? 3 : characterTypes.length,
    refusesIdenticalCharacters: complexity['identical_characters'] === 'block',
    refusesSequentialCharacters: complexity['sequential_characters'] === 'block',
    ...(dictionary['active'] === true
      ? {
          dictionary: {
            size: dictionary['default'] === 'en_100k' ? (100_000 as const) : (10_000 as const),
            words: texts(dictionary['custom']),
          },
        }
      : {}),
    historySize: history['active'] === true ? (integer(history['size']) ?? 3) : 0,
    ...parseProfileData(object(options['profile_data'])),
  };
}

function parseProfileData(
  profileData: Options,
): Pick<PasswordPolicy, 'refusesPersonalData' | 'personalFields'> {
  const personalFields = texts(profileData['blocked_fields']);
  return {
    refusesPersonalData: profileData['active'] === true,
    ...(personalFields.length > 0 ? { personalFields } : {}),
  };
}

function object(value: unknown): Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function integer(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
