import { Type } from 'typebox';
import { closed, nullable, oneOf, open, optional, tokenQuota } from '../schema-parts.ts';

const boolean = (description?: string) => optional(Type.Boolean(description ? { description } : {}));
const text = (options: Record<string, unknown> = {}) => Type.String(options);
const texts = (options: Record<string, unknown>, description: string) =>
  Type.Array(Type.String(options), { maxItems: 2000, description });

export const appTypes = [
  'native',
  'spa',
  'regular_web',
  'non_interactive',
  'resource_server',
  'express_configuration',
  'rms',
  'box',
  'cloudbees',
  'concur',
  'dropbox',
  'mscrm',
  'echosign',
  'egnyte',
  'newrelic',
  'office365',
  'salesforce',
  'sentry',
  'sharepoint',
  'slack',
  'springcm',
  'zendesk',
  'zoom',
  'sso_integration',
  'oag',
] as const;

const addonNames = [
  'aws',
  'azure_blob',
  'azure_sb',
  'rms',
  'mscrm',
  'slack',
  'sentry',
  'box',
  'cloudbees',
  'concur',
  'dropbox',
  'echosign',
  'egnyte',
  'firebase',
  'newrelic',
  'office365',
  'salesforce',
  'salesforce_api',
  'salesforce_sandbox_api',
  'samlp',
  'layer',
  'sap_api',
  'sharepoint',
  'springcm',
  'wams',
  'wsfed',
  'zendesk',
  'zoom',
  'sso_integration',
  'oag',
];

const backchannelLogout = Type.Object(
  {
    backchannel_logout_urls: optional(
      Type.Array(text({ format: 'absolute-https-uri-with-placeholders-or-empty' })),
    ),
    backchannel_logout_initiators: optional(
      Type.Object(
        { mode: optional(oneOf(['custom', 'all'])), selected_initiators: optional(Type.Array(text())) },
        open,
      ),
    ),
    backchannel_logout_session_metadata: optional(nullable(Type.Object({ include: boolean() }, open))),
  },
  open,
);

const sessionTransfer = Type.Object(
  {
    can_create_session_transfer_token: boolean(),
    enforce_cascade_revocation: boolean(),
    allowed_authentication_methods: optional(nullable(Type.Array(oneOf(['cookie', 'query'])))),
    enforce_device_binding: optional(oneOf(['ip', 'asn', 'none'])),
    allow_refresh_token: boolean(),
    enforce_online_refresh_tokens: boolean(),
    delegation: optional(
      nullable(
        Type.Object(
          {
            allow_delegated_access: boolean(),
            enforce_device_binding: optional(oneOf(['ip', 'asn', 'none'])),
          },
          closed,
        ),
      ),
    ),
  },
  closed,
);

const refreshToken = Type.Object(
  {
    rotation_type: oneOf(['rotating', 'non-rotating']),
    expiration_type: oneOf(['expiring', 'non-expiring']),
    leeway: optional(
      Type.Integer({ minimum: 0, description: 'Seconds in which a rotated token still works.' }),
    ),
    token_lifetime: optional(Type.Integer({ minimum: 1, maximum: 157_788_000, description: 'Seconds.' })),
    infinite_token_lifetime: boolean(),
    idle_token_lifetime: optional(Type.Integer({ minimum: 1, description: 'Seconds.' })),
    infinite_idle_token_lifetime: boolean(),
    policies: optional(
      nullable(
        Type.Array(
          Type.Object(
            {
              audience: text({ minLength: 1, maxLength: 600 }),
              scope: Type.Array(text({ minLength: 1, maxLength: 280 })),
            },
            closed,
          ),
          {
            minItems: 1,
          },
        ),
      ),
    ),
  },
  closed,
);

const enabledProvider = (key: string) =>
  nullable(Type.Object({ [key]: boolean() }, { ...closed, minProperties: 1 }));
const credentials = Type.Object({ credentials: Type.Array(Type.Object({}, open)) }, closed);
const tokenEndpointAuthMethods = ['none', 'client_secret_post', 'client_secret_basic'] as const;

