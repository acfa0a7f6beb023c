import { Type } from 'typebox';
import { closed, nullable, oneOf, optional } from '../schema-parts.ts';

const scope = () =>
  Type.Array(Type.String({ minLength: 1, maxLength: 280 }), {
    maxItems: 2000,
    description: 'Scopes allowed for this client grant',
  });
const organizationUsage = () => oneOf(['deny', 'allow', 'require']);
const detailTypes = () => Type.Array(Type.String({ minLength: 1, maxLength: 255 }));

export const CreateClientGrantBody = Type.Object(
  {
    client_id: optional(Type.String({ maxLength: 100, description: 'ID of the client' })),
    audience: Type.String({
      minLength: 1,
      maxLength: 600,
      description: 'The audience (API identifier) of this client grant',
    }),
    default_for: optional(oneOf(['third_party_clients'])),
    organization_usage: optional(organizationUsage()),
    allow_any_organization: optional(Type.Boolean()),
    scope: optional(scope()),
    subject_type: optional(oneOf(['client', 'user'])),
    authorization_details_types: optional(detailTypes()),
    allow_all_scopes: optional(Type.Boolean({ description: 'Whether every scope of the API is granted' })),
  },
  closed,
);

export const UpdateClientGrantBody = Type.Object(
  {
    scope: optional(nullable(scope())),
    organization_usage: optional(nullable(organizationUsage())),
    allow_any_organization: optional(nullable(Type.Boolean())),
    authorization_details_types: optional(detailTypes()),
    allow_all_scopes: optional(nullable(Type.Boolean())),
  },
  { ...closed, minProperties: 1 },
);

export const ClientGrant = Type.Object(
  {
    id: Type.String(),
    client_id: optional(Type.String()),
    audience: Type.String(),
    scope: optional(Type.Array(Type.String())),
    organization_usage: optional(Type.String()),
    allow_any_organization: optional(Type.Boolean()),
    default_for: optional(Type.String()),
    is_system: optional(Type.Boolean()),
    subject_type: Type.String(),
    authorization_details_types: optional(Type.Array(Type.String())),
    allow_all_scopes: optional(Type.Boolean()),
  },
  closed,
);

const policies = <const T extends readonly string[]>(values: T) =>
  Type.Object({ policy: optional(oneOf(values)) }, { additionalProperties: true });

const apiFields = {
  name: optional(
    Type.String({
      maxLength: 200,
      pattern: '^[^<>]+$',
      description: 'Friendly name for this resource server',
    }),
  ),
  scopes: optional(
    Type.Array(
      Type.Object(
        {
          value: Type.String({ minLength: 1, maxLength: 280 }),
          description: optional(Type.String({ maxLength: 500 })),
        },
        closed,
      ),
      { maxItems: 2000, description: 'List of permissions (scopes) that this API uses' },
    ),
  ),
  signing_alg: optional(oneOf(['HS256', 'RS256', 'RS512', 'PS256'])),
  signing_secret: optional(
    Type.String({
      minLength: 16,
      maxLength: 1000,
      description: 'Secret used to sign tokens when using symmetric algorithms',
    }),
  ),
  allow_offline_access: optional(Type.Boolean()),
  allow_online_access: optional(Type.Boolean()),
  allow_online_access_with_ephemeral_sessions: optional(Type.Boolean()),
  token_lifetime: optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      description: 'Expiration value (in seconds) for access tokens',
    }),
  ),
  token_lifetime_for_web: optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      description: 'Expiration value (in seconds) for access tokens of browser flows',
    }),
  ),
  token_dialect: optional(
    oneOf(['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz']),
  ),
  skip_consent_for_verifiable_first_party_clients: optional(Type.Boolean()),
  enforce_policies: optional(Type.Boolean()),
  token_encryption: optional(
    nullable(
      Type.Object(
        {
          format: oneOf(['compact-nested-jwe']),
          encryption_key: Type.Object({}, { additionalProperties: true }),
        },
        closed,
      ),
    ),
  ),
  consent_policy: optional(nullable(oneOf(['transactional-authorization-with-mfa']))),
  authorization_details: optional(nullable(Type.Array(Type.Unknown()))),
  proof_of_possession: optional(
    nullable(
      Type.Object(
        {
          mechanism: oneOf(['mtls', 'dpop']),
          required: Type.Boolean(),
          required_for: optional(oneOf(['public_clients', 'all_clients'])),
        },
        closed,
      ),
    ),
  ),
  subject_type_authorization: optional(
    Type.Object(
      {
        user: optional(policies(['allow_all', 'deny_all', 'require_client_grant'])),
        client: optional(policies(['deny_all', 'require_client_grant'])),
      },
      closed,
    ),
  ),
  authorization_policy: optional(
    nullable(Type.Object({ policy_id: Type.String({ minLength: 1, maxLength: 1024 }) }, closed)),
  ),
};

export const CreateResourceServerBody = Type.Object(
  {
    identifier: Type.String({
      minLength: 1,
      maxLength: 600,
      description: 'Unique identifier for the API used as the audience parameter',
    }),
    ...apiFields,
  },
  closed,
);

export const UpdateResourceServerBody = Type.Object({ ...apiFields }, { ...closed, minProperties: 1 });

export const ResourceServer = Type.Object(
  {
    ...apiFields,
    id: Type.String(),
    identifier: Type.String(),
    is_system: optional(Type.Boolean()),
    client_id: optional(Type.String()),
  },
  closed,
);
