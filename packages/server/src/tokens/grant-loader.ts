import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { ResourceServer } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import { isRecord } from '../platform/is-record.ts';
import { settingsOfClient } from './client-metadata.ts';
import { factsOf } from './request-facts.ts';
import { toResource } from './resource.ts';
import { fromInnerScope, splitScope, staticScopes } from './scopes.ts';
import { type ListPermissions, permitScopes } from './user-authorization.ts';
import { type ConsentQuestion, keepConsent, needsConsent } from './user-grants/consent.ts';

export interface AuthorizationOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly apis: WeakMap<object, ResourceServer>;
  readonly listPermissions: ListPermissions;
  /** Scopes of the Management API that every user has for themselves. */
  readonly ownScopes: readonly string[];
}

/** Requests whose user must be asked first. */
const unanswered = new WeakMap<object, ConsentQuestion>();

/** What the consent page asks; undefined where nothing must be asked. */
export const consentQuestionOf = (context: object): ConsentQuestion | undefined => unanswered.get(context);

/**
 * Makes the loader of what a request is granted. Each authorization has a grant of its own: it is the family that
 * dies when a code or a refresh token is used twice.
 */
export function createGrantLoader(options: AuthorizationOptions) {
  return async (context: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = context;
    const { client, account, session, result } = oidc;
    if (!client || !account || !session) return undefined;
    const api = options.apis.get(context);
    const permitted = api
      ? await permitScopes(
          api,
          { userId: account.accountId, clientId: client.clientId },
          options.listPermissions,
          options.ownScopes,
        )
      : undefined;
    const names = splitScope(String(oidc.params?.['scope'] ?? ''));
    const openid = names.filter((name) => staticScopes.includes(name));
    const ofApi = names.filter((name) => permitted?.scopes.has(name));
    const callback = oidc.params?.['redirect_uri'];
    const question: ConsentQuestion = {
      userId: account.accountId,
      clientId: client.clientId,
      isFirstParty: settingsOfClient(client).isFirstParty,
      callback: typeof callback === 'string' ? callback : undefined,
      api,
      scope: splitScope(fromInnerScope([...openid, ...ofApi].join(' '))),
      publicUrl: options.publicUrl,
    };
    if (!result?.consent && (await needsConsent(options.database, question))) {
      unanswered.set(context, question);
      return undefined;
    }
    await keepConsent(options.database, question);
    const facts = factsOf(context);
    const claims = result?.['claims'];
    if (facts && isRecord(claims)) {
      const part = (value: unknown) => (isRecord(value) ? value : {});
      facts.claims = { idToken: part(claims['idToken']), accessToken: part(claims['accessToken']) };
    }
    const grant = new oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    grant.addOIDCScope(openid.join(' '));
    if (api) grant.addResourceScope(toResource(api.identifier), ofApi.join(' '));
    await grant.save();
    // One session has one id, for all of its applications (spec authentication §9).
    session.sidFor(client.clientId, session.uid);
    return grant;
  };
}