/** Fields that POST and PATCH share; PATCH also takes `null` for most of those that can be unset. */
const fields = {
  description: optional(
    nullable(text({ maxLength: 140, description: 'Free text description of the purpose of the client.' })),
  ),
  logo_uri: optional(text({ format: 'absolute-uri-or-empty', description: 'The URL of the client logo' })),
  callbacks: optional(
    texts({ format: 'callback-url' }, 'A set of URLs that are valid to call back to after authentication'),
  ),
  oidc_logout: optional(backchannelLogout),
  oidc_backchannel_logout: optional(backchannelLogout),
  session_transfer: optional(nullable(sessionTransfer)),
  allowed_origins: optional(
    texts({ format: 'url-with-placeholders' }, 'A set of URLs that represents valid origins for CORS'),
  ),
  web_origins: optional(
    texts({ format: 'url-with-placeholders' }, 'A set of URLs that represents valid web origins'),
  ),
  client_aliases: optional(texts({ minLength: 1 }, 'List of audiences for SAML protocol')),
  allowed_clients: optional(
    texts({ minLength: 1 }, 'Ids of clients that will be allowed to perform delegation requests'),
  ),
  allowed_logout_urls: optional(
    texts({ format: 'url-with-placeholders' }, 'URLs that are valid to redirect to after logout'),
  ),
  grant_types: optional(
    texts({ minLength: 1, maxLength: 200 }, 'A set of grant types that the client is authorized to use'),
  ),
  token_endpoint_auth_method: optional(
    nullable(oneOf(tokenEndpointAuthMethods, 'The authentication method for the token endpoint')),
  ),
  is_token_endpoint_ip_header_trusted: boolean(
    'If true, trust that the IP specified in the auth0-forwarded-for header is the end-user IP',
  ),
  app_type: optional(oneOf(appTypes, 'The type of application this client represents')),
  is_first_party: boolean('Whether this client a first party client or not'),
  oidc_conformant: boolean('Whether this client will conform to strict OIDC specifications'),
  jwt_configuration: optional(
    Type.Object(
      {
        lifetime_in_seconds: optional(
          Type.Integer({
            minimum: 0,
            maximum: 31_557_600,
            description: 'The amount of seconds the JWT will be valid',
          }),
        ),
        secret_encoded: boolean('True if the client secret is base64 encoded'),
        scopes: optional(Type.Object({}, open)),
        alg: optional(oneOf(['HS256', 'RS256', 'RS512', 'PS256'])),
      },
      open,
    ),
  ),
  encryption_key: optional(
    nullable(Type.Object({ pub: optional(text()), cert: optional(text()), subject: optional(text()) }, open)),
  ),
  sso: boolean('Applies only to SSO clients'),
  sso_disabled: boolean('Whether SSO is disabled'),
  cross_origin_authentication: boolean(
    'Whether this client can be used to make cross-origin authentication requests',
  ),
  cross_origin_auth: boolean('Older name of cross_origin_authentication'),
  cross_origin_loc: optional(
    nullable(
      text({
        format: 'url-or-null',
        description: 'URL for the location in your site where the cross origin verification takes place',
      }),
    ),
  ),
  custom_login_page_on: boolean('Whether a custom login page is to be used'),
  custom_login_page: optional(text({ description: 'The content (HTML, CSS, JS) of the custom login page' })),
  custom_login_page_preview: optional(text()),
  form_template: optional(text({ description: 'HTML form template to be used for WS-Federation' })),
  client_metadata: optional(
    Type.Record(Type.String(), nullable(text({ maxLength: 255 })), {
      maxProperties: 10,
      description: 'Metadata associated with the client: at most 10 texts of at most 255 characters',
    }),
  ),
  mobile: optional(
    Type.Object(
      { android: optional(nullable(Type.Object({}, open))), ios: optional(nullable(Type.Object({}, open))) },
      open,
    ),
  ),
  initiate_login_uri: optional(
    text({
      format: 'absolute-https-uri-with-placeholders-or-empty',
      description: 'Initiate login uri, must be https',
    }),
  ),
  native_social_login: optional(
    nullable(
      Type.Object(
        {
          apple: optional(enabledProvider('enabled')),
          facebook: optional(enabledProvider('enabled')),
          google: optional(enabledProvider('enabled')),
        },
        { ...closed, minProperties: 1 },
      ),
    ),
  ),
  fedcm_login: optional(
    nullable(
      Type.Object({ google: optional(enabledProvider('is_enabled')) }, { ...closed, minProperties: 1 }),
    ),
  ),
  refresh_token: optional(nullable(refreshToken)),
  default_organization: optional(
    nullable(
      Type.Object({ organization_id: text(), flows: Type.Array(oneOf(['client_credentials'])) }, closed),
    ),
  ),
  organization_usage: optional(nullable(oneOf(['deny', 'allow', 'require']))),
  organization_require_behavior: optional(
    nullable(oneOf(['no_prompt', 'pre_login_prompt', 'post_login_prompt'])),
  ),
  organization_discovery_methods: optional(
    nullable(Type.Array(oneOf(['email', 'organization_name']), { minItems: 1 })),
  ),
  client_authentication_methods: optional(
    nullable(
      Type.Object(
        {
          private_key_jwt: optional(credentials),
          tls_client_auth: optional(credentials),
          self_signed_tls_client_auth: optional(credentials),
        },
        { ...closed, minProperties: 1, maxProperties: 1 },
      ),
    ),
  ),
  require_pushed_authorization_requests: boolean(),
  require_proof_of_possession: boolean(),
  signed_request_object: optional(
    nullable(
      Type.Object({ required: boolean(), credentials: optional(Type.Array(Type.Object({}, open))) }, closed),
    ),
  ),
  token_vault_privileged_access: optional(
    nullable(Type.Object({ credentials: Type.Array(Type.Object({}, open)) }, open)),
  ),
  compliance_level: optional(
    nullable(
      oneOf(['none', 'fapi1_adv_pkj_par', 'fapi1_adv_mtls_par', 'fapi2_sp_pkj_mtls', 'fapi2_sp_mtls_mtls']),
    ),
  ),
  skip_non_verifiable_callback_uri_confirmation_prompt: optional(nullable(Type.Boolean())),
  token_exchange: optional(
    nullable(
      Type.Object(
        {
          allow_any_profile_of_type: optional(
            Type.Array(oneOf(['custom_authentication', 'on_behalf_of_token_exchange'])),
          ),
        },
        closed,
      ),
    ),
  ),
  par_request_expiry: optional(nullable(Type.Integer({ minimum: 10, maximum: 600 }))),
  token_quota: optional(nullable(tokenQuota(closed))),
  third_party_security_mode: optional(oneOf(['strict', 'permissive'])),
  redirection_policy: optional(oneOf(['allow_always', 'open_redirect_protection'])),
  express_configuration: optional(nullable(Type.Object({}, open))),
  my_organization_configuration: optional(nullable(Type.Object({}, open))),
  async_approval_notification_channels: optional(
    nullable(Type.Array(oneOf(['guardian-push', 'email']), { minItems: 1 })),
  ),
  addons: optional(
    nullable(
      Type.Object(
        Object.fromEntries(addonNames.map((name) => [name, optional(nullable(Type.Object({}, open)))])),
        { ...closed },
      ),
    ),
  ),
};

