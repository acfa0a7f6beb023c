import { type TSchema, Type } from 'typebox';
import { closed, nullable, oneOf, optional } from '../schema-parts.ts';
import { strategies } from './strategies.ts';

const boolean = () => optional(Type.Boolean());

export const Strategy = oneOf(strategies, 'The identity provider identifier for the connection.');
export const ConnectionName = Type.String({
  maxLength: 128,
  minLength: 1,
  pattern: '^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$',
  description:
    'The name of the connection. Must start and end with an alphanumeric character and can only contain alphanumeric characters and hyphens.',
});

const usernameRange = Type.Object(
  { min: optional(Type.Integer({ minimum: 1 })), max: optional(Type.Integer({ minimum: 1, maximum: 128 })) },
  closed,
);
const signup = Type.Object(
  {
    status: optional(oneOf(['required', 'optional', 'inactive'])),
    verification: optional(Type.Object({ active: boolean() }, closed)),
  },
  closed,
);
const identifier = Type.Object({ active: boolean(), default_method: optional(Type.String()) }, closed);
const attribute = (extra: Record<string, TSchema> = {}) =>
  Type.Object(
    { identifier: optional(identifier), profile_required: boolean(), signup: optional(signup), ...extra },
    closed,
  );

const passwordOptions = Type.Object(
  {
    complexity: optional(
      Type.Object(
        {
          min_length: optional(Type.Integer({ minimum: 1, maximum: 72 })),
          character_types: optional(Type.Array(oneOf(['uppercase', 'lowercase', 'number', 'special']))),
          character_type_rule: optional(oneOf(['all', 'three_of_four'])),
          identical_characters: optional(oneOf(['allow', 'block'])),
          sequential_characters: optional(oneOf(['allow', 'block'])),
          max_length_exceeded: optional(oneOf(['truncate', 'error'])),
        },
        closed,
      ),
    ),
    dictionary: optional(
      Type.Object(
        {
          active: boolean(),
          default: optional(oneOf(['en_10k', 'en_100k'])),
          custom: optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 200 })),
        },
        closed,
      ),
    ),
    history: optional(
      Type.Object({ active: boolean(), size: optional(Type.Integer({ minimum: 1, maximum: 24 })) }, closed),
    ),
    profile_data: optional(
      Type.Object(
        {
          active: boolean(),
          blocked_fields: optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 12 })),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** Keys that Muster reads are typed; whatever else a provider needs is stored as it comes. */
export const ConnectionOptions = Type.Object(
  {
    validation: optional(nullable(Type.Object({ username: optional(nullable(usernameRange)) }, closed))),
    non_persistent_attrs: optional(nullable(Type.Array(Type.String(), { maxItems: 96 }))),
    precedence: optional(
      Type.Array(oneOf(['email', 'phone_number', 'username']), {
        minItems: 3,
        maxItems: 3,
        uniqueItems: true,
      }),
    ),
    attributes: optional(
      Type.Object(
        {
          email: optional(
            attribute({ unique: boolean(), verification_method: optional(oneOf(['link', 'code', 'otp'])) }),
          ),
          phone_number: optional(attribute()),
          username: optional(
            attribute({
              validation: optional(
                Type.Object(
                  {
                    min_length: optional(Type.Integer({ minimum: 1 })),
                    max_length: optional(Type.Integer({ minimum: 1, maximum: 128 })),
                    allowed_types: optional(
                      Type.Object({ email: boolean(), phone_number: boolean() }, closed),
                    ),
                  },
                  closed,
                ),
              ),
            }),
          ),
        },
        { ...closed, minProperties: 1 },
      ),
    ),
    enable_script_context: boolean(),
    enabledDatabaseCustomization: boolean(),
    import_mode: boolean(),
    requires_username: boolean(),
    disable_signup: boolean(),
    brute_force_protection: boolean(),
    configuration: optional(nullable(Type.Record(Type.String(), nullable(Type.String())))),
    customScripts: optional(Type.Record(Type.String(), Type.String({ minLength: 1 }))),
    authentication_methods: optional(
      nullable(
        Type.Object(
          {
            password: optional(
              Type.Object(
                {
                  enabled: boolean(),
                  api_behavior: optional(oneOf(['required', 'optional'])),
                  signup_behavior: optional(oneOf(['allow', 'block'])),
                },
                closed,
              ),
            ),
            passkey: optional(Type.Object({ enabled: boolean() }, closed)),
            email_otp: optional(Type.Object({ enabled: boolean() }, closed)),
            phone_otp: optional(Type.Object({ enabled: boolean() }, closed)),
          },
          closed,
        ),
      ),
    ),
    passkey_options: optional(
      nullable(
        Type.Object(
          {
            challenge_ui: optional(oneOf(['both', 'autofill', 'button'])),
            progressive_enrollment_enabled: boolean(),
            local_enrollment_enabled: boolean(),
          },
          closed,
        ),
      ),
    ),
    passwordPolicy: optional(
      nullable(oneOf(['none', 'low', 'fair', 'good', 'excellent'], 'The strength of passwords.')),
    ),
    password_complexity_options: optional(
      nullable(Type.Object({ min_length: optional(Type.Integer({ minimum: 1, maximum: 128 })) }, closed)),
    ),
    password_history: optional(
      nullable(
        Type.Object(
          { enable: Type.Boolean(), size: optional(Type.Integer({ minimum: 0, maximum: 24 })) },
          closed,
        ),
      ),
    ),
    password_no_personal_info: optional(nullable(Type.Object({ enable: Type.Boolean() }, closed))),
    password_dictionary: optional(
      nullable(
        Type.Object(
          {
            enable: Type.Boolean(),
            dictionary: optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 200 })),
          },
          closed,
        ),
      ),
    ),
    password_options: optional(passwordOptions),
    disable_self_service_change_password: boolean(),
    upstream_params: optional(
      nullable(
        Type.Record(
          Type.String(),
          Type.Object({ alias: optional(Type.String()), value: optional(Type.String()) }, closed),
        ),
      ),
    ),
    set_user_root_attributes: optional(oneOf(['on_each_login', 'on_first_login', 'never_on_login'])),
    gateway_authentication: optional(
      nullable(
        Type.Object(
          {
            method: Type.String(),
            subject: optional(Type.String()),
            audience: Type.String(),
            secret: Type.String(),
            secret_base64_encoded: boolean(),
          },
          { additionalProperties: true },
        ),
      ),
    ),
    mfa: optional(
      nullable(
        Type.Object({ active: boolean(), return_enroll_settings: boolean() }, { additionalProperties: true }),
      ),
    ),
    api_enable_users: boolean(),
    basic_profile: boolean(),
    ext_admin: boolean(),
    ext_is_suspended: boolean(),
    ext_agreed_terms: boolean(),
    ext_groups: boolean(),
    ext_assigned_plans: boolean(),
    ext_profile: boolean(),
  },
  { additionalProperties: true, description: "The connection's options; their keys depend on the strategy." },
);

