import { errors, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import type { ResourceServer } from '../applications/index.ts';
import type { Database } from '../platform/database/database.ts';
import { isRecord } from '../platform/is-record.ts';
import type { SignIn } from '../sign-in/index.ts';
import { settingsOfClient } from './client-metadata.ts';
import { toResource } from './resource.ts';
import { fromInnerScope, splitScope, staticScopes } from './scopes.ts';
import { type ListPermissions, permitScopes } from './user-authorization.ts';
import { type ConsentQuestion, needsConsent } from './user-grants/consent.ts';

export interface AuthorizationOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly apis: WeakMap<object, ResourceServer>;
  readonly listPermissions: ListPermissions;
  /** Scopes of the Management API that every user has for themselves. */
  readonly ownScopes: readonly string[];
  readonly signIn: SignIn;
}

/** Requests whose user must be asked first. */
const unanswered = new WeakMap<object, ConsentQuestion>();
/** Those whose user agreed, once or by using one of the tenant's own applications. */
const agreed = new WeakMap<object, ConsentQuestion>();

/** What the consent page asks; undefined where nothing must be asked. */
export const consentQuestionOf = (context: object): ConsentQuestion | undefined => unanswered.get(context);

/** What is granted once the request is admitted; undefined where something is still to be asked. */
export const agreementOf = (context: object): ConsentQuestion | undefined => agreed.get(context);

/**
 * Makes the loader of what a request is granted, kept by `admission.ts`. Each authorization has a grant of its own: it is the family that
 * dies when a code or a refresh token is used twice.
 */
export function createGrantLoader(options: AuthorizationOptions) {
  return async (context: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { oidc } = context;
    const { client, account, session, result } = oidc;
    if (!client || !account || !session) return undefined;
    assertNotDenied(result?.['denial']);
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
    const isAsked =
      !result?.consent && (oidc.promptPending('consent') || (await needsConsent(options.database, question)));
    (isAsked ? unanswered : agreed).set(context, question);
    if (isAsked) return undefined;
    const grant = new oidc.provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    grant.addOIDCScope(openid.join(' '));
    if (api) grant.addResourceScope(toResource(api.identifier), ofApi.join(' '));
    // One session has one id, for all of its applications (spec authentication §9).
    session.sidFor(client.clientId, session.uid);
    return grant;
  };
}

/** Steps of the sign-in let nobody in; that came to light after the session began, which stays. */
function assertNotDenied(denial: unknown): void {
  if (isRecord(denial))
    throw new errors.CustomOIDCProviderError(String(denial['error']), String(denial['description']));
}