const name = text({
  pattern: '^[^<>]+$',
  maxLength: 1000,
  description: 'The name of the client. Must contain at least one character. Does not allow < or >',
});

export const CreateClientBody = Type.Object(
  { name, resource_server_identifier: optional(text({ minLength: 1, maxLength: 600 })), ...fields },
  closed,
);

export const UpdateClientBody = Type.Object(
  {
    name: optional(name),
    client_secret: optional(
      text({ minLength: 1, maxLength: 1000, description: 'The secret used to sign tokens for the client' }),
    ),
    ...fields,
  },
  { ...closed, minProperties: 1 },
);

/** Open, as in the reference: attributes come and go with features. */
export const Client = Type.Object(
  {
    client_id: optional(text()),
    tenant: optional(text()),
    name: optional(text()),
    global: boolean(),
    client_secret: optional(text()),
    description: optional(text()),
    app_type: optional(text()),
    is_first_party: boolean(),
    callbacks: optional(Type.Array(text())),
    allowed_logout_urls: optional(Type.Array(text())),
    web_origins: optional(Type.Array(text())),
    allowed_origins: optional(Type.Array(text())),
    token_endpoint_auth_method: optional(text()),
    grant_types: optional(Type.Array(text())),
    jwt_configuration: optional(Type.Object({ lifetime_in_seconds: optional(Type.Integer()) }, open)),
    refresh_token: optional(nullable(Type.Object({ rotation_type: optional(text()) }, open))),
    signing_keys: optional(
      Type.Array(
        Type.Object({ cert: optional(text()), pkcs7: optional(text()), subject: optional(text()) }, open),
      ),
    ),
  },
  open,
);
