import { Type } from 'typebox';
import { closed, nullable, oneOf, open, optional, tokenQuota } from '../schema-parts.ts';

const boolean = () => optional(Type.Boolean());

/** Languages that hosted pages and messages may be switched to. */
export const locales = (
  'am ar ar-EG ar-SA az bg bn bs ca-ES cnr cs cy da de el en en-CA es es-419 es-AR es-MX et eu-ES fa fi fr fr-CA fr-FR gl-ES gu he hi hr ' +
  'hu hy id is it ja ka kk kn ko lt lv mk ml mn mr ms my nb nl nn no pa pl pt pt-BR pt-PT ro ru sk sl so sq sr sv sw ta te th tl tr uk ur ' +
  'vi zgh zh-CN zh-HK zh-MO zh-TW'
).split(' ');

const flagNames = [
  'allow_changing_enable_sso',
  'allow_legacy_delegation_grant_types',
  'allow_legacy_ro_grant_types',
  'allow_legacy_tokeninfo_endpoint',
  'allow_other_legacy_grant_types',
  'change_pwd_flow_v1',
  'custom_domains_provisioning',
  'dashboard_insights_view',
  'dashboard_log_streams_next',
  'disable_clickjack_protection_headers',
  'disable_fields_map_fix',
  'disable_impersonation',
  'disable_management_api_sms_obfuscation',
  'enable_adfs_waad_email_verification',
  'enable_apis_section',
  'enable_client_connections',
  'enable_custom_domain_in_emails',
  'enable_dynamic_client_registration',
  'enable_idtoken_api2',
  'enable_legacy_logs_search_v2',
  'enable_legacy_profile',
  'enable_pipeline2',
  'enable_public_signup_user_exists_error',
  'enable_sso',
  'enforce_client_authentication_on_passwordless_start',
  'genai_trial',
  'improved_signup_bot_detection_in_classic',
  'mfa_show_factor_list_on_enrollment',
  'new_universal_login_experience_enabled',
  'no_disclose_enterprise_connections',
  'remove_alg_from_jwks',
  'require_pushed_authorization_requests',
  'revoke_refresh_token_grant',
  'trust_azure_adfs_email_verified_connection_property',
  'universal_login',
  'use_scope_descriptions_for_consent',
];

/** Of tenants that have not set `deleted_user_retention_days`, which a fresh tenant does not answer. */
export const defaultDeletedUserRetentionDays = 30;

