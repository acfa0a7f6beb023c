import { kindOfConnection } from './connection.ts';
import { ConflictingOptionsError } from './errors.ts';

type Options = Readonly<Record<string, unknown>>;

/**
 * What the server fills in beside the options that were sent (spec management-api §1.9). Runs at creation and
 * again after every replacement of `options`.
 */
export function withDefaultOptions(
  strategy: string,
  options: Options,
  occasion: 'creation' | 'replacement',
): Options {
  if (strategy === 'auth0') return withDatabaseDefaults(options, occasion);
  if (strategy === 'sms' || strategy === 'email') return { brute_force_protection: true, ...options };
  return options;
}

function withDatabaseDefaults(options: Options, occasion: 'creation' | 'replacement'): Options {
  const passwordPolicy =
    options['password_options'] === undefined && occasion === 'creation' ? { passwordPolicy: 'good' } : {};
  const creation =
    occasion === 'creation'
      ? { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 }
      : {};
  return {
    ...creation,
    ...passwordPolicy,
    brute_force_protection: true,
    authentication_methods: { password: { enabled: true }, passkey: { enabled: false } },
    passkey_options: {
      challenge_ui: 'both',
      progressive_enrollment_enabled: true,
      local_enrollment_enabled: true,
    },
    ...options,
  };
}

/**
 * Refuses options that exclude each other.
 * @throws ConflictingOptionsError with the documented text
 */
export function assertConsistentOptions(strategy: string, options: Options): void {
  const kind = kindOfConnection(strategy, options);
  if (options['set_user_root_attributes'] !== undefined && (kind === 'database' || kind === 'passwordless')) {
    throw new ConflictingOptionsError(
      'options.set_user_root_attributes is only for enterprise, social and own-database connections',
    );
  }
  const attributes = options['attributes'];
  if (typeof attributes === 'object' && attributes !== null) {
    if (options['requires_username'] !== undefined) {
      throw new ConflictingOptionsError('Cannot set both options.attributes and options.requires_username');
    }
    if (options['validation'] !== undefined)
      throw new ConflictingOptionsError('Cannot set both options.attributes and options.validation');
    const entries = Object.entries(attributes);
    const isActive = (attribute: unknown) => read(read(attribute, 'identifier'), 'active') === true;
    if (!entries.some(([, attribute]) => isActive(attribute))) {
      throw new ConflictingOptionsError('attributes must contain one active identifier');
    }
    for (const [name, attribute] of entries) {
      if (
        read(attribute, 'profile_required') === true &&
        read(read(attribute, 'signup'), 'status') === 'inactive'
      ) {
        throw new ConflictingOptionsError(`attribute ${name} must also be required on signup`);
      }
    }
  }
  const window = read(options['validation'], 'username');
  const [min, max] = [read(window, 'min'), read(window, 'max')];
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    throw new ConflictingOptionsError(
      'options.validation.username.min must not be greater than options.validation.username.max',
    );
  }
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