const clientId = Type.String({ format: 'client-id' });
const purpose = Type.Object({ active: Type.Boolean() }, closed);

const changeable = {
  display_name: optional(
    Type.String({
      maxLength: 128,
      description: 'Connection name used in the new universal login experience.',
    }),
  ),
  is_domain_connection: optional(
    Type.Boolean({ description: 'Whether the connection is at the domain level.' }),
  ),
  show_as_button: optional(
    Type.Boolean({ description: 'Whether to show a button for this connection in the login page.' }),
  ),
  realms: optional(
    Type.Array(Type.String({ format: 'connection-realm' }), {
      maxItems: 100,
      description: 'Defines the realms for which the connection will be used.',
    }),
  ),
  metadata: optional(
    Type.Record(Type.String(), nullable(Type.String({ maxLength: 255 })), {
      maxProperties: 10,
      description: 'Metadata associated with the connection: at most 10 texts of at most 255 characters.',
    }),
  ),
  authentication: optional(purpose),
  connected_accounts: optional(Type.Object({ active: Type.Boolean(), cross_app_access: boolean() }, closed)),
  cross_app_access_requesting_app: optional(purpose),
};

export const CreateConnectionBody = Type.Object(
  {
    name: ConnectionName,
    strategy: Strategy,
    options: optional(ConnectionOptions),
    enabled_clients: optional(
      Type.Array(clientId, { description: 'The ids of the clients for which the connection is enabled.' }),
    ),
    ...changeable,
  },
  closed,
);

export const UpdateConnectionBody = Type.Object(
  {
    options: optional(nullable(ConnectionOptions)),
    enabled_clients: optional(
      nullable(
        Type.Array(clientId, { description: 'The ids of the clients for which the connection is enabled.' }),
      ),
    ),
    ...changeable,
  },
  { ...closed, minProperties: 1 },
);

export const Connection = Type.Object(
  {
    id: optional(Type.String()),
    name: optional(Type.String()),
    display_name: optional(Type.String()),
    strategy: optional(Type.String()),
    options: optional(Type.Record(Type.String(), Type.Unknown())),
    enabled_clients: optional(Type.Array(Type.String())),
    realms: optional(Type.Array(Type.String())),
    is_domain_connection: optional(Type.Boolean()),
    show_as_button: optional(Type.Boolean()),
    metadata: optional(Type.Record(Type.String(), nullable(Type.String()))),
    authentication: optional(purpose),
    connected_accounts: optional(
      Type.Object({ active: Type.Boolean(), cross_app_access: boolean() }, closed),
    ),
    cross_app_access_requesting_app: optional(purpose),
    provisioning_ticket_url: optional(Type.String()),
  },
  closed,
);

export const ConnectionClientsBody = Type.Array(
  Type.Object({ client_id: clientId, status: Type.Boolean() }, closed),
  { minItems: 1, maxItems: 50 },
);
