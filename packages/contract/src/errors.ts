import { Type } from 'typebox';

/** Every `errorCode` that the Management API answers with. Clients branch on these; they never change. */
export const errorCodes = [
  'Bearer',
  'auth0_idp_error',
  'auth0_password_strength_error',
  'bad_request',
  'client_grant_conflict',
  'connection_conflict',
  'device_credential_conflict',
  'identity_conflict',
  'inexistent_client',
  'inexistent_client_grant',
  'inexistent_connection',
  'inexistent_email_provider',
  'inexistent_email_template',
  'inexistent_job',
  'inexistent_key',
  'inexistent_refresh_token',
  'inexistent_resource_server',
  'inexistent_resource_server_permission',
  'inexistent_session',
  'inexistent_user',
  'insufficient_scope',
  'invalid_body',
  'invalid_paging',
  'invalid_query_string',
  'invalid_uri',
  'job_not_ended',
  'last_owner',
  'operation_not_supported',
  'payload_too_large',
  'precondition_failed',
  'resource_server_conflict',
  'search_index_incomplete',
  'search_timeout',
  'too_many_requests',
  'unowned_resource',
  'upload_conflict',
  'validation_error',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The body of every refusal of the Management API. */
export const ErrorBody = Type.Object(
  {
    statusCode: Type.Integer(),
    error: Type.String({ description: "The status' reason phrase." }),
    message: Type.String({ description: 'What was wrong and, where it helps, what to do.' }),
    errorCode: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);
