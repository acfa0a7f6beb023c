import type { KoaContextWithOIDC } from 'oidc-provider';
import type { LogEvent } from '../logs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { describeUserOfEvent, findUser } from '../users/index.ts';
import { userOfAccount } from './account.ts';
import { deviceCodeGrant, passwordGrant, passwordRealmGrant } from './client-metadata.ts';
import type { RequestFacts } from './request-facts.ts';

/** Codes of the log, of a success and a refusal, by grant (spec extensions-and-protection §6.3). */
const logTypes: Readonly<Record<string, readonly [string, string]>> = {
  client_credentials: ['seccft', 'feccft'],
  authorization_code: ['seacft', 'feacft'],
  refresh_token: ['sertft', 'fertft'],
  [passwordGrant]: ['sepft', 'fepft'],
  [passwordRealmGrant]: ['sepft', 'fepft'],
  [deviceCodeGrant]: ['sede', 'fede'],
};

/** @returns the codes of a success and of a refusal */
export const typesOf = ({ grantType }: RequestFacts) =>
  logTypes[grantType ?? ''] ?? (['seccft', 'feccft'] as const);

/** The event of an exchange at the token endpoint, by what `oidc-provider` answers. */
export async function describeExchange(
  koa: KoaContextWithOIDC,
  facts: RequestFacts,
  database: Database,
  type: string,
): Promise<LogEvent> {
  const { entities } = koa.oidc;
  const userId = entities.Account?.accountId ?? entities.Grant?.accountId ?? entities.RefreshToken?.accountId;
  const user =
    facts.user ??
    userOfAccount(entities.Account) ??
    (userId === undefined ? undefined : await findUser(database, userId));
  const scope: unknown = Reflect.get(Object(koa.body), 'scope');
  return {
    type,
    description: '',
    ...(user ? describeUserOfEvent(user) : {}),
    ...describeClient(koa, facts),
    ...(typeof scope === 'string' ? { scope } : {}),
  };
}

/** Which client asked for what, and from where. */
export function describeClient(koa: KoaContextWithOIDC, facts: RequestFacts): Partial<LogEvent> {
  const { client } = koa.oidc;
  return {
    ...(client ? { clientId: client.clientId } : {}),
    ...(client?.clientName ? { clientName: client.clientName } : {}),
    ...(facts.audience === undefined ? {} : { audience: facts.audience }),
    ip: facts.ip,
    userAgent: facts.userAgent,
  };
}
