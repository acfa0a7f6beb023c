import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { findConnectionOfClient } from '../connections/index.ts';
import type { Database } from '../platform/database/database.ts';
import { settingsOfClient } from './client-metadata.ts';

type Validate = (
  context: KoaContextWithOIDC,
  value: string | undefined,
  client: Client,
) => void | Promise<void>;

/** Parameters beyond those of OpenID Connect that our pages and policies read, with what is wrong with them. */
export function createExtraParameters(database: Database): Record<string, Validate | null> {
  return {
    connection: async (_context, value, client) => {
      if (value !== undefined && !(await findConnectionOfClient(database, value, client.clientId)))
        throw new errors.InvalidRequest('the connection was not found or is not enabled for the client');
    },
    connection_scope: null,
    screen_hint: null,
    organization: null,
    invitation: null,
    correlation_id: null,
    original_response_type: null,
    original_scope: null,
    original_audience: null,
    original_max_age: (_context, value) => {
      if (value !== undefined && !Number.isSafeInteger(readMaxAge(value)))
        throw new errors.InvalidRequest('invalid max_age parameter value');
    },
    original_nonce: (context, value, client) => {
      const { params, route } = context.oidc;
      if (value !== 'none' || !params) return;
      // Old clients never sent one; an API makes every request a conformant one (spec authentication §2.1).
      const isConformant =
        settingsOfClient(client).isOidcConformant || params['original_audience'] !== undefined;
      if (isConformant && params['original_response_type'] !== 'token')
        throw new errors.InvalidRequest("missing required parameter 'nonce'");
      // What is pushed is looked at once more when it is used.
      if (route !== 'pushed_authorization_request') params['nonce'] = undefined;
    },
  };
}

/** @returns seconds; NaN for what is no number of them */
export function readMaxAge(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