const customPage = nullable(Type.Object({ enabled: boolean(), html: optional(Type.String()) }, closed));
const contentSecurityPolicy = Type.Object(
  {
    mode: optional(oneOf(['enforcing', 'reporting'])),
    directives: optional(
      Type.Record(Type.String(), Type.Array(Type.String({ maxLength: 2048 })), { maxProperties: 30 }),
    ),
    flags: optional(Type.Array(oneOf(['upgrade-insecure-requests', 'block-all-mixed-content']))),
    reporting: optional(
      nullable(
        Type.Object(
          { report_uri: optional(Type.String()), report_to_group: optional(Type.String()) },
          closed,
        ),
      ),
    ),
  },
  closed,
);
const reportingInfrastructure = Type.Object(
  {
    report_to: optional(
      nullable(
        Type.Object(
          {
            group: optional(Type.String()),
            max_age: optional(Type.Integer()),
            endpoints: optional(Type.Array(Type.Object({ url: optional(Type.String()) }, closed))),
          },
          closed,
        ),
      ),
    ),
    reporting_endpoints: optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
);

/** What GET and PATCH have in common. */
const settings = {
  change_password: optional(customPage),
  guardian_mfa_page: optional(customPage),
  default_audience: optional(
    Type.String({ description: 'API that tokens are for when a request names none.' }),
  ),
  default_directory: optional(
    Type.String({ description: 'Name of the connection used for password grants.' }),
  ),
  error_page: optional(
    nullable(
      Type.Object(
        {
          html: optional(Type.String()),
          show_log_link: boolean(),
          url: optional(Type.String({ format: 'absolute-uri-or-empty' })),
        },
        closed,
      ),
    ),
  ),
  device_flow: optional(
    nullable(
      Type.Object(
        { charset: optional(oneOf(['base20', 'digits'])), mask: optional(Type.String({ maxLength: 20 })) },
        closed,
      ),
    ),
  ),
  default_token_quota: optional(
    nullable(
      Type.Object(
        { clients: optional(tokenQuota(open)), organizations: optional(tokenQuota(open)) },
        { ...closed, minProperties: 1 },
      ),
    ),
  ),
  flags: optional(
    Type.Object(Object.fromEntries(flagNames.map((name) => [name, boolean()])), {
      ...closed,
      description: 'Flags used to change the behavior of this tenant.',
    }),
  ),
  friendly_name: optional(Type.String({ description: 'Friendly name for this tenant.' })),
  picture_url: optional(
    Type.String({ format: 'absolute-uri-or-empty', description: 'URL of logo to be shown for this tenant.' }),
  ),
  support_email: optional(Type.String({ format: 'email-or-empty', description: 'End-user support email.' })),
  support_url: optional(
    Type.String({ format: 'absolute-uri-or-empty', description: 'End-user support URL.' }),
  ),
  allowed_logout_urls: optional(
    Type.Array(Type.String({ format: 'url-with-placeholders' }), {
      description: 'URLs that are valid to redirect to after logout.',
    }),
  ),
  sandbox_version: optional(
    Type.String({ maxLength: 8, description: 'Selected sandbox version for scripts.' }),
  ),
  legacy_sandbox_version: optional(Type.String({ maxLength: 8 })),
  default_redirection_uri: optional(
    Type.String({
      format: 'absolute-https-uri-or-empty',
      description: 'The default absolute redirection uri, must be https',
    }),
  ),
  enabled_locales: optional(
    Type.Array(oneOf(locales), { minItems: 1, description: 'Supported locales for the user interface' }),
  ),
  security_headers: optional(
    nullable(
      Type.Object(
        {
          content_security_policy: optional(
            nullable(
              Type.Object(
                {
                  enabled: boolean(),
                  policies: optional(Type.Array(contentSecurityPolicy)),
                  reporting_infrastructure: optional(nullable(reportingInfrastructure)),
                },
                closed,
              ),
            ),
          ),
          x_xss_protection: optional(
            nullable(
              Type.Object(
                { enabled: boolean(), mode: optional(oneOf(['block'])), report_uri: optional(Type.String()) },
                closed,
              ),
            ),
          ),
        },
        closed,
      ),
    ),
  ),
  session_cookie: optional(nullable(Type.Object({ mode: oneOf(['persistent', 'non-persistent']) }, closed))),
  sessions: optional(nullable(Type.Object({ oidc_logout_prompt_enabled: boolean() }, closed))),
  oidc_logout: optional(Type.Object({ rp_logout_end_session_endpoint_discovery: boolean() }, closed)),
  customize_mfa_in_postlogin_action: optional(nullable(Type.Boolean())),
  allow_organization_name_in_authentication_api: optional(nullable(Type.Boolean())),
  acr_values_supported: optional(nullable(Type.Array(Type.String({ format: 'acr' })))),
  mtls: optional(nullable(Type.Object({ enable_endpoint_aliases: boolean() }, closed))),
  pushed_authorization_requests_supported: optional(nullable(Type.Boolean())),
  authorization_response_iss_parameter_supported: optional(nullable(Type.Boolean())),
  skip_non_verifiable_callback_uri_confirmation_prompt: optional(nullable(Type.Boolean())),
  resource_parameter_profile: optional(oneOf(['audience', 'compatibility'])),
  client_id_metadata_document_supported: boolean(),
  enable_ai_guide: boolean(),
  phone_consolidated_experience: boolean(),
  include_session_metadata_in_tenant_logs: boolean(),
  deleted_user_retention_days: optional(
    Type.Integer({
      minimum: 0,
      maximum: 365,
      description:
        'Days for which a user deleted with `recoverable=true` can be brought back, 30 unless it is set; 0 deletes at once. Beyond the reference.',
    }),
  ),
  dynamic_client_registration_security_mode: optional(oneOf(['strict', 'permissive'])),
  country_codes: optional(
    nullable(
      Type.Object(
        {
          list: optional(Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }))),
          mode: optional(oneOf(['allow', 'deny'])),
        },
        closed,
      ),
    ),
  ),
};

const lifetime = (description: string) =>
  optional(Type.Integer({ minimum: 1, maximum: 10_000_000, description }));
const hours = (description: string) => optional(Type.Number({ description }));

export const UpdateTenantSettingsBody = Type.Object(
  {
    ...settings,
    universal_login: optional(Type.Object({}, { ...open, description: 'Colors of the login pages.' })),
    session_lifetime: lifetime('Number of hours during which a session will stay valid.'),
    session_lifetime_in_minutes: lifetime('Number of minutes during which a session will stay valid.'),
    idle_session_lifetime: lifetime(
      'Number of hours for which a session can be inactive before the user must log in again.',
    ),
    idle_session_lifetime_in_minutes: lifetime('Number of minutes for which a session can be inactive.'),
    ephemeral_session_lifetime: lifetime(
      'Number of hours during which an ephemeral session will stay valid.',
    ),
    ephemeral_session_lifetime_in_minutes: lifetime(
      'Number of minutes during which an ephemeral session will stay valid.',
    ),
    idle_ephemeral_session_lifetime: lifetime(
      'Number of hours for which an ephemeral session can be inactive.',
    ),
    idle_ephemeral_session_lifetime_in_minutes: lifetime(
      'Number of minutes for which an ephemeral session can be inactive.',
    ),
  },
  { ...closed, minProperties: 1 },
);

export const TenantSettings = Type.Object(
  {
    ...settings,
    session_lifetime: hours('Hours; fractional when set in minutes.'),
    idle_session_lifetime: hours('Hours; fractional when set in minutes.'),
    ephemeral_session_lifetime: hours('Hours; fractional when set in minutes.'),
    idle_ephemeral_session_lifetime: hours('Hours; fractional when set in minutes.'),
    sandbox_versions_available: optional(Type.Array(Type.String())),
    universal_login: optional(Type.Object({}, { additionalProperties: true })),
  },
  closed,
);
